"""A pack says which measure an item is and what it is filed under; both are words of the dictionary."""

from __future__ import annotations

from tests.unit.domain.packs.small_root import PACK, files_with, root_of
from zhida.domain.packs import read_revision, read_root, revision_of

SHARED = "_attributes/filing.yaml"
TOPICS = """
    topics:
      能源/供热: {zh: 供热, en: Heating}
"""
MEASURES = """
    measures:
      heating-grant: {zh: 供热补贴, en: Heating grant}
"""


def said(measures: str, shared: str = MEASURES) -> dict[str, bytes]:
    files = files_with({SHARED: shared})
    files[f"{PACK}/pack.yaml"] += f"measures: {measures}\n".encode()
    return files


def codes(files: dict[str, bytes]) -> set[str]:
    return {problem.code for problem in read_root(files).problems}


def test_an_item_is_one_of_a_measure() -> None:
    root = root_of(said("{grant: heating-grant}"))
    assert root.packs[PACK].measures == {"grant": "heating-grant"}
    assert root.dictionary.measures["heating-grant"] == {"zh": "供热补贴", "en": "Heating grant"}


def test_a_revision_carries_its_measures_and_no_others() -> None:
    shared = MEASURES + "      other: {zh: 其他}\n"
    root = root_of(said("{grant: heating-grant}", shared))
    revision = revision_of(root, root.packs[PACK])
    again = read_root(revision.files)
    assert read_revision(revision.files).measures == {"grant": "heating-grant"}
    assert [*again.dictionary.measures] == ["heating-grant"]


def test_measures_and_items_must_be_known() -> None:
    assert codes(said("{grant: heating}")) == {"unknown_measure"}
    assert codes(said("{grants: heating-grant}")) == {"unknown_item"}
    assert codes(said("{grant: [heating-grant]}")) == {"unknown_measure"}
    assert codes(said("heating-grant")) == {"not_a_record"}


def test_topics_must_be_known_where_topics_are_named() -> None:
    assert codes(files_with({SHARED: TOPICS})) == {"unknown_topic"}
    assert codes(files_with()) == set()
