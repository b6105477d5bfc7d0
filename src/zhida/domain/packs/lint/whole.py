"""Every check of lint over the packs of a root: one report, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.domain.packs.lint.amounts import Amounts
from zhida.domain.packs.lint.bands import band_findings
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.dates import date_findings
from zhida.domain.packs.lint.findings import Finding
from zhida.domain.packs.lint.solving import Can, z3_or_none
from zhida.domain.packs.lint.sources import source_findings
from zhida.domain.packs.lint.texts import Texts
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.root import Root


@dataclass(frozen=True)
class LintReport:
    """What was found, sorted by place; whether the solver could be asked at all, and how many of its questions were too
    hard for it, so that nothing is told of them."""

    findings: tuple[Finding, ...]
    has_solver: bool
    unsure: int


def lint(root: Root, only: Iterable[str] = (), *, on: date) -> LintReport:
    """Looks for what is wrong or doubtful in sound packs of a root (all, or those named). `on` is the day for what has
    run out; nothing is told twice."""
    packs = [root.packs[name] for name in only or root.packs]
    z3 = z3_or_none()
    found: list[Finding] = []
    unsure = 0
    for pack in packs:
        found.extend(_without_solver(pack, root, on))
        for item in pack.items.values() if z3 is not None else ():
            conditions = Conditions(item, z3)
            found.extend(_with_solver(pack, root, conditions))
            unsure += conditions.solver.unsure
    return LintReport(tuple(sorted(set(found))), z3 is not None, unsure)


def _without_solver(pack: Pack, root: Root, on: date) -> Iterator[Finding]:
    yield from date_findings(pack, root, on)
    yield from source_findings(pack, root)
    yield from band_findings(pack)
    yield from Texts(pack).findings()


def _with_solver(pack: Pack, root: Root, conditions: Any) -> Iterator[Finding]:
    yield from conditions.findings()
    if conditions.solver.can(conditions.entitled) is not Can.NO:
        group = root.groups.get(conditions.item.group)
        yield from Amounts(pack, conditions, group).findings()
