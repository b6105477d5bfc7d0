"""A plain walk over the tree of each item in Python: what most people would write first. No reasons are kept."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.screening.conditions import (
    Among,
    Both,
    Condition,
    Either,
    Flag,
    Growth,
    Holds,
    Not,
    Span,
    Within,
)
from benchmarks.screening.engine import Engine
from benchmarks.screening.judging import ENTITLED, NOT, POSSIBLE
from benchmarks.screening.peers.pairs import PairPeer
from benchmarks.screening.world import spoken

Walked = tuple[Any, ...]
_BOTH, _EITHER, _NOT, _SPAN, _AMONG, _WITHIN, _FLAG, _HOLDS, _GROWTH = range(9)


class Tree(PairPeer):
    """Conditions as nested tuples, walked for every pair; a false part ends a conjunction."""

    name = "tree walk in Python"
    version = platform.python_version()
    licence = "PSF-2.0"
    shape = "one thread, nested tuples, region first, three-valued, no reasons and no amounts"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.walked = [walked(case.whole) for case in self.world.cases]

    def answers(self, subject: Mapping[str, Any]) -> Sequence[int]:
        word = {True: ENTITLED, None: POSSIBLE, False: NOT}
        return [word[value(node, subject)] for node in self.walked]


def walked(condition: Condition) -> Walked:
    """A condition as nested tuples."""
    match condition:
        case Span(column, low, high):
            return (_SPAN, spoken(column), -(2**63) if low is None else low, 2**63 if high is None else high)
        case Among(column, codes):
            return (_AMONG, spoken(column), frozenset(codes))
        case Within(column, ranges, coarse):
            return (_WITHIN, spoken(column), ranges, frozenset(coarse))
        case Flag(column):
            return (_FLAG, spoken(column))
        case Holds(column, word):
            return (_HOLDS, spoken(column), word)
        case Growth(now, before, percent):
            return (_GROWTH, spoken(now), spoken(before), percent)
        case Not(part):
            return (_NOT, walked(part))
        case Both(parts):
            return (_BOTH, tuple(map(walked, parts)))
        case Either(parts):
            return (_EITHER, tuple(map(walked, parts)))


def value(node: Walked, facts: Mapping[str, Any]) -> bool | None:
    """True, False, or None for unknown."""
    kind = node[0]
    if kind <= _EITHER:
        stop, found = kind == _EITHER, kind != _EITHER
        unknown = False
        for part in node[1]:
            met = value(part, facts)
            if met is stop:
                return stop
            unknown = unknown or met is None
        return None if unknown else found
    if kind == _NOT:
        met = value(node[1], facts)
        return None if met is None else not met
    fact = facts[node[1]]
    return None if fact is None else _leaf(kind, node, fact, facts)


def _leaf(kind: int, node: Walked, fact: Any, facts: Mapping[str, Any]) -> bool | None:
    if kind == _FLAG:
        return bool(fact)
    if kind == _SPAN:
        return bool(node[2] <= fact <= node[3])
    if kind == _WITHIN:
        if any(low <= fact <= high for low, high in node[2]):
            return True
        return None if fact in node[3] else False
    if kind in (_AMONG, _HOLDS):
        return fact in node[2] if kind == _AMONG else node[2] in fact
    before = facts[node[2]]
    return None if before is None else bool(fact * 100 >= before * node[3])
