"""From a draft to what is in force, and back: one proposes, another person confirms, now or on a day to come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time

from django.db import IntegrityError, transaction

from zhida.domain.errors import AccessError, AuthorError, ConflictError, FinalOutside, Problem, ZhidaError
from zhida.domain.packs import Revision, TierName, revision_of, tier_of
from zhida.domain.packs.proposals import PROPOSALS, open_proposals
from zhida.domain.proofs import Json
from zhida.domain.values import CHINA, Actor, local_date, utc
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.catalogue import queries
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.outbox import actions as outbox
from zhida.services.authoring.checking import merged, read
from zhida.services.authoring.models import Draft, Rollback
from zhida.services.authoring.records import DraftRecord, RollbackRecord
from zhida.services.authoring.working import files_of, locked, record_of, require_author

PUBLISH = "authoring.publish"


def revision_to_publish(draft: DraftRecord) -> Revision:
    """The revision that a draft would be published as. Raises AuthorError with everything that forbids it."""
    reading = read(draft)
    pack = reading.pack
    if pack is None or reading.unused:
        raise AuthorError(reading.forbidding)
    place = f"{pack.id}/{PROPOSALS}"
    waiting = [Problem(place, 0, 0, "open_proposal", one.told, "settle it first") for one in open_proposals(pack.files)]
    if waiting:
        raise AuthorError(waiting)
    tier = tier_of(reading.root, pack)
    if tier.tier is TierName.NONE:
        raise AuthorError([Problem(f"{pack.id}/golden", 0, 0, "not_bronze", words) for words in tier.lacks])
    return revision_of(reading.root, pack)


@transaction.atomic
def propose(*, draft_id: str, version: int, publish_on: date | None, by: Actor, as_of: datetime) -> None:
    """An author proposes a draft as it stands, to be published when a second person confirms or on a day after that;
    records `draft.proposed` with the hash of what would be published. It cannot be edited from then on.

    Raises AuthorError with all that forbids it, AccessError, ConflictError `draft_changed`, `draft_closed`,
    `base_changed` where another revision of the policy was published since the draft began.
    """
    require_author(by)
    row = locked(draft_id, by)
    if row.state != "open":
        raise ConflictError("draft_closed", f"{draft_id} is {row.state}", "look at it again")
    if row.version != version:
        raise ConflictError("draft_changed", f"{draft_id} is at version {row.version}", "look again")
    _refuse_other_base(row)
    revision = revision_to_publish(record_of(row, files_of(row)))
    row.state, row.proposed_by, row.proposed_at = "proposed", by.account, utc(as_of)
    row.proposed_hash, row.publish_on, row.failure = revision.hash, publish_on, ""
    row.save(update_fields=["state", "proposed_by", "proposed_at", "proposed_hash", "publish_on", "failure"])
    fields = {"pack": row.pack, "hash": revision.hash, "publish_on": str(publish_on or "")}
    ledger.record(kind="draft.proposed", about=draft_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def take_back(*, draft_id: str, by: Actor, as_of: datetime) -> None:
    """Opens a proposed or scheduled draft for editing again; records `draft.taken_back`."""
    require_author(by)
    row = locked(draft_id, by)
    if row.state not in ("proposed", "scheduled"):
        raise ConflictError("draft_closed", f"{draft_id} is {row.state}", "look at it again")
    _reopen(row)
    ledger.record(kind="draft.taken_back", about=draft_id, fields={"pack": row.pack}, by=by, as_of=as_of)


@transaction.atomic
def confirm(*, draft_id: str, seen_hash: str, by: Actor, as_of: datetime) -> str:
    """A second person, whose hand is in no edit, confirms what was proposed; gives the revision's id, "" where it is
    published on a day to come. Records `draft.confirmed`.

    Raises AccessError `same_person`, ConflictError `draft_changed` where it is not what was shown, `draft_closed`,
    `base_changed`, AuthorError where what packs share has changed and the draft no longer holds.
    """
    require_author(by)
    row = locked(draft_id, by)
    if row.state != "proposed":
        raise ConflictError("draft_closed", f"{draft_id} is {row.state}", "look at it again")
    if by.account in {row.proposed_by, row.begun_by, *row.hands}:
        raise AccessError("same_person", f"{by.account} had a hand in {draft_id}", "a colleague confirms it")
    if seen_hash != row.proposed_hash:
        raise ConflictError("draft_changed", f"{draft_id} is not what was shown", "look again")
    row.confirmed_by, row.confirmed_duty, row.confirmed_at = by.account, by.duty, utc(as_of)
    is_later = row.publish_on is not None and row.publish_on > local_date(as_of)
    row.state = "scheduled" if is_later else "published"
    fields = {"pack": row.pack, "hash": row.proposed_hash, "publish_on": str(row.publish_on or "")}
    ledger.record(kind="draft.confirmed", about=draft_id, fields=fields, by=by, as_of=as_of)
    if is_later and row.publish_on is not None:
        at = datetime.combine(row.publish_on, time(0, 0), CHINA)
        key = f"{draft_id}/{row.proposed_hash}/{utc(as_of).isoformat()}"
        payload: Json = {"draft": draft_id, "hash": row.proposed_hash}
        outbox.enqueue(kind=PUBLISH, key=key, payload=payload, not_before=at, as_of=as_of)
    else:
        row.revision = _publish(row, by=by, as_of=as_of)
    row.save(update_fields=["state", "confirmed_by", "confirmed_duty", "confirmed_at", "revision"])
    return row.revision


def publish_handler() -> Callable[[Json, datetime], None]:
    """What the outbox does on the day with a message of kind `authoring.publish`. Raises FinalOutside where it can no
    longer be published; the draft then says why and can be edited again."""

    def handle(payload: Json, as_of: datetime) -> None:
        draft_id = str(payload.get("draft")) if isinstance(payload, Mapping) else ""
        row = Draft.objects.filter(id=draft_id, state="scheduled").first()
        if row is None or not isinstance(payload, Mapping) or row.proposed_hash != payload.get("hash"):
            return
        by = Actor(row.confirmed_by, row.confirmed_duty, office=row.office)
        try:
            with transaction.atomic():
                row.revision, row.state = _publish(row, by=by, as_of=as_of), "published"
                row.save(update_fields=["state", "revision"])
        except ZhidaError as error:
            _reopen(row, str(error))
            raise FinalOutside(
                error.code, f"{draft_id} was not published: {error.words}", "look at the draft"
            ) from error

    return handle


def _publish(row: Draft, *, by: Actor, as_of: datetime) -> str:
    """Publishes in the caller's transaction what was proposed, with the facts that it adds to what packs share."""
    _refuse_other_base(row)
    draft = record_of(row, files_of(row))
    revision = revision_to_publish(draft)
    if revision.hash != row.proposed_hash:
        words = f"{row.id}: what packs share has changed since it was proposed"
        raise ConflictError("draft_changed", words, "take it back, look at it and propose it again")
    files = merged(draft)
    if files:
        catalogue.publish_shared(files=files, by=by, as_of=as_of)
    return catalogue.publish(revision=revision, by=by, as_of=as_of)


