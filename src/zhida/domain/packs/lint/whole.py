"""Every check of lint over the packs of a root: one report, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from zhida.domain.packs.lint.amounts import Amounts
from zhida.domain.packs.lint.bands import band_findings
from zhida.domain.packs.lint.budgets import Load, budget_findings, fixed_fen, quota_findings
from zhida.domain.packs.lint.conditions import Conditions
from zhida.domain.packs.lint.dates import date_findings
from zhida.domain.packs.lint.findings import Finding
from zhida.domain.packs.lint.pairs import pair_findings
from zhida.domain.packs.lint.solving import Can, Solver, z3_or_none
from zhida.domain.packs.lint.sources import source_findings, unused_attributes
from zhida.domain.packs.lint.texts import Texts
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.root import Root

NO_LOAD = Load()


@dataclass(frozen=True)
class LintReport:
    """What was found, sorted by place; whether the solver could be asked at all, and how many of its questions were too
    hard for it, so that nothing is told of them."""

    findings: tuple[Finding, ...]
    has_solver: bool
    unsure: int


def lint(
    root: Root, only: Iterable[str] = (), *, on: date, load: Load = NO_LOAD, dictionary: bool = False
) -> LintReport:
    """Looks for what is wrong or doubtful in sound packs of a root (all, or those named). `on` is the day for what has
    run out, `load` what is known of those entitled and of budgets; with `dictionary`, attributes that nothing reads are
    told too. Nothing is told twice."""
    packs = [root.packs[name] for name in only or root.packs]
    z3 = z3_or_none()
    found: list[Finding] = [*unused_attributes(root)] if dictionary else []
    unsure = 0
    for pack in packs:
        found.extend(_without_solver(pack, root, on))
        fixed: dict[str, int] = {}
        for item in pack.items.values():
            conditions = Conditions(item, Solver(z3)) if z3 is not None else None
            found.extend(quota_findings(pack, item, conditions))
            if conditions is not None:
                found.extend(_with_solver(pack, root, conditions))
                unsure += conditions.solver.unsure
                sum_fen = fixed_fen(conditions) if item.id in load.entitled else None
                fixed |= {item.name: sum_fen} if sum_fen is not None else {}
        found.extend(budget_findings(pack, load, fixed))
    if z3 is not None:
        found.extend(pair_findings(root, [pack.id for pack in packs], z3))
    return LintReport(tuple(sorted(set(found))), z3 is not None, unsure)


def _without_solver(pack: Pack, root: Root, on: date) -> Iterator[Finding]:
    yield from date_findings(pack, root, on)
    yield from source_findings(pack, root)
    yield from band_findings(pack)
    yield from Texts(pack).findings()


def _with_solver(pack: Pack, root: Root, conditions: Conditions) -> Iterator[Finding]:
    yield from conditions.findings()
    if conditions.solver.can(conditions.entitled) is not Can.NO:
        group = root.groups.get(conditions.item.group)
        yield from Amounts(pack, conditions, group).findings()
