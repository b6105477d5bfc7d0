"""Phrases that people say find the fact that they mean, counted on those that nothing was tuned on; none silently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from zhida.domain.packs import Dictionary, read_root
from zhida.domain.values import SubjectKind
from zhida.services.structuring import attributes_like
from zhida.services.structuring.facts import Facts, Said
from zhida.services.structuring.plan import SURE
from zhida.surfaces.cli.folders import read_files

_HERE = Path(__file__).parent
_ROOTS = {"packs": _HERE.parents[1] / "packs", "policies": _HERE / "policies"}
LABELS = YAML(typ="safe").load((_HERE / "facts_by_meaning.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Phrase:
    """What somebody says of a kind of subject, and the fact meant, "" where the dictionary has none."""

    words: str
    root: str
    audience: SubjectKind
    fact: str


@cache
def dictionary(root: str) -> Dictionary:
    """The dictionary of a pack root."""
    shared = {name: data for name, data in read_files(_ROOTS[root]).items() if name.startswith(("_attr", "_groups"))}
    return read_root(shared).dictionary


def phrases(half: str) -> Iterator[Phrase]:
    """The labelled phrases of a half, tune or kept."""
    for root, audiences in LABELS[half].items():
        for audience, facts in audiences.items():
            for fact, said in facts.items():
                yield from (Phrase(each, root, SubjectKind(audience), fact.replace("none", "")) for each in said)


def found(phrase: Phrase) -> list[str]:
    """The facts offered for a phrase, the likeliest first."""
    return [one.name for one in attributes_like(phrase.words, dictionary(phrase.root), phrase.audience)]


def hits(half: str, most: int) -> tuple[int, int]:
    """For how many phrases the fact meant is among the first ones offered, and of how many."""
    meant = [each for each in phrases(half) if each.fact]
    return sum(each.fact in found(each)[:most] for each in meant), len(meant)


def certain(phrase: Phrase) -> set[str]:
    """The facts of the dictionary that a draft takes for a phrase without saying that it is unsure."""
    known = dictionary(phrase.root)
    facts = Facts(known, phrase.audience)
    said: list[Said] = [facts.of_yes(phrase.words), facts.of_date(phrase.words)]
    said += [facts.of_number(phrase.words, unit, "last_year") for unit in ("", "元", "人", "个月", "件", "周岁")]
    return {each.attribute.name for each in said if each.attribute and each.confidence >= SURE}


@pytest.mark.parametrize("half", LABELS)
def test_every_labelled_fact_stands_in_its_dictionary(half: str) -> None:
    assert [one for one in phrases(half) if one.fact and one.fact not in dictionary(one.root).attributes] == []


def test_phrases_that_nothing_was_tuned_on_find_their_fact() -> None:
    first, count = hits("kept", 1)
    assert first / count >= 0.75
    assert hits("kept", 5)[0] / count >= 0.95


def test_no_phrase_is_taken_for_a_fact_that_it_does_not_mean() -> None:
    wrong = {one.words: certain(one) for half in LABELS for one in phrases(half) if certain(one) - {one.fact}}
    assert wrong == {}
