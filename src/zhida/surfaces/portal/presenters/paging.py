"""A long group of answers page by page: only what is shown is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TypeVar
from urllib.parse import urlencode

from zhida.surfaces.look.parts import Page

T = TypeVar("T")
AT_ONCE = 20
_DIGITS = 6


def page_of(found: Sequence[T], name: str, query: Mapping[str, str], at_once: int = 0) -> tuple[Sequence[T], Page]:
    """Those of a group that the address asks for, and the ways back and on. `name` is the field of the address that
    numbers the group's pages, and the place of the group on the page."""
    at_once = at_once or AT_ONCE
    count = max(1, ceil(len(found) / at_once))
    written = query.get(name, "")[:_DIGITS]
    number = min(max(1, int(written)), count) if written.isdecimal() else 1

    def link(other: int) -> str:
        return f"?{urlencode({**query, name: other})}#{name}" if 1 <= other <= count else ""

    return found[(number - 1) * at_once : number * at_once], Page(number, count, link(number - 1), link(number + 1))
