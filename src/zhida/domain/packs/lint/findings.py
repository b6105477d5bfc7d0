"""What lint tells: one finding with its place, its words in both languages, and who can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhida.domain.packs.source.nodes import Spot
from zhida.domain.rules import Node, Place


class Mender(StrEnum):
    """Who can mend what was found."""

    AUTHOR = "author"
    DICTIONARY = "dictionary"
    BUDGET = "budget"


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong or doubtful though the pack is sound: file, line and column (from 1), a stable code, the
    words in Chinese and English, the item or rule concerned, and for findings of `zhida pack check` its hint; `names`
    are the requirements that exclude each other."""

    file: str
    line: int
    column: int
    code: str
    zh: str
    en: str
    about: str = ""
    clause: str = ""
    hint: str = ""
    names: tuple[str, ...] = ()


def at_place(place: Place, node: Node | None, code: str, zh: str, en: str, about: str = "") -> Finding:
    """A finding where a node of an expression stands; where the expression begins for None."""
    if node is None:
        return Finding(place.file, place.line, place.column, code, zh, en, about, place.clause)
    told = place.problem(node.at, code, en)
    return Finding(told.file, told.line, told.column, code, zh, en, about, place.clause)


def at_spot(spot: Any, code: str, zh: str, en: str, about: str = "", clause: str = "") -> Finding:
    """A finding at a place of a YAML file or of the text."""
    where: Spot = spot
    return Finding(where.file, where.line, where.column, code, zh, en, about, clause)
