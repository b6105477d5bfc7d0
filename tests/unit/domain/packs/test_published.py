"""A revision read again as published is the pack that was published, and holds what is seldom asked for only then."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tests.golden.province import province
from zhida.domain.packs import Pack, read_published, read_root, revision_of

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
