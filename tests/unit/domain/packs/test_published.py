"""A revision read again as published is the pack that was published, and holds what is seldom asked for only then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest

from tests.golden.province import province
from zhida.domain.packs import Pack, kept_forms, read_published, read_root, revision_of

PACKS = sorted(province().packs)


def _alike(again: Pack, fresh: Pack) -> None:
    for part in fields(Pack):
        held, wanted = getattr(again, part.name), getattr(fresh, part.name)
        if part.name == "golden":
            assert tuple(held) == tuple(wanted)
        elif part.name in ("files", "nodes"):
            assert dict(held) == dict(wanted)
        else:
            assert held == wanted, part.name


@pytest.mark.parametrize("name", PACKS)
def test_a_published_revision_reads_as_it_was_published(name: str) -> None:
    files = dict(revision_of(province(), province().packs[name]).files)
    (fresh,), (again,) = (read_root(files).packs.values(), (root := read_published("", lambda: files)).packs.values())

    _alike(again, fresh)
    assert revision_of(root, again).files == files


class _Held(dict[str, bytes]):
    """Bytes by name, in memory."""

    find = dict.get
    keep = dict.__setitem__
    __hash__ = object.__hash__


@pytest.mark.parametrize("name", PACKS)
def test_what_was_kept_is_taken_up_as_it_was_read(name: str) -> None:
    files, held, asked = dict(revision_of(province(), province().packs[name]).files), _Held(), []

    def give() -> dict[str, bytes]:
        asked.append(1)
        return files

    fresh = read_published("it", give, held)
    again, more = (read_published("it", give, held) for _ in range(2))
    assert len(asked) == 1
    assert again.groups == fresh.groups
    for part in fields(fresh.dictionary):
        assert dict_of(getattr(again.dictionary, part.name)) == dict_of(getattr(fresh.dictionary, part.name)), part.name
    _alike(again.packs[name], fresh.packs[name])
    trees = {id(tree) for root in (again, more) for tree in root.dictionary.code_trees.values()}
    assert len(trees) == len(again.dictionary.code_trees)


def dict_of(held: object) -> object:
    """A mapping made whole, to be compared."""
    return dict(held) if isinstance(held, Mapping) else held


@pytest.mark.parametrize("harm", ["torn", "noise", "no tree"])
def test_what_is_no_longer_whole_is_read_anew(harm: str) -> None:
    files, held = dict(revision_of(province(), province().packs[PACKS[0]]).files), _Held()
    wanted = read_published("it", lambda: files, held).packs[PACKS[0]]
    if harm == "no tree":
        assert [held.pop(name) for name in list(held) if name.startswith("tree-")]
        kept_forms._tree.cache_clear()
    else:
        held["it"] = held["it"][:-40] if harm == "torn" else b"no form"
    _alike(read_published("it", lambda: files, held).packs[PACKS[0]], wanted)


def test_what_authors_ask_for_is_read_when_it_is_asked_for() -> None:
    files = revision_of(province(), province().packs[PACKS[0]]).files
    asked: list[int] = []

    def give() -> dict[str, bytes]:
        asked.append(1)
        return dict(files)

    (pack,) = read_published("", give).packs.values()
    assert len(asked) == 1
    assert pack.files["policy.md"]
    assert pack.nodes["rules.yaml"]
    assert pack.golden[0].name
    assert len(asked) > 1


def test_a_revision_that_does_not_read_says_where() -> None:
    files = dict(revision_of(province(), province().packs[PACKS[0]]).files)
    root = read_published("", lambda: files | {f"{PACKS[0]}/items.yaml": b"items: ["})
    assert not root.packs
    assert {problem.file for problem in root.problems} == {f"{PACKS[0]}/items.yaml"}
