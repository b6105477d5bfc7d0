"""One word per concept: no pinyin, no drawers for odds and ends, no second word for what the glossary names."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tidy.sources import ROOT, Source, sources

DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "stuff"}
PINYIN = {
    *(
        "banjian",
        "banshi",
        "bumen",
        "butie",
        "butiezijin",
        "buzhu",
        "cailiao",
        "caizheng",
        "danwei",
        "duixian",
        "fagui",
    ),
    *("fuchi", "geren", "gongshi", "guoku", "hetong", "jiangbu", "jiedao", "jigou", "jine", "juanzhi", "mianshen"),
    *(
        "minzheng",
        "pingtai",
        "qiye",
        "quxian",
        "renshe",
        "renyuan",
        "shebao",
        "shenbao",
        "shenhe",
        "shenpi",
        "shenqing",
    ),
    *("shixiang", "shouli", "tiaojian", "tiaokuan", "wenjian", "xiangmu", "xinxi", "yewu", "yusuan", "zhangdan"),
    *("zhengce", "zhengfu", "zhiliao", "zhuti", "zijin", "shenfenzheng", "tongyi", "zhijie", "yonghu", "mima"),
}
SECOND_WORDS = {
    "department": "office",
    "tenant": "office",
    "bureau": "office",
    "enterprise": "organisation",
    "company": "organisation",
    "dossier": "case",
    "subsidy": "entitlement",
    "payout": "disbursement",
    "district": "region",
    "attestation": "receipt",
}
"""Words that modules, classes and functions do not use, and the glossary's word for each."""

_SLUGS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HAN = re.compile(r"[^\x00-\x7f]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _names(source: Source) -> Iterator[str]:
    yield from source.module.split(".")[1:]
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name


def _identifiers(source: Source) -> Iterator[str]:
    yield from _names(source)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _words(name: str) -> set[str]:
    return {part.lower() for part in _PARTS.findall(name)}


def test_no_module_is_a_drawer() -> None:
    assert [source.path for source in sources() if DRAWERS & set(source.module.split("."))] == []


def test_no_pinyin() -> None:
    found = {(source.path, name) for source in sources() for name in _identifiers(source) if PINYIN & _words(name)}
    assert not found


def test_no_second_word_for_what_the_glossary_names() -> None:
    glossary = (ROOT / "GLOSSARY.md").read_text("utf-8").lower()
    assert all(word in glossary for word in SECOND_WORDS.values())
    found = {
        (source.path, name, SECOND_WORDS[word])
        for source in sources()
        for name in _names(source)
        for word in SECOND_WORDS.keys() & _words(name)
    }
    assert not found


def _forbidden_in_the_kernel() -> set[str]:
    """Regions by folder and by name, packs by slug, industries by name: whatever packs/ brings."""
    packs = ROOT / "packs"
    folders = [path for path in packs.glob("[!_]*") if path.is_dir()]
    slugs = [path.parent.name for path in packs.glob("[!_]*/*/pack.yaml")]
    names = [name for table in packs.glob("_attributes/codes/*.csv") for name in _names_in(table)]
    return {folder.name for folder in folders} | set(slugs) | {name for name in names if len(name) > 2}


def _names_in(table: Path) -> list[str]:
    lines = [line for line in table.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [row["name"] for row in csv.DictReader(lines)]


@pytest.mark.parametrize("room", ["kernel", "services"])
def test_kernel_and_services_name_no_place_industry_or_programme(room: str) -> None:
    words = _forbidden_in_the_kernel()
    assert len(words) > 50
    slugs = {word for word in words if word.isascii()}
    found = [(source.path, word) for source in sources(room) for word in slugs & set(_SLUGS.findall(source.text))]
    for source in sources(room):
        characters = "".join(_HAN.findall(source.text))
        found += [(source.path, word) for word in words - slugs if word in characters]
    assert found == []
