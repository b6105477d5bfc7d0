"""The unit that an author writes behind a figure, as in 500 万元 or 3 人."""

from __future__ import annotations

import re

ONE_YUAN = "1元"
"""A figure of the kind that sums are."""
YES_OR_NO = "是否"
"""What stands for a unit behind a question that is answered with yes or no: 自营（是否）."""
_UNITS = (
    (re.compile(r"[%％]$"), "", 4), (re.compile(r"[元万亿]$"), "fen", 0), (re.compile(r"[人名]$"), "persons", 0),
    (re.compile(r"(?:周岁|岁|年)$"), "years", 0), (re.compile(r"月$"), "months", 0),
    (re.compile(r"[天日]$"), "days", 0), (re.compile(r"[件个项台家户]$"), "pieces", 0),
    (re.compile(r"分$"), "points", 0),
)  # fmt: skip
_TAIL = re.compile(r"(?:元|人|名|周岁|岁|年|个?月|天|日|件|个|项|台|家|户|分)$")


def unit_behind(figure: str) -> tuple[str, int]:
    """The unit as the dictionary names it, and how many decimals the figure may have; "" and 0 where none stands."""
    return next(((unit, scale) for pattern, unit, scale in _UNITS if pattern.search(figure)), ("", 0))


def without_unit(figure: str) -> str:
    """The figure alone; what multiplies it (万, 亿, %) stays."""
    return _TAIL.sub("", figure)
