"""What the conditions of twelve official texts say, against what a person read in them before.

Typed conditions right as they stand, the paragraphs that are conditions, and no silent error.

`python -m benchmarks.structuring` prints the same condition by condition. A condition over facts that the dictionary
lacks counts as typed when its expression is right once those facts are accepted; the labels say what each fact is.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conformance.test_structuring import TEXTS, dictionary, needs_texts, texts
from zhida.domain.packs import Dictionary
from zhida.domain.rules import nodes
from zhida.domain.rules.language.reading import parse
from zhida.domain.values import CodeTree
from zhida.services.structuring import Structure, read_document, structure
from zhida.services.structuring.conditions import Condition
from zhida.services.structuring.plan import SURE

_LABELS = YAML(typ="safe").load((Path(__file__).parent / "structuring_conditions.yaml").read_text("utf-8"))
FACTS: dict[str, dict[str, str]] = _LABELS.pop("facts")
LABELS: dict[str, dict[str, dict[str, Any]]] = _LABELS
_REGIONS = {name: "440115" if name.startswith("ns-") else "440100" for name in LABELS}
_DIVISIONS = TEXTS.parent.parent / "reference"


@cache
def real_dictionary() -> Dictionary:
    """The dictionary of packs/ with the country's own divisions, as a real authority would have them."""
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    for file, digits, above in (("provinces", 2, ""), ("cities", 4, "provinceCode"), ("areas", 6, "cityCode")):
        with (_DIVISIONS / f"adcode_{file}.csv").open(encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                code = row["code"].ljust(6, "0")
                if code not in parents and len(row["code"]) == digits:
                    parents[code], names[code] = row[above].ljust(6, "0") if above else "", row["name"]
    own = dictionary()
    return replace(own, code_trees={**own.code_trees, "region": CodeTree("region", parents, names)})


@cache
def read(name: str) -> Structure:
    """A text as it is read by somebody who said which division it is of."""
    return structure(
        read_document(f"{name}.txt", texts()[name].encode()), real_dictionary(), region=_REGIONS.get(name, "440100")
    )


@dataclass(frozen=True)
class Found:
    """One condition as it was read: its clause, its words, whether it is the whole paragraph."""

    anchor: str
    words: str
    is_whole: bool
    condition: Condition

    @property
    def is_sure(self) -> bool:
        """Whether it is offered as certain."""
        return bool(self.condition.feel) and self.condition.confidence >= SURE


def found_in(name: str) -> list[Found]:
    """Every condition read in a text."""
    return [
        Found(
            reading.clause.anchor,
            passage.paragraph.text[each.start : each.end] if not passage.is_condition else passage.paragraph.text,
            passage.is_condition,
            each,
        )
        for reading in read(name).in_force()
        for passage in reading.passages
        for each in passage.conditions
    ]


def of_label(name: str, key: str) -> Found | None:
    """The condition that was read at a label's place."""
    anchor, _, words = key.partition("/")
    within = LABELS[name][key].get("within", "")
    there = [each for each in found_in(name) if each.anchor == anchor]
    if within:
        there = [each for each in there if _overlap(each.words, within) >= 0.8]
    elif words:
        there = [each for each in there if words in each.words]
    return there[0] if there else None


def _overlap(said: str, wanted: str) -> float:
    """How much of two runs of one text they share, by the longer one."""
    if said in wanted or wanted in said:
        return min(len(said), len(wanted)) / max(len(said), len(wanted))
    return 0.0


def canonical(feel: str, renamed: dict[str, str]) -> Any:
    """An expression so that two that say the same are equal: names as the labels have them, and/or without order."""
    return _canonical(parse(feel), renamed)


def _canonical(node: Any, renamed: dict[str, str]) -> Any:
    if isinstance(node, nodes.And | nodes.Or):
        return (type(node).__name__, frozenset(_flat(node, type(node), renamed)))
    if isinstance(node, nodes.Name):
        return renamed.get(node.name, node.name)
    if isinstance(node, nodes.Call):
        return ("call", renamed.get(node.name, node.name), *(_canonical(each, renamed) for each in node.arguments))
    if isinstance(node, nodes.Node):
        return (type(node).__name__, *(_canonical(getattr(node, key), renamed) for key in vars(node) if key != "at"))
    if isinstance(node, tuple):
        return tuple(_canonical(each, renamed) for each in node)
    return node


def _flat(node: Any, kind: type, renamed: dict[str, str]) -> Iterator[Any]:
    for each in (getattr(node, key) for key in vars(node) if key != "at"):
        for side in each if isinstance(each, tuple) else (each,):
            if isinstance(side, kind):
                yield from _flat(side, kind, renamed)
            else:
                yield _canonical(side, renamed)


def _renamed(condition: Condition) -> dict[str, str]:
    """New facts under the labels' names; one that no label knows keeps its own."""
    names = {}
    for fact in condition.new:
        for key, wanted in FACTS.items():
            fits = fact.kind == wanted["kind"] and fact.period == wanted.get("period", "none")
            if fits and re.fullmatch(wanted["words"], fact.words):
                names[fact.name] = key
                break
    return names


def is_right(label: dict[str, Any], found: Found) -> bool:
    """Whether a condition says what the label says, no more and no less; what is a person's is left to a person."""
    if not label["feel"]:
        return not found.condition.feel
    if not found.condition.feel or (label.get("left") and not found.condition.left):
        return False
    return bool(canonical(found.condition.feel, _renamed(found.condition)) == canonical(label["feel"], {}))


def outcome(name: str, key: str) -> str:
    """right, right_but_unsure, wrong_and_said_unsure, silent_error, not_found; of what only a person can tell: left."""
    label, found = LABELS[name][key], of_label(name, key)
    if found is None:
        return "not_found" if label["feel"] else "left_unseen"
    if is_right(label, found):
        return ("right" if found.is_sure else "right_but_unsure") if label["feel"] else "left"
    if found.is_sure:
        return "silent_error"
    return "wrong_and_said_unsure" if label["feel"] else "left"


def outcomes() -> Counter[str]:
    """How many of each over all texts; what was labelled only after reading is not among them."""
    return Counter(
        outcome(name, key) for name in LABELS for key, label in LABELS[name].items() if not label.get("late")
    )


def besides(name: str) -> list[Found]:
    """Conditions offered as certain where no label stands."""
    labelled = [of_label(name, key) for key in LABELS[name]]
    return [each for each in found_in(name) if each.is_sure and each not in labelled]


def spans() -> tuple[int, int, int]:
    """Whole paragraphs that are conditions: right, found, labelled."""
    found = Counter((name, each.anchor) for name in LABELS for each in found_in(name) if each.is_whole)
    wanted = Counter(
        (name, key.partition("/")[0]) for name in LABELS for key, label in LABELS[name].items() if "within" not in label
    )
    return (found & wanted).total(), found.total(), wanted.total()


@needs_texts
def test_no_condition_is_wrong_and_says_nothing() -> None:
    wrong = [(name, key) for name in LABELS for key in LABELS[name] if outcome(name, key) == "silent_error"]
    assert wrong == []
    assert [(name, each.anchor, each.condition.feel) for name in LABELS for each in besides(name)] == []


@needs_texts
def test_conditions_are_typed_right_as_they_stand() -> None:
    counted = outcomes()
    typed = [label for name in LABELS for label in LABELS[name].values() if label["feel"] and not label.get("late")]
    assert counted["right"] / len(typed) >= 0.6


@needs_texts
def test_the_paragraphs_that_are_conditions_are_found() -> None:
    right, found, wanted = spans()
    precision, recall = right / found, right / wanted
    assert 2 * precision * recall / (precision + recall) >= 0.85


@pytest.mark.parametrize("key", FACTS)
def test_every_labelled_fact_is_of_a_kind_that_the_language_has(key: str) -> None:
    assert FACTS[key]["kind"] in ("boolean", "number", "text", "date")
