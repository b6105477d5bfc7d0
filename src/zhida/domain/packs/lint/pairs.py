"""Two items that give the same people the same, or the same people different sums. Decided by the solver, and only for
items that read the same facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

from zhida.domain.packs.items import Item
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.findings import Finding, at_spot
from zhida.domain.packs.lint.places import spot_of
from zhida.domain.packs.lint.solving import Can, Solver
from zhida.domain.packs.root import Root


def pair_findings(root: Root, only: Iterable[str], z3: Any) -> Iterator[Finding]:
    """Every pair of paying items of which at least one is in the packs named; told at the later one of the two."""
    named = {*only}
    items = [item for pack in root.packs.values() for item in pack.items.values() if item.pays]
    for one, other in combinations(items, 2):
        if {one.pack, other.pack} & named and _are_comparable(one, other):
            yield from _compared(root, one, other, z3)


def _are_comparable(one: Item, other: Item) -> bool:
    """Whether the same subjects may meet the same conditions: the same facts read of the same kind of subject, in
    regions of which one lies in the other, and no stacking group that sees to it."""
    if one.audience is not other.audience or one.reads != other.reads or (one.group and one.group == other.group):
        return False
    computed = any(requirement.kind == "computed" for requirement in one.program.requires)
    same_rulings = _ruled(one) == _ruled(other) and one.for_each == other.for_each
    tree = one.program.schema.code_trees.get("region")
    regions = (one.program.region, other.program.region)
    apart = tree is not None and tree.within(*regions) is False and tree.within(*reversed(regions)) is False
    return computed and same_rulings and not apart


def _ruled(item: Item) -> set[str]:
    return {each.name for each in item.program.requires if each.kind in ("evidenced", "judged")}


def _compared(root: Root, one: Item, other: Item, z3: Any) -> Iterator[Finding]:
    solver = Solver(z3)
    first, second = Conditions(one, solver, "1 "), Conditions(other, solver, "2 ")
    if solver.can(first.entitled, second.entitled) is not Can.YES:
        return
    alike = first.never(first.entitled, z3.Not(second.entitled)) and first.never(
        second.entitled, z3.Not(first.entitled)
    )
    if not alike or one.program.amount is None or other.program.amount is None:
        return
    given = first.terms.term(one.program.amount), second.terms.term(other.program.amount)
    spot = spot_of(root.packs[other.pack], "items.yaml", other.name)
    if first.never(first.entitled, given[0] != given[1]):
        zh = f"{other.id} 与 {one.id} 条件相同、金额相同，同样的人会领两次"
        en = f"{other.id} gives the same people the same as {one.id}: they would be paid twice"
        yield at_spot(spot, "duplicate_item", zh, en, other.name)
    elif one.pack == other.pack and first.never(first.entitled, given[0] == given[1]):
        zh = f"{other.id} 与 {one.id} 条件相同，金额却总是不同"
        en = f"{other.id} asks what {one.id} asks, and always gives another sum"
        yield at_spot(spot, "contradicting_items", zh, en, other.name)
