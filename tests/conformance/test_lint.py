"""Lint against planted defects: of a hundred drawn by seed at least ninety-five are told, each where it stands, and the
packs that come with Zhida give no alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from docs.lint import PAGE, page
from tests.conformance.lint_defects import KINDS, Defect, drawn
from zhida.domain.packs import Pack, Root, read_pack, split_root
from zhida.domain.packs.lint import CHECKS, Load, lint

PACKS = Path(__file__).parents[2] / "packs"
ON = date(2026, 6, 1)
SEED, PLANTED, SHARE = 20261122, 100, 0.95


@dataclass(frozen=True)
class Outcome:
    """Whether a planted defect was told where it stands, and all that was told: (code, file, line)."""

    found: bool
    told: tuple[tuple[str, str, int], ...]


@cache
def province_files() -> dict[str, str]:
    """The files that come with Zhida, as text."""
    paths = [path for path in sorted(PACKS.rglob("*")) if path.is_file()]
    return {path.relative_to(PACKS).as_posix(): path.read_text("utf-8") for path in paths}


@cache
def province() -> Root:
    """The sound root, which a changed pack is put into."""
    root, folders = split_root({name: text.encode() for name, text in province_files().items()})
    packs: dict[str, Pack] = {}
    for folder, own in folders.items():
        pack, problems = read_pack(folder, own, root)
        assert pack is not None, problems
        packs[folder] = pack
    return Root(root.dictionary, root.groups, packs, (), root.group_nodes)


def outcome(defect: Defect) -> Outcome:
    """Plants a defect, reads the pack again and looks."""
    files, whole = defect.planted(province_files()), province()
    inside = f"{defect.pack}/"
    own = {name.removeprefix(inside): text.encode() for name, text in files.items() if name.startswith(inside)}
    pack, problems = read_pack(defect.pack, own, whole)
    told = [(problem.code, problem.file, problem.line) for problem in problems]
    if pack is not None:
        root = Root(whole.dictionary, whole.groups, {**whole.packs, defect.pack: pack}, (), whole.group_nodes)
        report = lint(root, [defect.pack], on=ON, load=Load(defect.entitled, defect.budgets))
        told += [(each.code, each.file, each.line) for each in report.findings]
    wanted = [line for code, file, line in told if (code, file) == (defect.code, defect.file)]
    is_there = defect.line in wanted or (not defect.line and bool(wanted))
    return Outcome(is_there and (pack is None) == defect.by_check, tuple(told))


def test_the_packs_that_come_with_zhida_give_no_alarm() -> None:
    report = lint(province(), on=ON)
    assert (report.findings, report.has_solver, report.unsure) == ((), True, 0)


@cache
def outcomes() -> tuple[tuple[Defect, Outcome], ...]:
    """Each defect that the seed draws, planted and looked for."""
    return tuple((each, outcome(each)) for each in drawn(province_files(), SEED))


def test_ninety_five_of_a_hundred_planted_defects_are_told() -> None:
    missed = [(each.code, each.pack, each.edits) for each, found in outcomes() if not found.found]
    assert len(outcomes()) >= PLANTED
    assert len(missed) <= (1 - SHARE) * len(outcomes()), missed


def test_every_kind_of_defect_has_room_in_the_packs() -> None:
    kinds = {defect.code for sites, _ in KINDS for defect in sites(province_files())}
    assert all([*sites(province_files())] for sites, _ in KINDS)
    assert len(kinds & CHECKS.keys()) >= 30


def test_the_page_tells_every_check_and_these_figures() -> None:
    found = sum(each.found for _, each in outcomes())
    assert PAGE.read_text("utf-8") == page(len(outcomes()), found), (
        f"run: python -m docs.lint {len(outcomes())} {found}"
    )
