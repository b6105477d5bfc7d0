"""Checks of lint on the small pack with one thing changed: above all, what must not be told."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.packs.lint import CHECKS, hint_of, lint, whole

ON = date(2026, 6, 1)
LARGE = "heated_area(year - 1) >= 100"


def codes(files: dict[str, bytes]) -> list[str]:
    return [each.code for each in lint(root_of(files), on=ON).findings]


def test_the_small_pack_gives_nothing_to_tell() -> None:
    report = lint(root_of(files_with()), [PACK], on=ON)
    assert (report.findings, report.has_solver, report.unsure) == ((), True, 0)


def test_every_check_says_who_can_mend_it() -> None:
    assert all(hint_of(code, "en").count(": ") >= 1 and "：" in hint_of(code, "zh") for code in CHECKS)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (f"{LARGE} or listed", []),
        (f"{LARGE} and (listed or not(listed))", ["adds_nothing"]),
        (f'{LARGE} and fuel != "gas" and fuel != "coal" and fuel != "wood"', ["never_true"]),
        (f"if listed then {LARGE} else heated_area(year - 1) >= 100", []),
        (f"{LARGE} and heated_area(year - 1) > 99.5", ["adds_nothing"]),
        (f"{LARGE} and heated_area(year - 1) * 0.5 < 50", ["never_true"]),
        (f'{LARGE} and as_of >= date("2026-01-01")', ["adds_nothing"]),
        (f'{LARGE} and within(place, "101")', []),
        ("heated_area(year - 1) >= 100 and heated_area(year - 2) < 100", []),
        (f"{LARGE} and some b in boilers satisfies b.power > 100 and b.power < 100", ["never_true"]),
        (
            f"{LARGE} and some b in boilers satisfies b.power > 100 and b.power > 50",
            ["adds_nothing"],
        ),
        (f"{LARGE} and count(boilers[power > 100 and power < 100]) > 0", ["never_true"]),
        (f"{LARGE} and every b in boilers satisfies b.power >= 0", ["adds_nothing"]),
    ],
)
def test_conditions(condition: str, told: list[str]) -> None:
    files = edited("rules.yaml", f"when: {LARGE}", f"when: '{condition}'")
    assert [code for code in codes(files) if code != "figure_not_in_text"] == told


def test_an_unknown_fact_makes_no_condition_never_true_or_always_true() -> None:
    """`listed` may be unknown; the condition is met by whoever is listed, and refuses whoever is not."""
    assert codes(edited("rules.yaml", f"when: {LARGE}", f"when: {LARGE} and listed")) == []


def test_a_figure_that_two_comparisons_share_is_held_against_the_text_once() -> None:
    grown = "heated_area(year - 1) >= 100 and heated_area(year - 2) < 100"
    assert codes(edited("rules.yaml", f"when: {LARGE}", f"when: {grown}")) == []
    assert codes(edited("rules.yaml", f"when: {LARGE}", "when: heated_area(year - 1) < 100")) == ["bound_against_text"]
    assert codes(edited("rules.yaml", f"when: {LARGE}", "when: heated_area(year - 1) >= 90")) == ["figure_not_in_text"]


def test_a_guard_of_a_division_is_no_part_that_adds_nothing() -> None:
    ratio = "heated_area(year - 2) > 0 and heated_area(year - 1) / heated_area(year - 2) >= 100"
    assert codes(edited("rules.yaml", f"when: {LARGE}", f"when: {ratio}")) == []


def test_without_a_solver_the_other_checks_run_and_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "z3_or_none", lambda: None)
    report = lint(root_of(edited("rules.yaml", LARGE, f"{LARGE} and heated_area(year - 1) < 7")), on=ON)
    assert (report.has_solver, [each.code for each in report.findings]) == (False, ["figure_not_in_text"])


def test_the_same_pack_gets_the_same_findings() -> None:
    files = edited("rules.yaml", LARGE, f"{LARGE} and heated_area(year - 1) > 5")
    assert lint(root_of(files), on=ON) == lint(root_of(files), on=ON)
