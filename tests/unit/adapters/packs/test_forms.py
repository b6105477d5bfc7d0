"""A revision taken up from its form is the one that was read, and one that is not whole is read anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from tests.golden.province import province
from zhida.adapters.packs import FormFolder, KeptForms, forms
from zhida.domain.packs import Pack, read_published, revision_of

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
def test_what_was_kept_is_taken_up_as_it_was_read(tmp_path: Path, name: str) -> None:
    files, asked = dict(revision_of(province(), province().packs[name]).files), []
    held = KeptForms(FormFolder(tmp_path))

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
def test_what_is_no_longer_whole_is_read_anew(tmp_path: Path, harm: str) -> None:
    files, folder = dict(revision_of(province(), province().packs[PACKS[0]]).files), FormFolder(tmp_path)
    wanted = read_published("it", lambda: files, KeptForms(folder)).packs[PACKS[0]]
    if harm == "no tree":
        form = folder.find("it")
        for file in tmp_path.glob("*/*"):
            file.unlink()
        folder.keep("it", form or b"")
        forms._tree.cache_clear()
    else:
        folder.keep("it", (folder.find("it") or b"")[:-40] if harm == "torn" else b"no form")
    assert KeptForms(folder).find("it") is None
    _alike(read_published("it", lambda: files, KeptForms(folder)).packs[PACKS[0]], wanted)
    assert KeptForms(folder).find("it") is not None
