"""What a refusal says in Chinese, by its code: the kernel tells refusals in English with a stable code.

Where the table lacks a code, a general sentence stands around the English, so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml import YAML

from zhida.surfaces.look.answers import CONFLICTS, REFUSED

TABLE = Path(__file__).resolve().parents[1] / "words" / "zh_refusals.yaml"
_ARROW = " → "


class Refusal(NamedTuple):
    """The words of a refusal, and who mends it how."""

    detail: str
    hint: str


@cache
def chinese() -> Mapping[str, str]:
    """By code what is so, and behind an arrow who mends it how."""
    return {**CONFLICTS, **REFUSED, **(YAML(typ="safe").load(TABLE) or {})}


def in_chinese(code: str, words: str, hint: str) -> Refusal:
    """A refusal that the kernel told in English with these words and this hint."""
    if code in chinese():
        detail, _, mends = chinese()[code].partition(_ARROW)
        return Refusal(detail, mends)
    return Refusal(f"这一步没有办成（{words}）" if words else "", hint)
