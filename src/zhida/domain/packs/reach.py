"""Whom a change of rules reaches: does a new version ask less of people than the old one, more, the same, or otherwise?

Decided by the solver (ADR 11) over all subjects whose facts are known, on days when both versions are in force by the
later one's dates. Where it cannot tell, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.solving import Can, Solver, z3_or_none
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Node, Requirement


class Reach(StrEnum):
    """How a new condition lies to the old one."""

    WIDER = "wider"
    NARROWER = "narrower"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True)
class ReachChange:
    """One requirement of an item, or all of them together ("" for the name), and how its reach changed; words in both
    languages."""

    item: str
    requirement: str
    reach: Reach
    words: Mapping[str, str]


def reach_changes(old: Pack, new: Pack) -> tuple[ReachChange, ...]:
    """How the reach of each requirement changed, by its own words or by an amount or parameter that it reads, and of
    each item of several; empty without a solver. A requirement written otherwise that means the same is told too."""
    z3 = z3_or_none()
    if z3 is None:
        return ()
    shared = [name for name in new.items if name in old.items]
    return tuple(change for name in shared for change in _of_item(old.items[name], new.items[name], z3))


def _of_item(old: Item, new: Item, z3: Any) -> Iterator[ReachChange]:
    solver = Solver(z3)
    before, after = Conditions(_on_days_of(old, new), solver, "old "), Conditions(new, solver, "new ")
    is_other = before.met.keys() != after.met.keys()
    for name in (name for name in after.met if name in before.met):
        reach = _compared(solver, before.met[name], after.met[name])
        is_rewritten = _written(before.requirements[name]) != _written(after.requirements[name])
        is_other = is_other or is_rewritten or reach is not Reach.SAME
        if reach is not None and (is_rewritten or reach is not Reach.SAME):
            yield _told(new.name, name, reach)
    is_other = is_other and len({*before.met, *after.met}) > 1
    together = _compared(solver, before.entitled, after.entitled) if is_other else None
    if together is not None:
        yield _told(new.name, "", together)


def _written(requirement: Requirement) -> list[Node]:
    return [each.when for each in requirement.alternatives]


def _on_days_of(old: Item, new: Item) -> Item:
    """The old rules on the new version's days and in its region, so that only the conditions differ."""
    program = replace(old.program, valid=new.program.valid, window=new.program.window, region=new.program.region)
    return replace(old, program=program)


def _compared(solver: Solver, old: Any, new: Any) -> Reach | None:
    gains, losses = solver.can(new, solver.z3.Not(old)), solver.can(old, solver.z3.Not(new))
    if Can.UNSURE in (gains, losses):
        return None
    if gains is Can.NO:
        return Reach.SAME if losses is Can.NO else Reach.NARROWER
    return Reach.WIDER if losses is Can.NO else Reach.OTHER


_WORDS = {
    Reach.WIDER: ("放宽：原来符合的都仍符合，另有人新符合", "asks less: whoever met it still does, and others now do"),
    Reach.NARROWER: ("收紧：有人不再符合，没有人新符合", "asks more: some no longer meet it, and nobody new does"),
    Reach.SAME: ("写法变了，意思没变", "is written otherwise and means the same"),
    Reach.OTHER: ("有人新符合，也有人不再符合", "is met by some who did not meet it, and no longer by others"),
}


def _told(item: str, requirement: str, reach: Reach) -> ReachChange:
    zh, en = _WORDS[reach]
    heads = (f"条件 {requirement}", requirement) if requirement else (f"事项 {item} 的条件合起来", f"all of {item}")
    return ReachChange(item, requirement, reach, {"zh": f"{heads[0]}{zh}", "en": f"{heads[1]} {en}"})
