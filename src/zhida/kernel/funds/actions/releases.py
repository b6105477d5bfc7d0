"""Standing releases: three persons sign, the system pays within the cap and the days, and anyone of them can end it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.values import Actor, Span, local_date, utc
from zhida.kernel.funds.models import PaymentBatch, StandingRelease
from zhida.kernel.funds.ports import controls
from zhida.kernel.ledger import actions as ledger


@transaction.atomic
def prepare_release(*, release_id: str, line: str, cap_fen: int, valid: Span, by: Actor, as_of: datetime) -> None:
    """The maker proposes: up to `cap_fen` from a line within closed days. Raises AccessError for another duty."""
    require_duty(by, "maker")
    if valid.start is None or valid.end is None:
        raise InvariantBroken("open_release", "a standing release has a first and a last day")
    controls().check_signature(by, line, cap_fen, as_of=as_of)
    StandingRelease.objects.create(
        id=release_id,
        line_id=line,
        cap_fen=cap_fen,
        valid_from=valid.start,
        valid_to=valid.end,
        maker=by.account,
        made_at=utc(as_of),
    )
    fields = {"line": line, "cap_fen": cap_fen, "valid": str(valid)}
    ledger.record(kind="funds.release_prepared", about=release_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def check_release(*, release_id: str, by: Actor, as_of: datetime) -> None:
    """The checker signs. Raises AccessError for the maker or another duty, ConflictError where it was checked."""
    row = _locked(release_id)
    sign_check(row, by, as_of)
    row.save(update_fields=["checker", "checked_at"])
    ledger.record(kind="funds.release_checked", about=release_id, fields={}, by=by, as_of=as_of)


@transaction.atomic
def sign_release(*, release_id: str, by: Actor, as_of: datetime) -> None:
    """The releaser signs, and the release comes into force on its first day.

    Raises AccessError for the maker, the checker or another duty; ConflictError where it is not checked or was signed.
    """
    row = _locked(release_id)
    sign_last(row, by, as_of)
    row.save(update_fields=["releaser", "released_at"])
    fields = {"line": row.line_id, "cap_fen": row.cap_fen, "maker": row.maker, "checker": row.checker or ""}
    ledger.record(kind="funds.release_signed", about=release_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def revoke_release(*, release_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Ends a release now; what was sent under it stays sent. Raises ConflictError where it had ended."""
    row = _locked(release_id)
    if row.revoked_at is not None:
        raise ConflictError("release_ended", f"{release_id} was revoked before", "look at the release again")
    row.revoked_at = utc(as_of)
    row.save(update_fields=["revoked_at"])
    ledger.record(kind="funds.release_revoked", about=release_id, fields={"reason": reason}, by=by, as_of=as_of)


def charge(release_id: str, line: str, amount_fen: int, as_of: datetime) -> StandingRelease:
    """Counts an amount against a release's cap, in the caller's transaction.

    Raises AccessError `release_not_in_force`, ConflictError `release_exhausted`.
    """
    row = _locked(release_id)
    check_in_force(row, line, as_of)
    if row.used_fen + amount_fen > row.cap_fen:
        words = f"{release_id}: {row.cap_fen - row.used_fen} fen are left of its cap, {amount_fen} are asked for"
        raise ConflictError("release_exhausted", words, "three persons: sign a further release, or pay by a batch")
    row.used_fen += amount_fen
    row.save(update_fields=["used_fen"])
    return row


def is_in_force(row: StandingRelease, as_of: datetime) -> bool:
    """Signed three times, not revoked, and within its days."""
    is_signed = row.releaser is not None and row.revoked_at is None
    return is_signed and row.valid_from <= local_date(as_of) < row.valid_to


def check_in_force(row: StandingRelease, line: str, as_of: datetime) -> None:
    """Raises AccessError where a release is not for this line or not in force."""
    if row.line_id != line or not is_in_force(row, as_of):
        words = f"{row.id} does not allow the system to pay from {line} now"
        raise AccessError("release_not_in_force", words, "three persons: sign a release, or pay by a batch")


def require_duty(by: Actor, duty: str) -> None:
    """Raises AccessError unless the actor acts in this duty."""
    if by.duty != duty:
        raise AccessError("wrong_duty", f"this is the {duty}'s to sign, not the {by.duty}'s", f"ask a {duty}")


def sign_check(row: StandingRelease | PaymentBatch, by: Actor, as_of: datetime) -> None:
    """Puts the checker's name; see `check_release`."""
    require_duty(by, "checker")
    controls().check_signature(by, row.line_id, _weight(row), as_of=as_of)
    if row.checker is not None:
        raise ConflictError("signed_before", f"{row.pk} was checked before", "look at it again")
    _require_other(by, row.maker)
    row.checker, row.checked_at = by.account, utc(as_of)


def sign_last(row: StandingRelease | PaymentBatch, by: Actor, as_of: datetime) -> None:
    """Puts the releaser's name; see `sign_release`."""
    require_duty(by, "releaser")
    controls().check_signature(by, row.line_id, _weight(row), as_of=as_of)
    if row.checker is None or row.releaser is not None:
        raise ConflictError("signed_out_of_order", f"{row.pk} is not checked, or was signed", "look at it again")
    _require_other(by, row.maker, row.checker)
    row.releaser, row.released_at = by.account, utc(as_of)


def _weight(row: StandingRelease | PaymentBatch) -> int:
    return row.cap_fen if isinstance(row, StandingRelease) else row.total_fen


def _require_other(by: Actor, *others: str) -> None:
    if by.account in others:
        raise AccessError("same_person", "maker, checker and releaser are three persons", "ask a colleague to sign")


def _locked(release_id: str) -> StandingRelease:
    row = StandingRelease.objects.select_for_update().filter(pk=release_id).first()
    if row is None:
        raise ConflictError("no_such_release", f"{release_id} was never prepared", "prepare it first")
    return row
