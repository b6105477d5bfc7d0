"""Golden cases are run and told apart: what came out, and each point where it is not what was expected."""

from __future__ import annotations

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of, small_pack
from zhida.domain.packs import run_golden, run_mutants
from zhida.domain.packs.golden import with_own_past
from zhida.domain.rules import RelationType, Schema
from zhida.domain.values import FactKey, Facts


def failing(old: str, new: str) -> list[str]:
    report = run_golden(root_of(edited("golden/firms.yaml", old, new)).packs[PACK])
    assert not report.passed
    return [words for result in report.failed for words in result.differences]


def test_cases_that_hold() -> None:
    report = run_golden(small_pack())
    assert report.passed
    assert len(report.results) == 5


def test_a_pack_without_cases_has_not_passed() -> None:
    report = run_golden(root_of(files_with({"golden/firms.yaml": None})).packs[PACK])
    assert not report.passed
    assert report.results == ()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{answer: not, because: [large]}", "{answer: entitled}", "answer not, expected entitled"),
        ("{answer: not, because: [large]}", "{answer: not, because: []}", "because [large], expected []"),
        ("amount_fen: 20000, missing: []", "amount_fen: 20001", "amount_fen 20000, expected 20001"),
        ("amount: unknown", "amount: known", "amount unknown, expected known"),
        ("missing: [heated_area]", "missing: [fuel]", "missing [heated_area@2025], expected [fuel]"),
        ("missing: [heated_area]", "missing: ['heated_area@2024']",
         "missing [heated_area@2025], expected [heated_area@2024]"),
        ("amount_fen: 20000, missing: []", "each: {'0': {answer: not}}", "each 0: no such record"),
    ],
)  # fmt: skip
def test_differences_are_told(old: str, new: str, words: str) -> None:
    assert words in failing(old, new)


def test_unknown_takes_a_default_away() -> None:
    files = edited("golden/firms.yaml", "- name: unknown\n", "- name: unknown\n    facts: {fuel: unknown}\n")
    pack = root_of(files).packs[PACK]
    unknown = pack.golden[-1]
    assert FactKey("fuel") not in set(unknown.facts)


def test_the_own_past_is_empty_outside_the_platform() -> None:
    schema = Schema(relations={"grants": RelationType("grants", "grant", {})})
    key = FactKey("grants")
    assert with_own_past(Facts(), schema).known[key].value == ()
    told = Facts.of({"grants": ({"item": "x"},)})
    assert with_own_past(told, schema) is told
    assert len(with_own_past(Facts(), Schema())) == 0


def test_every_mutant_of_the_small_pack_is_noticed() -> None:
    report = run_mutants(small_pack())
    assert report.survived == ()
    assert report.killed >= 10


def test_an_edge_without_a_case_lets_mutants_live() -> None:
    files = edited("golden/firms.yaml", "{heated_area: 99}", "{heated_area: 50}")
    (survivor,) = run_mutants(root_of(files).packs[PACK]).survived
    assert (survivor.before, survivor.after) == ("100", "99")
    problem = survivor.problem
    assert (problem.file, problem.line, problem.code) == (f"{PACK}/rules.yaml", 2, "mutant_survived")
    assert problem.clause == "a2"


def test_a_change_that_the_checker_refuses_counts_as_noticed() -> None:
    files = edited("golden/firms.yaml", "facts: {fuel: wood}", "facts: {fuel: coal}")
    assert run_mutants(root_of(files).packs[PACK]).survived == ()
