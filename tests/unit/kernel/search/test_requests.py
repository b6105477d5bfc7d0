"""A new index is asked for in the transaction of what changed, and made once for each state of the documents."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from zhida.domain.errors import InvariantBroken
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump
from zhida.kernel.search import actions, queries
from zhida.kernel.search.records import Document

pytestmark = pytest.mark.django_db(transaction=True)


class Shelf:
    """One document, and how often somebody asked for it."""

    reads = 0

    def edition(self, as_of: datetime) -> str:
        """The same for ever."""
        return "the first"

    def documents(self, as_of: datetime) -> Iterable[Document]:
        """The one."""
        self.reads += 1
        return [Document(id="a/refund", kind="policy", title="失业保险稳岗返还")]


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def test_many_requests_are_one_rebuild(now: datetime) -> None:
    shelf = Shelf()
    with transaction.atomic():
        for cause in ("one", "two", "two", "three"):
            actions.request_rebuild(cause=cause, as_of=now)
    assert Message.objects.filter(kind=actions.REBUILD).count() == 3
    report = pump({actions.REBUILD: actions.rebuilder(shelf)}, as_of=now)
    assert (report.done, shelf.reads) == (3, 1)
    assert queries.search("", as_of=now).total == 1


def test_a_request_belongs_to_a_transaction(now: datetime) -> None:
    with pytest.raises(InvariantBroken):
        actions.request_rebuild(cause="one", as_of=now)


def test_a_facet_of_which_nothing_was_chosen_narrows_nothing(now: datetime) -> None:
    actions.rebuild(source=Shelf(), as_of=now)
    assert queries.search("稳岗", as_of=now, facets={"kind": ()}).total == 1
    assert queries.search("稳岗", as_of=now, facets={"kind": {"clause"}}).total == 0
