"""The issued text as clauses: each has an anchor by which rules, items and steps cite it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """One clause: its anchor, the number it carries in print (第三条, （一）), its heading and its words untouched."""

    anchor: str
    number: str
    heading: str
    text: str
    line: int
