"""The index is made beside the old one and swapped whole, once for each state of the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from threading import Thread
from typing import Any

import pytest

from tests.unit.adapters.search.conftest import CLAUSE, REFUND
from zhida.adapters.search import FolderIndex
from zhida.adapters.search.folders import current


def test_the_same_edition_is_made_once(index: FolderIndex, shelf: Any, now: datetime) -> None:
    before = current(index.folder)
    assert index.rebuild(source=shelf, as_of=now) == 0
    assert shelf.reads == 1
    assert current(index.folder) is before


def test_a_reader_sees_the_old_index_or_the_new_one(index: FolderIndex, shelf: Any, find: Any, now: datetime) -> None:
    held = current(index.folder)
    assert held is not None
    shelf.documents_now = [REFUND]
    assert index.rebuild(source=shelf, as_of=now) == 1
    fresh = current(index.folder)
    assert fresh is not None
    assert (held.searcher.num_docs, fresh.searcher.num_docs) == (4, 1)
    assert find("津贴").total == 0


def test_a_build_that_fails_changes_nothing(index: FolderIndex, shelf: Any, find: Any, now: datetime) -> None:
    class Broken:
        def edition(self, as_of: datetime) -> str:
            return "another"

        def documents(self, as_of: datetime) -> Any:
            yield REFUND
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        index.rebuild(source=Broken(), as_of=now)
    assert find("津贴").total == 1


def test_old_builds_are_removed(index: FolderIndex, shelf: Any, now: datetime) -> None:
    for number in range(4):
        shelf.documents_now = [replace(REFUND, boost=number % 3, body=str(number))]
        index.rebuild(source=shelf, as_of=now)
    assert len([path for path in index.folder.iterdir() if path.is_dir()]) == 2


def test_an_index_that_is_gone_is_made_again(index: FolderIndex, shelf: Any, find: Any, now: datetime) -> None:
    held = current(index.folder)
    assert held is not None
    (index.folder / "current").write_text("index_gone")
    assert find("津贴").total == 0
    assert index.rebuild(source=shelf, as_of=now) == 4
    assert find("津贴").total == 1


def test_writers_take_turns(index: FolderIndex, shelf: Any, now: datetime) -> None:
    shelf.documents_now = [REFUND, CLAUSE]
    made: list[int] = []
    writers = [Thread(target=lambda: made.append(index.rebuild(source=shelf, as_of=now))) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(made) == [0, 0, 2]
