"""Examples for the edges that no golden case shows: made from the rules, named, and true when they are run."""

from __future__ import annotations

import pytest

from tests.golden.province import province
from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.packs import Root, run_golden
from zhida.domain.packs.example_files import ACCEPTED, accepted, blocks_in, write_examples
from zhida.domain.packs.examples import Coverage, coverage_of

JUDGED = "{kind: judged, cites: [a2]}"


def covered(root: Root) -> Coverage:
    return coverage_of(root.packs[PACK], root.packs[PACK].items["grant"], root.dictionary)


def told(found: Coverage) -> dict[str, str]:
    return {each.goal.told: each.case.expected["grant"].answer for each in found.proposed}


def test_what_golden_cases_show_is_not_proposed_again() -> None:
    found = covered(root_of(files_with()))
    assert {goal.told for goal in found.shown} == {
        "large: refused",
        "large: heated_area(year - 1) = 100",
        "large: heated_area(year - 1) just below 100",
        "heated_area: unknown",
    }
    assert told(found) == {
        "large: heated_area(year - 1) just above 100": "entitled",
        "place: unknown": "possible",
        "fuel: unknown": "entitled",
    }
    assert found.left == ()


def test_a_pack_without_cases_gets_its_first_ones_from_the_solver() -> None:
    found = covered(root_of(files_with({"golden/firms.yaml": None})))
    assert found.shown == ()
    assert told(found)["large: heated_area(year - 1) just below 100"] == "not"
    assert told(found)["large: refused"] == "not"
    assert found.left == ()
    assert len({each.case.name for each in found.proposed}) == len(found.proposed)


def test_an_item_that_only_people_judge_gets_somebody_entitled() -> None:
    """Nothing is compared there, so that no edge shows anybody who meets it all."""
    files = edited("rules.yaml", "{kind: computed, when: heated_area(year - 1) >= 100, cites: [a2]}", JUDGED)
    files[f"{PACK}/items.yaml"] = files[f"{PACK}/items.yaml"].replace(b"claim: automatic", b"claim: applied")
    files[f"{PACK}/words/zh.yaml"] = files[f"{PACK}/words/zh.yaml"].replace(b" {heated_area} ", b"")
    del files[f"{PACK}/golden/firms.yaml"]
    root = root_of(files)
    found = told(covered(root))
    assert found["grant: entitled"] == "entitled"


def test_accepted_examples_are_golden_cases_that_hold() -> None:
    files = files_with({"golden/firms.yaml": None})
    text = write_examples(covered(root_of(files)).proposed)
    count = len(blocks_in(text))
    rest, golden = accepted(text, "", range(1, count))
    assert len(blocks_in(rest)) == 1
    nothing, golden = accepted(rest, golden, [1])
    assert nothing == ""
    report = run_golden(root_of({**files, f"{PACK}/{ACCEPTED}": golden.encode()}).packs[PACK])
    assert (len(report.results), report.failed) == (count, ())


def test_a_rule_that_changes_after_acceptance_fails_its_cases() -> None:
    text = write_examples(covered(root_of(files_with())).proposed)
    changed = edited("rules.yaml", ">= 100", ">= 102") | {f"{PACK}/{ACCEPTED}": text.encode()}
    assert [result.case.name for result in run_golden(root_of(changed).packs[PACK]).failed]


@pytest.mark.parametrize(
    ("pack_id", "edge"),
    [
        ("mingzhou/age-allowance", "monthly_fen: age just below 100"),
        ("yunze/points-settlement", "young_enough: age just below 45"),
        ("mingzhou/job-retention-refund", "layoffs_low: layoff_rate(year - 1) just below 0.20"),
        ("mingzhou/living-support", "no_car: cars_owned just above 0"),
    ],
)
def test_ages_rates_and_counts_are_brought_to_their_edges(pack_id: str, edge: str) -> None:
    root = province()
    (item,) = root.packs[pack_id].items.values()
    found = coverage_of(root.packs[pack_id], item, root.dictionary)
    assert edge in {goal.told for goal in (*found.shown, *(each.goal for each in found.proposed))}
