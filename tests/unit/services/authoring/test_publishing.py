"""Two persons publish what was proposed and nothing else, now or on its day; two take it back out of force."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.services.authoring.conftest import ANN, BEN, HEADS, own_files
from zhida.domain.errors import AccessError, AuthorError, ConflictError, FinalOutside
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.catalogue import queries
from zhida.kernel.ledger import queries as ledger
from zhida.services.authoring import publishing, working
from zhida.services.authoring.records import DraftRecord

RULES = f"{HEADS.id}/rules.yaml"
CARE = Actor("account_care", "author", office="statistics")


def proposed(draft: DraftRecord, now: datetime, days: int = 0) -> DraftRecord:
    on = local_date(now) + timedelta(days) if days else None
    publishing.propose(draft_id=draft.id, version=draft.version, publish_on=on, by=ANN, as_of=now)
    return working.draft(draft.id, None)


def confirmed(draft: DraftRecord, now: datetime, by: Actor = BEN) -> str:
    return publishing.confirm(draft_id=draft.id, seen_hash=draft.proposed_hash, by=by, as_of=now)


def next_version(now: datetime, base: str, note: bytes = b"second\n") -> DraftRecord:
    draft_id = new_id("draft")
    files = {**own_files(), f"{HEADS.id}/README.md": note}
    working.begin(draft_id=draft_id, pack_id=HEADS.id, title="下一版", files=files, base=base, by=ANN, as_of=now)
    return working.draft(draft_id, None)


def test_one_proposes_and_another_publishes(draft: DraftRecord, now: datetime) -> None:
    revision = confirmed(proposed(draft, now), now)
    record = queries.policy(HEADS.id, as_of=now)
    assert (record.id, record.published_by) == (revision, BEN.account)
    assert record.hash == working.draft(draft.id, None).proposed_hash
    told = [entry.kind for entry in ledger.entries_about(draft.id)]
    assert told == ["draft.begun", "draft.proposed", "draft.confirmed"]


def test_whoever_had_a_hand_in_it_does_not_confirm(draft: DraftRecord, now: datetime) -> None:
    path = f"{HEADS.id}/README.md"
    working.write(draft_id=draft.id, version=1, files={path: b"x\n"}, by=BEN, as_of=now, why="draft.edited")
    waiting = proposed(working.draft(draft.id, None), now)
    for by in (ANN, BEN):
        with pytest.raises(AccessError, match="same_person"):
            confirmed(waiting, now, by)
    assert confirmed(waiting, now, CARE)


def test_what_was_not_shown_is_not_confirmed(draft: DraftRecord, now: datetime) -> None:
    proposed(draft, now)
    with pytest.raises(ConflictError, match="draft_changed"):
        publishing.confirm(draft_id=draft.id, seen_hash="other", by=BEN, as_of=now)


def test_a_proposed_draft_is_edited_only_when_taken_back(draft: DraftRecord, now: datetime) -> None:
    proposed(draft, now)
    with pytest.raises(ConflictError, match="draft_closed"):
        working.write(draft_id=draft.id, version=1, files={RULES: b""}, by=ANN, as_of=now, why="draft.edited")
    publishing.take_back(draft_id=draft.id, by=BEN, as_of=now)
    working.write(draft_id=draft.id, version=1, files={RULES: b"\n"}, by=ANN, as_of=now, why="draft.edited")


def test_what_does_not_read_is_not_proposed(draft: DraftRecord, now: datetime) -> None:
    working.write(draft_id=draft.id, version=1, files={RULES: b"x: [\n"}, by=ANN, as_of=now, why="draft.edited")
    with pytest.raises(AuthorError):
        proposed(working.draft(draft.id, None), now)


def test_on_its_day_it_is_published(draft: DraftRecord, now: datetime) -> None:
    waiting = proposed(draft, now, days=3)
    assert confirmed(waiting, now) == ""
    assert working.draft(draft.id, None).state == "scheduled"
    with pytest.raises(ConflictError, match="not_published"):
        queries.policy(HEADS.id, as_of=now)
    later = now + timedelta(3)
    payload = {"draft": draft.id, "hash": waiting.proposed_hash}
    for _ in range(2):
        publishing.publish_handler()(payload, later)
    assert working.draft(draft.id, None).state == "published"
    assert len(queries.revisions(HEADS.id)) == 1


def test_a_schedule_that_was_taken_back_publishes_nothing(draft: DraftRecord, now: datetime) -> None:
    waiting = proposed(draft, now, days=3)
    confirmed(waiting, now)
    publishing.take_back(draft_id=draft.id, by=ANN, as_of=now)
    publishing.publish_handler()({"draft": draft.id, "hash": waiting.proposed_hash}, now + timedelta(3))
    assert queries.revisions(HEADS.id) == ()


def test_what_can_no_longer_be_published_says_why_and_opens_again(draft: DraftRecord, now: datetime) -> None:
    first = next_version(now, "")
    waiting = proposed(draft, now, days=3)
    confirmed(waiting, now)
    confirmed(proposed(first, now), now)
    with pytest.raises(FinalOutside):
        publishing.publish_handler()({"draft": draft.id, "hash": waiting.proposed_hash}, now + timedelta(3))
    opened = working.draft(draft.id, None)
    assert (opened.state, "base_changed" in opened.failure) == ("open", True)


def test_a_draft_of_a_version_that_was_superseded_is_refused(draft: DraftRecord, now: datetime) -> None:
    revision = confirmed(proposed(draft, now), now)
    one, other = next_version(now, revision), next_version(now, revision, b"third\n")
    confirmed(proposed(one, now), now)
    with pytest.raises(ConflictError, match="base_changed"):
        proposed(other, now)


def test_two_bring_the_version_before_back_into_force(draft: DraftRecord, now: datetime) -> None:
    first = confirmed(proposed(draft, now), now)
    second = confirmed(proposed(next_version(now, first), now), now)
    assert queries.policy(HEADS.id, as_of=now).id == second
    rollback = new_id("rollback")
    for _ in range(2):
        publishing.propose_rollback(rollback_id=rollback, revision_id=second, reason="算错了", by=ANN, as_of=now)
    with pytest.raises(ConflictError, match="rollback_waits"):
        publishing.propose_rollback(
            rollback_id=new_id("rollback"), revision_id=second, reason="再来", by=ANN, as_of=now
        )
    with pytest.raises(AccessError, match="same_person"):
        publishing.confirm_rollback(rollback_id=rollback, by=ANN, as_of=now)
    publishing.confirm_rollback(rollback_id=rollback, by=BEN, as_of=now)
    assert queries.policy(HEADS.id, as_of=now).id == first
    assert publishing.rollbacks(None) == ()
    with pytest.raises(ConflictError, match="no_such_rollback"):
        publishing.confirm_rollback(rollback_id=rollback, by=BEN, as_of=now)


def test_a_rollback_is_withdrawn_and_needs_a_reason_and_an_owner(draft: DraftRecord, now: datetime) -> None:
    first = confirmed(proposed(draft, now), now)
    given = {"revision_id": first, "as_of": now}
    with pytest.raises(ConflictError, match="rollback_without_reason"):
        publishing.propose_rollback(rollback_id=new_id("rollback"), reason=" ", by=ANN, **given)
    other = Actor("account_x", "author", office="elsewhere")
    with pytest.raises(AccessError, match="not_the_owner"):
        publishing.propose_rollback(rollback_id=new_id("rollback"), reason="x", by=other, **given)
    rollback = new_id("rollback")
    publishing.propose_rollback(rollback_id=rollback, reason="x", by=ANN, **given)
    publishing.withdraw_rollback(rollback_id=rollback, by=ANN, as_of=now)
    assert publishing.rollbacks(None) == ()
    assert queries.policy(HEADS.id, as_of=now).id == first
