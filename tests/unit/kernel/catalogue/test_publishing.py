"""Packs are published whole, superseded from their day, and graded by facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.unit.kernel.made_up_packs import MadeUp, root_files, shared
from zhida.domain import packs
from zhida.domain.errors import AccessError, AuthorError, ConflictError, InvariantBroken
from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.catalogue import actions, queries, shelf
from zhida.kernel.catalogue.models import Content, RevisionFile
from zhida.kernel.entitlements.screening import packs_digest
from zhida.kernel.ledger import queries as ledger

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HEADS = MadeUp()
Publish = Callable[..., str]


def revision(pack: MadeUp) -> packs.Revision:
    """The revision of a made-up pack."""
    root = packs.read_root(root_files(pack))
    assert not root.problems
    return packs.revision_of(root, root.packs[pack.id])


@pytest.fixture
def publish(actor: Actor, now: datetime) -> Publish:
    """Publishes a made-up pack, some days from now."""

    def publish_one(pack: MadeUp = HEADS, after: int = 0) -> str:
        return actions.publish(revision=revision(pack), by=actor, as_of=now + after * DAY)

    return publish_one


def test_a_revision_is_kept_whole(publish: Publish) -> None:
    identity = publish()
    given = revision(HEADS)
    assert shelf.files_of(identity) == dict(given.files)
    assert queries.revision(identity).hash == given.hash
    assert queries.revision(identity) is queries.revision(identity), "parsed once a process"


def test_publishing_is_one_fact_that_names_every_file(publish: Publish) -> None:
    publish()
    (entry,) = ledger.entries_about(HEADS.id)
    assert entry.kind == "pack.published"


def test_the_same_content_is_published_once(publish: Publish) -> None:
    assert publish() == publish()
    assert len(queries.revisions(HEADS.id)) == 1


def test_revisions_share_what_is_the_same(publish: Publish) -> None:
    publish()
    publish(replace(HEADS, times=200), 1)
    assert Content.objects.count() < RevisionFile.objects.count()


def test_a_pack_with_problems_is_refused_with_all_of_them(actor: Actor, now: datetime) -> None:
    good = revision(HEADS)
    rules = (
        good.files[f"{HEADS.id}/rules.yaml"].replace(b"staff >=", b"stuff >=").replace(b"wages_fen *", b"wages_fin *")
    )
    bad = replace(good, files={**good.files, f"{HEADS.id}/rules.yaml": rules})
    with pytest.raises(AuthorError) as caught:
        actions.publish(revision=bad, by=actor, as_of=now)
    assert len(caught.value.problems) >= 2
    assert queries.revisions(HEADS.id) == ()


def test_a_pack_whose_own_examples_fail_is_refused(actor: Actor, now: datetime) -> None:
    cases = "  - name: 错\n    facts: {staff: 3}\n    pay: {answer: entitled}\n"
    with pytest.raises(AuthorError, match="golden case fails"):
        actions.publish(revision=revision(replace(HEADS, cases=cases)), by=actor, as_of=now)


def test_a_hash_that_is_not_the_content_s_is_our_mistake(actor: Actor, now: datetime) -> None:
    with pytest.raises(InvariantBroken, match="revision_hash"):
        actions.publish(revision=replace(revision(HEADS), hash="0" * 64), by=actor, as_of=now)


@pytest.mark.parametrize(
    ("duty", "office", "code"), [("reviewer", "statistics", "may_not"), ("author", "tax", "not_the")]
)
def test_only_who_answers_for_a_pack_publishes_it(duty: str, office: str, code: str, now: datetime) -> None:
    with pytest.raises(AccessError, match=code):
        actions.publish(revision=revision(HEADS), by=Actor(new_id("account"), duty, office), as_of=now)


def test_an_author_of_the_owner_publishes(now: datetime) -> None:
    by = Actor(new_id("account"), "author", "statistics")
    identity = actions.publish(revision=revision(HEADS), by=by, as_of=now)
    assert queries.revision_record(identity).published_by == by.account


def test_a_newer_revision_is_in_force_from_its_own_first_day(publish: Publish, now: datetime) -> None:
    first = publish()
    mended = publish(replace(HEADS, times=200), 1)
    next_year = publish(replace(HEADS, times=300, valid_from="2027-01-01", valid_to="2028-01-01"), 2)
    in_force = [
        queries.item(HEADS.item, as_of=moment).revision_id
        for moment in (now, now + DAY, now + 2 * DAY, now.replace(year=2027))
    ]
    assert in_force == [first, mended, mended, next_year]
    with pytest.raises(ConflictError, match="not_published"):
        queries.item(HEADS.item, as_of=now.replace(year=2028))
    assert [record.number for record in queries.revisions(HEADS.id)] == [3, 2, 1]


def test_withdrawing_brings_the_earlier_revision_back(publish: Publish, actor: Actor, now: datetime) -> None:
    first = publish()
    second = publish(replace(HEADS, times=200), 1)
    actions.withdraw(revision_id=second, reason="数字有误", by=actor, as_of=now + 2 * DAY)
    assert queries.policy(HEADS.id, as_of=now + DAY).id == second
    assert queries.policy(HEADS.id, as_of=now + 2 * DAY).id == first
    assert queries.pinned_item(second, HEADS.item).item.id == HEADS.item, "a case that pinned it goes on"
    with pytest.raises(ConflictError, match="already_withdrawn"):
        actions.withdraw(revision_id=second, reason="again", by=actor, as_of=now + 2 * DAY)
    with pytest.raises(InvariantBroken, match="no_reason"):
        actions.withdraw(revision_id=first, reason=" ", by=actor, as_of=now)


def test_the_digest_of_a_plan_is_that_of_what_is_in_force(publish: Publish, actor: Actor, now: datetime) -> None:
    first = publish()
    second = publish(replace(HEADS, times=200), 1)
    actions.withdraw(revision_id=second, reason="数字有误", by=actor, as_of=now + 2 * DAY)
    for moment in (now, now + DAY, now + 2 * DAY):
        items = queries.items(as_of=moment)
        assert queries.plan_digest(as_of=moment, audience=SubjectKind.ORGANISATION) == packs_digest(items)
    kinds = {queries.plan_digest(as_of=now, audience=kind) for kind in (SubjectKind.PERSON, SubjectKind.HOUSEHOLD)}
    assert kinds == {packs_digest(())}
    assert [one.revision_id for one in queries.items(as_of=now + DAY, item_ids=[HEADS.item])] == [second]
    assert queries.items(as_of=now, item_ids=["another"]) == ()
    assert queries.pinned_item(first, HEADS.item).revision_id == first


def test_a_plan_is_digested_once_for_one_stamp(publish: Publish, now: datetime) -> None:
    publish()
    queries.plan_digest(as_of=now, audience=SubjectKind.ORGANISATION)
    with CaptureQueriesContext(connection) as asked:
        queries.plan_digest(as_of=now, audience=SubjectKind.ORGANISATION)
    assert len(asked) == 1
    assert queries.stamp(now) == queries.stamp(now)
    assert queries.stamp(now) != queries.stamp(now + DAY)


def test_a_policy_gives_way_to_the_one_that_replaces_it(publish: Publish, now: datetime) -> None:
    publish()
    heir = MadeUp(name="heir", header=f"replaces: {HEADS.id}\n", valid_from="2026-03-05")
    publish(heir, 1)
    for after, expected in ((0, [HEADS.id]), (1, [HEADS.id]), (2, [heir.id])):
        assert [record.pack_id for record in queries.policies(as_of=now + after * DAY)] == expected
        assert [card.pack_id for card in queries.item_cards(as_of=now + after * DAY)] == expected


def test_items_are_found_by_their_faces(publish: Publish, now: datetime) -> None:
    publish()
    publish(MadeUp(name="town", region="990102"))
    cards = queries.item_cards(as_of=now)
    assert [card.item_id for card in cards] == ["made-up/heads/pay", "made-up/town/pay"]
    assert (cards[0].title_zh, cards[0].title_en, cards[0].budget_line) == ("补助 heads", "Pay heads", "fund/heads")
    assert [card.item_id for card in queries.item_cards(as_of=now, regions={"990102"})] == ["made-up/town/pay"]
    assert queries.item_cards(as_of=now, audience=SubjectKind.PERSON) == ()
    assert len(queries.item_cards(as_of=now, claim="automatic", owner_office="statistics")) == 2


def test_policies_are_found_by_topic_place_and_office(publish: Publish, now: datetime) -> None:
    publish()
    assert [record.pack_id for record in queries.policies(as_of=now, topic="劳动")] == [HEADS.id]
    assert [record.pack_id for record in queries.policies(as_of=now, topic="劳动/就业")] == [HEADS.id]
    for filters in ({"topic": "劳"}, {"regions": {"990102"}}, {"issuer_office": "tax"}, {"year": 2025}):
        assert queries.policies(as_of=now, **filters) == ()
    assert queries.policies(as_of=now - 400 * DAY) == ()


def test_clauses_keep_the_order_of_the_text(publish: Publish) -> None:
    (clause,) = queries.clauses(publish())
    assert (clause.anchor, clause.number) == ("a1", "第一条")


def test_gold_is_earned_by_facts(publish: Publish, actor: Actor, now: datetime) -> None:
    identity = publish()
    assert queries.revision_record(identity).tier == "silver"
    owner = Actor(new_id("account"), "author", "statistics")
    assert actions.sign_off(revision_id=identity, by=owner, as_of=now) == "silver"
    replay = {"revision_id": identity, "source": "2025", "by": actor, "as_of": now}
    some = {"decisions": 60, "agreed": 58, "explained": 2}
    assert actions.record_replay(**replay, **some, digest="a") == "silver"
    assert actions.record_replay(**replay, **some, digest="a") == "silver", "the same replay counts once"
    assert actions.record_replay(**replay, **some, digest="b") == "gold"
    assert queries.revision_record(identity).tier == "gold"
    assert actions.record_replay(**replay, decisions=1, agreed=0, explained=0, digest="c") == "silver"


def test_a_reading_holds_for_what_still_reads_the_same(publish: Publish, actor: Actor, now: datetime) -> None:
    actions.sign_off(revision_id=publish(), by=Actor(new_id("account"), "author", "statistics"), as_of=now)
    replay = {"decisions": 100, "agreed": 100, "explained": 0, "source": "2025", "by": actor, "as_of": now}
    more_cases = replace(
        HEADS,
        cases=revision_cases()
        + "  - name: 又一\n    facts: {staff: 11, wages_fen: 100}\n    pay: {answer: entitled}\n",
    )
    assert actions.record_replay(revision_id=publish(more_cases, 1), digest="a", **replay) == "gold"
    other_text = replace(HEADS, times=200)
    assert actions.record_replay(revision_id=publish(other_text, 2), digest="b", **replay) == "silver"


def revision_cases() -> str:
    """The golden cases of the default pack, as written."""
    written = HEADS.files()[f"{HEADS.id}/golden/firms.yaml"].decode()
    return written.partition("cases:\n")[2].rstrip("\n") + "\n"


def test_only_the_owner_signs_and_not_for_own_work(now: datetime) -> None:
    author = Actor(new_id("account"), "author", "statistics")
    identity = actions.publish(revision=revision(HEADS), by=author, as_of=now)
    with pytest.raises(AccessError, match="own_work"):
        actions.sign_off(revision_id=identity, by=author, as_of=now)
    with pytest.raises(AccessError, match="not_the_owner"):
        actions.sign_off(revision_id=identity, by=Actor(new_id("account"), "author", "register"), as_of=now)
    colleague = Actor(new_id("account"), "reviewer", "statistics")
    actions.sign_off(revision_id=identity, by=colleague, as_of=now)
    with pytest.raises(ConflictError, match="already_signed_off"):
        actions.sign_off(revision_id=identity, by=colleague, as_of=now)


def test_the_dictionary_is_published_too(actor: Actor, now: datetime) -> None:
    assert queries.root().dictionary.attributes == {}
    first = actions.publish_shared(files=root_files(HEADS), by=actor, as_of=now)
    assert actions.publish_shared(files=shared(), by=actor, as_of=now) == first
    assert set(queries.root().dictionary.attributes) == {"place", "sound", "staff", "wages_fen"}
    assert queries.root().packs == {}
    with pytest.raises(AuthorError):
        actions.publish_shared(files={"_attributes/all.yaml": b"attributes: 3"}, by=actor, as_of=now)


@pytest.mark.parametrize("table", ["content", "revisionfile", "clause", "itemrow"])
def test_the_database_refuses_to_change_what_was_published(publish: Publish, table: str) -> None:
    publish()
    for statement in (f"DELETE FROM catalogue_{table}", f"UPDATE catalogue_{table} SET id = id"):
        statement = statement.replace("SET id = id", "SET sha256 = sha256") if table == "content" else statement
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_never_published_is_said_so(now: datetime) -> None:
    for query in (queries.revision, queries.revision_record, shelf.files_of):
        with pytest.raises(ConflictError, match="no_such_revision"):
            query("revision_0")
    with pytest.raises(ConflictError, match="not_published"):
        queries.policy("made-up/none", as_of=now)
