"""Closing a day: two persons sign counts, sums and a digest; what has not come to zero is named with its age."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime
from typing import cast

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import Clearing, DayBalance, State, Word
from zhida.domain.proofs import Json
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.values import Actor, Scope, local_date, utc
from zhida.kernel.funds import queries
from zhida.kernel.funds.records import DisbursementRecord
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.models import DayClose

_ALL = Scope.system("close")
_MOST = 1_000_000


def day_balance(day: date, channel: str = "") -> DayBalance:
    """How a reconciled day stands now. Raises ConflictError `not_reconciled` where no statement of it was compared."""
    lines = queries.reconciled_lines(day, channel)
    if lines is None:
        raise ConflictError("not_reconciled", f"{day} was not compared with a statement", "reconcile it first")
    findings = queries.findings(day=day, channel=channel, is_open=False, limit=_MOST)
    waiting = queries.findings(channel=channel, limit=_MOST)
    sums: Counter[str] = Counter()
    for finding in findings:
        sums[finding.word] += finding.stated_fen
    unanswered = queries.unanswered(channel)
    return DayBalance(
        day=day,
        channel=channel,
        lines=lines,
        paid_fen=sums[Word.PAID],
        returned_fen=sums[Word.RETURNED],
        counts=Counter(str(finding.kind) for finding in findings),
        in_flight=tuple(_in_flight(each, day) for each in unanswered if _since(each) <= day),
        unexplained=tuple(
            Clearing(each.kind, each.reference, each.stated_fen or each.expected_fen, each.day, (day - each.day).days)
            for each in sorted(waiting, key=lambda each: (each.day, each.id))
            if each.day <= day
        ),
    )


def _since(row: DisbursementRecord) -> date:
    return row.requested_on or local_date(row.changed_at)


def _in_flight(row: DisbursementRecord, day: date) -> Clearing:
    name = "unknown" if row.state is State.UNKNOWN else "instructed"
    return Clearing(name, row.reference, row.amount_fen, _since(row), (day - _since(row)).days)


@transaction.atomic
def prepare_close(*, close_id: str, day: date, by: Actor, as_of: datetime, channel: str = "") -> str:
    """The maker signs a day as it stands; the digest that the second person signs too.

    Raises AccessError for another duty, ConflictError `not_reconciled` or `day_closed`.
    """
    if by.duty != "maker":
        raise AccessError("wrong_duty", f"a maker prepares a close, not a {by.duty}", "ask a maker")
    if is_closed(day, channel):
        raise ConflictError("day_closed", f"{day} was closed under two signatures", "look at its close")
    summary, digest = _digest(day, channel)
    row = DayClose.objects.create(
        id=close_id, day=day, channel=channel, digest=digest, summary=summary, maker=by.account, made_at=utc(as_of)
    )
    _record("funds.day_prepared", row, by, as_of)
    return digest


@transaction.atomic
def check_close(*, close_id: str, digest: str, by: Actor, as_of: datetime) -> None:
    """The second person signs, and the day is closed: nothing is compared with it any more.

    Raises AccessError for the maker or another duty, ConflictError where the day is no longer as it was signed.
    """
    if by.duty not in ("checker", "releaser"):
        raise AccessError("wrong_duty", f"a checker closes a day, not a {by.duty}", "ask a checker")
    row = DayClose.objects.select_for_update().filter(pk=close_id, checker=None).first()
    if row is None or is_closed(row.day, row.channel):
        raise ConflictError("no_such_close", f"{close_id} waits for no signature", "look at the day again")
    if by.account == row.maker:
        raise AccessError("same_person", "two persons close a day", "ask a colleague to sign")
    if not digest == row.digest == _digest(row.day, row.channel)[1]:
        raise ConflictError("day_changed", f"{row.day} is not what was signed", "prepare its close anew")
    row.checker, row.closed_at = by.account, utc(as_of)
    row.save(update_fields=["checker", "closed_at"])
    _record("funds.day_closed", row, by, as_of)


def is_closed(day: date, channel: str = "") -> bool:
    """Whether two persons have signed a day."""
    return DayClose.objects.filter(day=day, channel=channel, checker__isnull=False).exists()


def signed_days(channel: str = "") -> dict[date, bool]:
    """Each day that somebody has signed, and whether two have."""
    rows = DayClose.objects.filter(channel=channel).order_by("made_at", "pk").values_list("day", "checker")
    signed: dict[date, bool] = {}
    for day, checker in rows:
        signed[day] = signed.get(day, False) or checker is not None
    return signed


def prepared_close(day: date, channel: str = "") -> str | None:
    """The id of the latest close of a day that waits for its second signature."""
    rows = DayClose.objects.filter(day=day, channel=channel, checker=None).order_by("-made_at", "-pk")
    return rows.values_list("pk", flat=True).first()


def _digest(day: date, channel: str) -> tuple[Json, str]:
    summary = cast(Json, day_balance(day, channel).told())
    return summary, hashlib.sha256(canonical_json(summary)).hexdigest()


def _record(kind: str, row: DayClose, by: Actor, as_of: datetime) -> None:
    told = row.summary
    named = ("channel", "lines", "paid_fen", "returned_fen", "counts", "in_flight_fen", "unexplained_fen")
    fields = {"day": row.day.isoformat(), "digest": row.digest, **{name: told[name] for name in named}}
    ledger.record(kind=kind, about=row.id, fields=fields, by=by, as_of=as_of)