def _reopen(row: Draft, failure: str = "") -> None:
    row.state, row.proposed_by, row.proposed_at, row.proposed_hash = "open", "", None, ""
    row.confirmed_by, row.confirmed_duty, row.confirmed_at, row.failure = "", "", None, failure
    row.save(
        update_fields=[
            "state", "proposed_by", "proposed_at", "proposed_hash", "confirmed_by", "confirmed_duty", "confirmed_at",
            "failure",
        ]
    )  # fmt: skip


def _refuse_other_base(row: Draft) -> None:
    standing = [one for one in queries.revisions(row.pack) if one.withdrawn_at is None]
    newest = standing[0].id if standing else ""
    if newest != row.base:
        words = f"{row.pack} was published as {newest or 'nothing'} since this draft began from {row.base or 'nothing'}"
        raise ConflictError("base_changed", words, "begin a draft from the version in force")


@transaction.atomic
def propose_rollback(*, rollback_id: str, revision_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Proposes to take a revision out of force, so that the one before it is in force again; `rollback.proposed`.

    Raises AccessError where the actor's office does not own it, ConflictError `rollback_without_reason`,
    `rollback_waits`, `already_withdrawn`.
    """
    require_author(by)
    record = queries.revision_record(revision_id)
    if by.duty != "operator" and by.office not in (record.owner_office, record.issuer_office):
        raise AccessError("not_the_owner", f"{by.office} does not own {record.pack_id}", f"ask {record.owner_office}")
    if record.withdrawn_at is not None:
        raise ConflictError("already_withdrawn", f"{revision_id} is out of force", "nothing is left to do")
    if not reason.strip():
        raise ConflictError("rollback_without_reason", "whoever rolls back says why", "write it down")
    if Rollback.objects.filter(id=rollback_id).exists():
        return
    try:
        with transaction.atomic():
            Rollback.objects.create(
                id=rollback_id, pack=record.pack_id, office=record.owner_office, revision=revision_id, reason=reason,
                proposed_by=by.account, proposed_at=utc(as_of),
            )  # fmt: skip
    except IntegrityError as error:
        words = f"a roll-back of {revision_id} waits already"
        raise ConflictError("rollback_waits", words, "confirm or withdraw that one") from error
    fields = {"revision": revision_id, "reason": reason}
    ledger.record(kind="rollback.proposed", about=record.pack_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def confirm_rollback(*, rollback_id: str, by: Actor, as_of: datetime) -> None:
    """A second person takes the revision out of force. Raises AccessError `same_person`, ConflictError
    `no_such_rollback`, `already_withdrawn`."""
    require_author(by)
    row = _waiting(rollback_id, by)
    if by.account == row.proposed_by:
        raise AccessError("same_person", f"{by.account} proposed it", "a colleague confirms it")
    row.confirmed_by, row.ended_at = by.account, utc(as_of)
    row.save(update_fields=["confirmed_by", "ended_at"])
    catalogue.withdraw(revision_id=row.revision, reason=row.reason, by=by, as_of=as_of)
    fields = {"revision": row.revision, "reason": row.reason}
    ledger.record(kind="rollback.confirmed", about=row.pack, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def withdraw_rollback(*, rollback_id: str, by: Actor, as_of: datetime) -> None:
    """Takes back a roll-back that nobody confirmed. Raises ConflictError `no_such_rollback`."""
    require_author(by)
    row = _waiting(rollback_id, by)
    row.ended_at = utc(as_of)
    row.save(update_fields=["ended_at"])
    fields = {"revision": row.revision, "reason": row.reason}
    ledger.record(kind="rollback.withdrawn", about=row.pack, fields=fields, by=by, as_of=as_of)


def rollbacks(places: Collection[str] | None) -> tuple[RollbackRecord, ...]:
    """The roll-backs of these offices that wait for a second person, None for all."""
    rows = Rollback.objects.filter(ended_at=None).order_by("-proposed_at", "-id")
    rows = rows if places is None else rows.filter(office__in=list(places))
    return tuple(
        RollbackRecord(
            row.id,
            row.pack,
            row.office,
            row.revision,
            row.reason,
            row.proposed_by,
            row.proposed_at,
            row.confirmed_by,
            row.ended_at,
        )
        for row in rows
    )


def _waiting(rollback_id: str, by: Actor) -> Rollback:
    rows = Rollback.objects.select_for_update().filter(id=rollback_id, ended_at=None)
    row = (rows if by.duty == "operator" else rows.filter(office=by.office)).first()
    if row is None:
        raise ConflictError("no_such_rollback", f"{rollback_id} waits for nobody", "look at the list again")
    return row
