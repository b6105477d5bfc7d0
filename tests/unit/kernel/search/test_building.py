"""The index is made beside the old one and swapped whole; requests are carried out once for each state."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.db import transaction

from tests.unit.kernel.search.conftest import CLAUSE, REFUND
from zhida.domain.errors import InvariantBroken
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump
from zhida.kernel.search import actions, queries
from zhida.kernel.search.folders import current


def test_the_same_edition_is_made_once(shelf: Any, now: datetime) -> None:
    before = current()
    assert actions.rebuild(source=shelf, as_of=now) == 0
    assert shelf.reads == 1
    assert current() is before


def test_a_reader_sees_the_old_index_or_the_new_one(shelf: Any, now: datetime) -> None:
    held = current()
    assert held is not None
    shelf.documents_now = [REFUND]
    assert actions.rebuild(source=shelf, as_of=now) == 1
    fresh = current()
    assert fresh is not None
    assert (held.searcher.num_docs, fresh.searcher.num_docs) == (4, 1)
    assert queries.search("津贴", as_of=now).total == 0


def test_a_build_that_fails_changes_nothing(shelf: Any, now: datetime) -> None:
    class Broken:
        def edition(self, as_of: datetime) -> str:
            return "another"

        def documents(self, as_of: datetime) -> Any:
            yield REFUND
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk"):
        actions.rebuild(source=Broken(), as_of=now)
    assert queries.search("津贴", as_of=now).total == 1


def test_old_builds_are_removed(shelf: Any, home: Path, now: datetime) -> None:
    for number in range(4):
        shelf.documents_now = [replace(REFUND, boost=number % 3, body=str(number))]
        actions.rebuild(source=shelf, as_of=now)
    assert len([path for path in (home / "search").iterdir() if path.is_dir()]) == 2


def test_an_index_that_is_gone_is_made_again(shelf: Any, home: Path, now: datetime) -> None:
    held = current()
    assert held is not None
    (home / "search" / "current").write_text("index_gone")
    assert queries.search("津贴", as_of=now).total == 0
    assert actions.rebuild(source=shelf, as_of=now) == 4
    assert queries.search("津贴", as_of=now).total == 1


def test_writers_take_turns(shelf: Any, now: datetime) -> None:
    shelf.documents_now = [REFUND, CLAUSE]
    made: list[int] = []
    writers = [Thread(target=lambda: made.append(actions.rebuild(source=shelf, as_of=now))) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(made) == [0, 0, 2]


@pytest.mark.django_db(transaction=True)
def test_many_requests_are_one_rebuild(shelf: Any, now: datetime) -> None:
    shelf.documents_now = [REFUND]
    with transaction.atomic():
        for cause in ("one", "two", "two", "three"):
            actions.request_rebuild(cause=cause, as_of=now)
    assert Message.objects.filter(kind=actions.REBUILD).count() == 3
    report = pump({actions.REBUILD: actions.rebuilder(shelf)}, as_of=now)
    assert (report.done, shelf.reads) == (3, 2)
    assert queries.search("", as_of=now).total == 1


@pytest.mark.django_db(transaction=True)
def test_a_request_belongs_to_a_transaction(now: datetime) -> None:
    with pytest.raises(InvariantBroken):
        actions.request_rebuild(cause="one", as_of=now)
