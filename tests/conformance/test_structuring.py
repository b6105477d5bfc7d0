"""Twelve official texts read, against what a person read in them before: clauses, head, dates, sums and their places.

The figures of docs/explanation/structuring.md come from here: `python -m benchmarks.structuring` prints them. The texts
are not part of the project; where they are absent the tests skip. The labels are facts and stand beside.
"""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zhida.domain.packs import Dictionary, read_root
from zhida.services.structuring import Structure, draft_pack, read_document, structure
from zhida.services.structuring.plan import SURE
from zhida.surfaces.cli.folders import read_files

ROOT = Path(__file__).resolve().parent.parent.parent
TEXTS = ROOT.parent / "shared" / "data" / "policies" / "official_texts.jsonl"
LABELS = YAML(typ="safe").load((Path(__file__).parent / "structuring_labels.yaml").read_text("utf-8"))
SUMS = YAML(typ="safe").load((Path(__file__).parent / "structuring_sums.yaml").read_text("utf-8"))
ROLES = {"f": "fixed", "u": "per_unit", "c": "cap", "t": "threshold", "b": "band", "o": "other"}
_SUM = re.compile(r"([\d.]+)([futcbo])(USD)?")

needs_texts = pytest.mark.skipif(
    not TEXTS.exists(), reason=f"no {TEXTS}: the official texts are not part of the project"
)


def shared_files() -> dict[str, bytes]:
    return {
        name: data for name, data in read_files(ROOT / "packs").items() if name.startswith(("_attributes/", "_groups/"))
    }


@cache
def dictionary() -> Dictionary:
    return read_root(shared_files()).dictionary


@cache
def texts() -> dict[str, str]:
    rows = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    return {row["id"]: row["text"] for row in rows}


@cache
def read(name: str) -> Structure:
    return structure(read_document(f"{name}.txt", texts()[name].encode()), dictionary())


def expanded(patterns: list[str]) -> set[str]:
    """`a1-{1..3}r2` as a1-1r2, a1-2r2, a1-3r2."""
    found = set()
    for pattern in patterns:
        parts = re.split(r"(\{\d+\.\.\d+\})", pattern)
        choices = [
            [str(n) for n in range(int(part[1:-1].split("..")[0]), int(part[1:-1].split("..")[1]) + 1)]
            if part.startswith("{")
            else [part]
            for part in parts
        ]
        found |= {"".join(each) for each in itertools.product(*choices)}
    return found


def own_anchors(found: Structure) -> set[str]:
    return {each.clause.anchor for each in found.in_force()}


def labelled_amounts(name: str) -> Counter[tuple[str, int, str, str]]:
    """(anchor, fen, currency, role) as often as it is there."""
    found: Counter[tuple[str, int, str, str]] = Counter()
    for anchor, line in LABELS[name]["amounts"].items():
        for figure, role, currency in _SUM.findall(str(line)):
            found[anchor, int(float(figure) * 100), currency or "CNY", ROLES[role]] += 1
    return found


def read_amounts(found: Structure) -> Counter[tuple[str, int, str, str]]:
    """The same as read; each sum's words must say its figure at its very place."""
    read_there: Counter[tuple[str, int, str, str]] = Counter()
    for reading in found.in_force():
        for passage in reading.passages:
            for amount in passage.amounts:
                words = passage.paragraph.text[amount.start : amount.end]
                assert re.match(r"[\d〇零一二三四五六七八九十百千万亿]", words), words
                anchor = re.sub(r"(?<=g\d-\d)-p\d$|(?<=a1-1-2-2-6)-p\d$", "", reading.clause.anchor)
                read_there[anchor, amount.fen, amount.currency, amount.role] += 1
    return read_there


def shares(found: Counter[Any], wanted: Counter[Any]) -> tuple[int, int, int]:
    """How many are right, found and wanted."""
    return (found & wanted).total(), found.total(), wanted.total()


def without_role(counted: Counter[tuple[str, int, str, str]]) -> Counter[tuple[str, int, str]]:
    plain: Counter[tuple[str, int, str]] = Counter()
    for (anchor, fen, currency, _), times in counted.items():
        plain[anchor, fen, currency] += times
    return plain


def head(name: str) -> dict[str, tuple[Any, Any]]:
    """Of each entry of the head what was read and what is right."""
    found, label = read(name), LABELS[name]
    issued = found.header.issued_on
    windows = [
        [window.first, window.last]
        for reading in found.in_force()
        for passage in reading.passages
        for window in passage.windows
        if window.first
    ]
    return {
        "title": (found.header.title.text if found.header.title else "", label["title"]),
        "number": (found.header.number.text if found.header.number else "", label["number"]),
        "issuers": ([each.text for each in found.header.issuers], label["issuers"]),
        "issued_on": (issued[0] if issued else None, label["issued_on"]),
        "valid_from": (found.validity.first, label["valid"][0]),
        "valid_to": (found.validity.end, label["valid"][1]),
        "windows": (windows, label["windows"]),
    }


@needs_texts
@pytest.mark.parametrize("name", LABELS)
def test_every_labelled_clause_is_found_at_its_anchor(name: str) -> None:
    wanted = expanded(LABELS[name]["anchors"])
    assert sorted(wanted - own_anchors(read(name))) == []


@needs_texts
def test_the_head_is_read_right() -> None:
    entries = [pair for name in LABELS for pair in head(name).values()]
    assert sum(said == right for said, right in entries) / len(entries) >= 0.95


@needs_texts
def test_sums_are_found_at_their_places() -> None:
    found = sum((without_role(read_amounts(read(name))) for name in LABELS), Counter())
    wanted = sum((without_role(labelled_amounts(name)) for name in LABELS), Counter())
    right, there, labelled = shares(found, wanted)
    assert right / there >= 0.95
    assert right / labelled >= 0.95


@needs_texts
def test_what_sums_are_is_read_right() -> None:
    found = sum((read_amounts(read(name)) for name in LABELS), Counter())
    wanted = sum((labelled_amounts(name) for name in LABELS), Counter())
    right, _, labelled = shares(found, wanted)
    assert right / labelled >= 0.85


@needs_texts
@pytest.mark.parametrize("name", LABELS)
def test_every_draft_checks_and_is_the_same_twice(name: str) -> None:
    document = read_document(f"{name}.txt", texts()[name].encode())
    first, second = (draft_pack(document, dictionary(), "drafts/one") for _ in range(2))
    assert first.files == second.files
    files = {f"drafts/one/{path}": data for path, data in first.files.items()}
    assert [str(each) for each in read_root({**shared_files(), **files}).problems] == []


def sure_sums(name: str) -> dict[str, str]:
    """The rules of sums that are offered as certain: by name the expression, its rows, and in what parts it pays."""
    draft = draft_pack(read_document(f"{name}.txt", texts()[name].encode()), dictionary(), "drafts/one")
    return {
        each.edit["path"].removeprefix("amounts."): " | ".join(_rule_parts(each.value))
        for each in draft.proposals
        if each.kind == "amount_rule" and each.confidence >= SURE
    }


def _rule_parts(value: Mapping[str, Any]) -> list[str]:
    rows = [", ".join("/".join(cell) if isinstance(cell, tuple) else cell for cell in row) for row in value["rows"]]
    return [value["is"], *rows, *([f"{value['every']} {value['times']}"] if "every" in value else [])]


@needs_texts
@pytest.mark.parametrize("name", LABELS)
def test_no_sum_is_wrong_and_says_nothing(name: str) -> None:
    assert sure_sums(name) == SUMS.get(name, {})
