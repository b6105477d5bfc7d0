"""Every pack that comes with Zhida is sound, its golden cases hold, its edges are tested, and payers are gold-ready."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pytest

from tests.golden.province import province
from zhida.domain.packs import (
    BenefitKind,
    Claim,
    ReplayEvidence,
    TierName,
    read_revision,
    revision_of,
    run_golden,
    run_mutants,
    tier_of,
)
from zhida.domain.packs.checks.wording import missing_words
from zhida.domain.packs.phrases import reason_words
from zhida.domain.rules import Met
from zhida.domain.values import SubjectKind

PACKS = sorted(province().packs)


def test_the_province_is_sound_and_wide() -> None:
    root = province()
    assert root.problems == ()
    assert len(PACKS) >= 12
    items = [item for pack in root.packs.values() for item in pack.items.values()]
    assert {item.audience for item in items} == set(SubjectKind)
    assert {item.claim for item in items} == set(Claim)
    assert {item.benefit.kind for item in items} == set(BenefitKind)
    assert any(item.for_each for item in items)
    assert any(item.counts for item in items)
    assert any(item.quota for item in items)
    assert any(item.schedule for item in items)
    assert any(item.group for item in items)
    assert root.groups


def test_nobody_meets_a_code_or_a_slug() -> None:
    """Every listed value of the dictionary, every region and every budget line has words in both languages."""
    dictionary = province().dictionary
    listed = {name: attribute.fact.values for name, attribute in dictionary.attributes.items()}
    for relation in (entry.relation for entry in dictionary.relations.values()):
        listed |= {f"{relation.singular}.{field.name}": field.values for field in relation.fields.values()}
    wordless = [
        (fact, value)
        for fact, values in listed.items()
        for value in values
        if {"zh", "en"} != set(dictionary.value_words.get(fact, {}).get(value, ()))
    ]
    assert wordless == []
    regions = dictionary.code_trees["region"]
    assert set(regions.names) == set(regions.english)
    assert {name for name, line in dictionary.budget_lines.items() if {"zh", "en"} != set(line.words)} == set()


@pytest.mark.parametrize("name", PACKS)
def test_golden_cases_hold(name: str) -> None:
    report = run_golden(province().packs[name])
    assert {result.case.name: result.differences for result in report.failed} == {}
    assert report.passed


@pytest.mark.parametrize("name", PACKS)
def test_every_edge_has_a_case(name: str) -> None:
    assert [str(mutant.problem) for mutant in run_mutants(province().packs[name]).survived] == []


@pytest.mark.parametrize("name", PACKS)
def test_the_tier_is_silver_and_gold_once_replayed_where_it_pays_alone(name: str) -> None:
    root = province()
    pack = root.packs[name]
    assert tier_of(root, pack).tier is TierName.SILVER
    if any(item.claim is not Claim.APPLIED for item in pack.items.values()):
        assert tier_of(root, pack, replayed=ReplayEvidence(100, 100)).tier is TierName.GOLD


@pytest.mark.parametrize("name", PACKS)
def test_both_languages_are_complete(name: str) -> None:
    assert [missing_words(province().packs[name], lang) for lang in ("zh", "en")] == [(), ()]


@pytest.mark.parametrize("name", PACKS)
def test_english_says_everything_that_chinese_says(name: str) -> None:
    zh, en = (dict(_said(asdict(province().packs[name].words[lang]))) for lang in ("zh", "en"))
    assert {path for path, words in zh.items() if words} == {path for path, words in en.items() if words}
    assert [words for words in en.values() if re.search(r"[\u3400-\u9fff]", words)] == []


def _said(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    for key, below in node.items() if isinstance(node, Mapping) else enumerate(node):
        if isinstance(below, str):
            yield f"{path}/{key}", below
        elif isinstance(below, Mapping | tuple | list):
            yield from _said(below, f"{path}/{key}")


@pytest.mark.parametrize("name", PACKS)
def test_every_reason_of_every_case_has_words(name: str) -> None:
    pack = province().packs[name]
    for result in run_golden(pack).results:
        assert result.actual is not None
        assessments = [result.actual, *(below for _, below in result.actual.each)]
        for reason in (reason for assessment in assessments for reason in assessment.reasons):
            for lang in ("zh", "en"):
                words = reason_words(pack, reason, lang, as_of=result.case.as_of)
                assert words != reason.requirement or reason.kind == "relation"
                assert "{" not in words
                if reason.answer is Met.MET and not reason.alternatives:
                    assert "未知" not in words


@pytest.mark.parametrize("name", PACKS)
def test_a_revision_reads_back(name: str) -> None:
    root = province()
    made = revision_of(root, root.packs[name])
    assert read_revision(made.files).hash == made.hash == root.packs[name].hash
