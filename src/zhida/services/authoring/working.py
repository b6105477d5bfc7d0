"""Drafts: begun, edited one act at a time, talked about, dropped; each act with its fact in the ledger."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.values import Actor, utc
from zhida.kernel.ledger import actions as ledger
from zhida.services.authoring.models import Draft, DraftFile, Remark
from zhida.services.authoring.records import DraftRecord, RemarkRecord

DUTIES = ("author", "operator")
_MOST_FILES, _MOST_BYTES = 400, 4 * 1024 * 1024


@transaction.atomic
def begin(
    *,
    draft_id: str,
    pack_id: str,
    title: str,
    files: Mapping[str, bytes],
    by: Actor,
    as_of: datetime,
    base: str = "",
    source: str = "",
    sha256: str = "",
    notes: Iterable[Mapping[str, object]] = (),
) -> None:
    """Begins a draft with its files (path from the pack root → bytes) and records `draft.begun`; the same id again
    does nothing. `base` is the revision that it changes, `source` the name of the document that it was read from.

    Raises AccessError for another duty than an author's, ConflictError `draft_too_large`.
    """
    require_author(by)
    if Draft.objects.filter(id=draft_id).exists():
        return
    _refuse_size(files)
    row = Draft.objects.create(
        id=draft_id, pack=pack_id, office=by.office, title=title[:300], base=base, source=source[:300], sha256=sha256,
        notes=list(notes), hands=[by.account], begun_by=by.account, begun_at=utc(as_of), changed_by=by.account,
        changed_at=utc(as_of),
    )  # fmt: skip
    DraftFile.objects.bulk_create(DraftFile(draft=row, path=path, body=body) for path, body in files.items())
    fields = {"pack": pack_id, "base": base, "document": sha256, "files": _digests(files)}
    ledger.record(kind="draft.begun", about=draft_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def write(
    *,
    draft_id: str,
    version: int,
    files: Mapping[str, bytes | None],
    by: Actor,
    as_of: datetime,
    why: str,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Writes changed files (None takes one away) over the version that the author saw, and records `why` (a kind of
    fact: `draft.settled`, `draft.edited`, `draft.examples_taken`) with their digests and `told`.

    Raises AccessError, ConflictError `draft_changed` where somebody has edited meanwhile, `draft_closed` where it is
    proposed or over, `draft_too_large`.
    """
    require_author(by)
    row = _seen(draft_id, version, by)
    for path, body in files.items():
        if body is None:
            DraftFile.objects.filter(draft=row, path=path).delete()
        else:
            DraftFile.objects.update_or_create(draft=row, path=path, defaults={"body": body})
    _refuse_size(_files(row))
    row.hands = [*dict.fromkeys([*row.hands, by.account])]
    row.changed_by, row.changed_at, row.failure = by.account, utc(as_of), ""
    row.save(update_fields=["hands", "changed_by", "changed_at", "failure"])
    fields = {**(told or {}), "version": version + 1, "files": _digests(files)}
    ledger.record(kind=why, about=draft_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def drop(*, draft_id: str, version: int, by: Actor, as_of: datetime) -> None:
    """Gives a draft up; nothing of it is published. Raises as `write`."""
    require_author(by)
    row = _seen(draft_id, version, by)
    row.state = "dropped"
    row.save(update_fields=["state"])
    ledger.record(kind="draft.dropped", about=draft_id, fields={"pack": row.pack}, by=by, as_of=as_of)


@transaction.atomic
def remark(*, remark_id: str, draft_id: str, place: str, words: str, by: Actor, as_of: datetime) -> None:
    """Says something about a place of a draft, whoever may see it; the ledger keeps the digest of the words.

    Raises ConflictError `no_such_draft`, InvariantBroken for no words; the same id again does nothing.
    """
    require_author(by)
    if not words.strip():
        raise InvariantBroken("no_words", f"a remark on {draft_id} says nothing")
    row = _row(draft_id, by)
    given = {"draft": row, "place": place[:160], "words": words, "account": by.account, "made_at": utc(as_of)}
    _, is_new = Remark.objects.get_or_create(id=remark_id, defaults=given)
    if is_new:
        fields = {"place": place, "words": hashlib.sha256(words.encode()).hexdigest()}
        ledger.record(kind="draft.remarked", about=draft_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def settle_remark(*, remark_id: str, by: Actor, as_of: datetime) -> None:
    """Marks a remark as dealt with; a second time does nothing."""
    require_author(by)
    row = Remark.objects.filter(id=remark_id, draft__office__in=_offices(by)).first() if by.office else None
    if row is None:
        raise ConflictError("no_such_draft", f"no remark {remark_id} here", "look at the draft again")
    if row.settled_at is None:
        row.settled_by, row.settled_at = by.account, utc(as_of)
        row.save(update_fields=["settled_by", "settled_at"])
        ledger.record(kind="draft.remark_settled", about=row.draft_id, fields={"remark": row.id}, by=by, as_of=as_of)


def drafts(places: Collection[str] | None, *, limit: int = 60) -> tuple[DraftRecord, ...]:
    """The drafts of these offices, None for all, those that changed last first; without their files."""
    rows = _of(places).exclude(state="dropped").order_by("-changed_at", "-id")
    return tuple(record_of(row) for row in rows[:limit])


def draft(draft_id: str, places: Collection[str] | None) -> DraftRecord:
    """One draft of these offices with its files. Raises ConflictError `no_such_draft`."""
    row = _of(places).filter(id=draft_id).first()
    if row is None:
        raise ConflictError("no_such_draft", f"no draft {draft_id} here", "look at the list again")
    return record_of(row, _files(row))


def remarks(draft_id: str) -> tuple[RemarkRecord, ...]:
    """What was said about a draft, in the order in which it was said."""
    rows = Remark.objects.filter(draft_id=draft_id).order_by("made_at", "id")
    return tuple(
        RemarkRecord(row.id, row.place, row.words, row.account, row.made_at, row.settled_at is not None) for row in rows
    )


def require_author(by: Actor) -> None:
    """Raises AccessError for a duty that writes no packs."""
    if by.duty not in DUTIES:
        raise AccessError("wrong_duty", f"the duty {by.duty} writes no packs", "ask an author")


def record_of(row: Draft, files: Mapping[str, bytes] | None = None) -> DraftRecord:
    """A row as a record."""
    names = [name for name in DraftRecord.__dataclass_fields__ if name not in ("files", "pack_id", "notes", "hands")]
    given = {name: getattr(row, name) for name in names}
    return DraftRecord(**given, pack_id=row.pack, notes=tuple(row.notes), hands=tuple(row.hands), files=files or {})


def locked(draft_id: str, by: Actor) -> Draft:
    """The row for an act, locked. Raises ConflictError `no_such_draft` where the actor's office has none such."""
    return _row(draft_id, by)


def files_of(row: Draft) -> dict[str, bytes]:
    """The files of a row."""
    return _files(row)


def _row(draft_id: str, by: Actor) -> Draft:
    rows = Draft.objects.select_for_update().filter(id=draft_id)
    row = (rows if by.duty == "operator" else rows.filter(office__in=_offices(by))).first()
    if row is None:
        raise ConflictError("no_such_draft", f"no draft {draft_id} here", "look at the list again")
    return row


def _offices(by: Actor) -> list[str]:
    return [by.office]


def _seen(draft_id: str, version: int, by: Actor) -> Draft:
    row = _row(draft_id, by)
    if row.state != "open":
        raise ConflictError("draft_closed", f"{draft_id} is {row.state}", "take the proposal back to edit it")
    if not Draft.objects.filter(id=draft_id, version=version).update(version=F("version") + 1):
        words = f"{draft_id} is at version {row.version}, not {version}: {row.changed_by} edited it"
        raise ConflictError("draft_changed", words, "look again and do it anew")
    row.version = version + 1
    return row


def _of(places: Collection[str] | None) -> QuerySet[Draft]:
    rows = Draft.objects.all()
    return rows if places is None else rows.filter(office__in=list(places))


def _files(row: Draft) -> dict[str, bytes]:
    return {one.path: bytes(one.body) for one in DraftFile.objects.filter(draft=row).order_by("path")}


def _digests(files: Mapping[str, bytes | None]) -> dict[str, str]:
    return {path: hashlib.sha256(body).hexdigest() if body is not None else "" for path, body in files.items()}


def _refuse_size(files: Mapping[str, bytes]) -> None:
    size = sum(map(len, files.values()))
    if len(files) > _MOST_FILES or size > _MOST_BYTES:
        words = f"{len(files)} files of {size} bytes, at most {_MOST_FILES} of {_MOST_BYTES} are kept"
        raise ConflictError("draft_too_large", words, "split the document")
