"""What is published can be searched from the day it is in force until it is superseded, ends or is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.unit.kernel.made_up_packs import MadeUp, root_files, shared
from zhida.domain import packs
from zhida.domain.values import Actor, Span
from zhida.kernel.catalogue import actions
from zhida.kernel.catalogue.documents import PublishedDocuments
from zhida.kernel.outbox.models import Message
from zhida.kernel.search import actions as search
from zhida.kernel.search import queries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HEADS = MadeUp()
SOURCE = PublishedDocuments()


@pytest.fixture
def publish(actor: Actor, now: datetime) -> Any:
    """Publishes a made-up pack with the dictionary, some days from now."""

    def publish_one(pack: MadeUp = HEADS, after: int = 0) -> str:
        root = packs.read_root(root_files(pack))
        revision = packs.revision_of(root, root.packs[pack.id])
        actions.publish_shared(files=shared(), by=actor, as_of=now)
        return actions.publish(revision=revision, by=actor, as_of=now + after * DAY)

    return publish_one


def test_a_policy_its_items_and_its_clauses_are_documents(publish: Any, now: datetime) -> None:
    publish()
    policy, item, clause = SOURCE.documents(now)
    assert (policy.kind, policy.id, policy.title) == ("policy", HEADS.id, "按人补助 heads")
    assert "人数达到10人的单位" in policy.body
    assert {"登记处", "Statistics", "按人补助 heads"} & {*policy.names} == {"登记处", "Statistics"}
    assert (item.kind, item.id, item.parent) == ("item", HEADS.item, HEADS.id)
    assert (clause.kind, clause.id, clause.parent) == ("clause", f"{HEADS.id}#a1", HEADS.id)
    assert policy.facets["topic"] == ("劳动", "劳动/就业")
    assert policy.facets["claim"] == item.facets["claim"] == ("automatic",)


def test_each_revision_is_shown_until_the_next_begins(publish: Any, now: datetime) -> None:
    publish()
    publish(replace(HEADS, times=2, valid_from="2026-06-01"), 1)
    shown = {str(each.shown) for each in SOURCE.documents(now + DAY)}
    assert shown == {"2026-01-01/2026-06-01", "2026-06-01/2027-01-01"}
    june = {each.shown for each in SOURCE.documents(datetime.fromisoformat("2026-06-02T00:00:00+00:00"))}
    assert june == {Span(date(2026, 6, 1), date(2027, 1, 1))}


def test_a_withdrawn_revision_gives_place_to_the_one_before(publish: Any, actor: Actor, now: datetime) -> None:
    publish()
    newer = publish(replace(HEADS, times=2), 1)
    assert len(list(SOURCE.documents(now + DAY))) == 3
    before = SOURCE.edition(now + DAY)
    actions.withdraw(revision_id=newer, reason="错", by=actor, as_of=now + 2 * DAY)
    assert SOURCE.edition(now + 2 * DAY) != before
    assert [each.kind for each in SOURCE.documents(now + 2 * DAY)] == ["policy", "item", "clause"]


def test_every_change_asks_for_an_index(publish: Any, actor: Actor, now: datetime) -> None:
    revision = publish()
    actions.withdraw(revision_id=revision, reason="错", by=actor, as_of=now)
    causes = set(Message.objects.filter(kind=search.REBUILD).values_list("key", flat=True))
    assert causes == {"dictionary/1", revision, f"{revision}/withdrawn"}


def test_what_is_published_is_found(publish: Any, settings: Any, tmp_path: Path, now: datetime) -> None:
    settings.HOME = tmp_path
    publish()
    assert search.rebuild(source=SOURCE, as_of=now) == 3
    assert [hit.id for hit in queries.search("补助", as_of=now, facets={"kind": {"item"}}).hits] == [HEADS.item]
    assert queries.search("〔2026〕1号", as_of=now, facets={"kind": {"policy"}}).total == 1


def test_level_kind_and_state_are_facets(publish: Any, now: datetime) -> None:
    publish()
    policy, *_ = SOURCE.documents(now)
    assert policy.facets["level"] == ("province",)
    assert policy.facets["document"] == ("other",)
    assert policy.facets["state"] == ("open",)
    assert policy.facets["measure"] == ()


def test_the_edition_changes_when_something_opens(publish: Any, now: datetime) -> None:
    publish(replace(HEADS, valid_from=str((now + 9 * DAY).date())))
    assert SOURCE.edition(now) == SOURCE.edition(now + DAY)
    assert SOURCE.edition(now + 12 * DAY) != SOURCE.edition(now)
