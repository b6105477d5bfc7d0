"""Limits of signing: how much a duty may sign for at once, and one person in a day; two persons set a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.services.controls.hands import require_hand
from zhida.services.controls.models import LimitChange, SignedToday, SigningLimit
from zhida.services.controls.proposals import put_forward, sign, waiting, withdraw

DUTIES = ("maker", "checker", "releaser")
SIGNATURE, DAY = "signature", "day"


@dataclass(frozen=True)
class LimitRecord:
    """A limit in force: `duty` signs for up to `up_to_fen` on `line`, "" for all without one of their own.

    `per` is "signature" (at once) or "day": the sum of what one person signs for on a day.
    """

    line: str
    duty: str
    up_to_fen: int
    per: str = SIGNATURE


@dataclass(frozen=True)
class LimitChangeRecord:
    """A limit that somebody proposed; `up_to_fen` None: the limit is to end. Open until confirmed or withdrawn."""

    id: str
    line: str
    duty: str
    up_to_fen: int | None
    reason: str
    maker: str
    made_at: datetime
    checker: str | None
    withdrawn_at: datetime | None
    per: str = SIGNATURE


@transaction.atomic
def propose_limit(
    *,
    change_id: str,
    duty: str,
    up_to_fen: int | None,
    reason: str,
    by: Actor,
    as_of: datetime,
    line: str = "",
    per: str = SIGNATURE,
) -> None:
    """Proposes how much a duty may sign for, on a line or on all without a limit of their own; None ends it.

    With `per` DAY it is what one person may sign for in a day. Sent twice it counts once.

    Raises AccessError where the actor acts in that very duty, ConflictError `limit_without_reason` or `limit_proposed`
    (another proposal waits), InvariantBroken for a malformed amount.
    """
    if (
        duty not in DUTIES
        or per not in (SIGNATURE, DAY)
        or (up_to_fen is not None and (type(up_to_fen) is not int or up_to_fen < 0))
    ):
        raise InvariantBroken("malformed_amount", f"{duty}: {up_to_fen!r} is no amount of fen that a duty signs for")
    require_hand(by, *(each for each in (*DUTIES, "operator") if each != duty))
    if not reason:
        raise ConflictError("limit_without_reason", "whoever proposes a limit says why", "write it down")
    given = {"line": line, "duty": duty, "per": per, "up_to_fen": up_to_fen, "reason": reason}
    row = LimitChange(id=change_id, maker=by.account, made_at=utc(as_of), **given)
    words = f"a limit of the {duty} on {line or 'all lines'} is proposed already"
    if put_forward(row, otherwise=ConflictError("limit_proposed", words, "confirm or withdraw that one first")):
        _record("funds.limit_proposed", row, by, as_of)


@transaction.atomic
def confirm_limit(*, change_id: str, by: Actor, as_of: datetime) -> None:
    """A checker or releaser, another person than the proposer and not in the duty itself, puts a limit in force.

    Raises AccessError, or ConflictError `no_such_proposal` where nothing waits under this id.
    """
    row = waiting(LimitChange, change_id)
    require_hand(by, *(each for each in ("checker", "releaser") if each != row.duty), others=(row.maker,))
    sign(row, by, as_of=as_of)
    meant = {"line": row.line, "duty": row.duty, "per": row.per}
    if row.up_to_fen is None:
        SigningLimit.objects.filter(**meant).delete()
    else:
        SigningLimit.objects.update_or_create(**meant, defaults={"up_to_fen": row.up_to_fen})
    _record("funds.limit_set", row, by, as_of)


@transaction.atomic
def withdraw_limit(*, change_id: str, by: Actor, as_of: datetime) -> None:
    """Takes back a proposed limit that nobody confirmed. Raises AccessError for a duty without a hand in money."""
    require_hand(by, *DUTIES, "operator")
    row = waiting(LimitChange, change_id)
    withdraw(row, as_of=as_of)
    _record("funds.limit_withdrawn", row, by, as_of)


def check_signature(by: Actor, line: str, amount_fen: int, *, as_of: datetime) -> None:
    """Counts what a person signs for, in the caller's transaction; a duty without a limit signs for any.

    Raises AccessError `above_limit` where the duty does not sign for so much at once, `above_day_limit` where this
    person's signatures of the day would come to more.
    """
    rows = SigningLimit.objects.filter(duty=by.duty, line__in=["", line]).values_list("per", "line", "up_to_fen")
    limits = {(per, of): up_to_fen for per, of, up_to_fen in rows}
    limit = limits.get((SIGNATURE, line), limits.get((SIGNATURE, "")))
    if limit is not None and amount_fen > limit:
        words = f"a {by.duty} signs for up to {limit} fen here, not for {amount_fen}"
        raise AccessError("above_limit", words, "two persons: have the limit raised, with a reason")
    if by.duty in DUTIES:
        _count(by, line, amount_fen, limits.get((DAY, line)), limits.get((DAY, "")), local_date(as_of))


def _count(by: Actor, line: str, amount_fen: int, own: int | None, shared: int | None, on: date) -> None:
    """Adds to what a person signed for today; one at a time, so that two signatures at once do not pass as one each."""
    of_day = SignedToday.objects.filter(account=by.account, duty=by.duty, signed_on=on)
    for each in sorted({"", line}):
        SignedToday.objects.get_or_create(account=by.account, duty=by.duty, signed_on=on, line=each)
    signed = {row.line: row.sum_fen for row in of_day.select_for_update().order_by("line")}
    with_own = set(SigningLimit.objects.filter(duty=by.duty, per=DAY).exclude(line="").values_list("line", flat=True))
    before = signed[line] if own is not None else sum(fen for at, fen in signed.items() if at not in with_own)
    limit = own if own is not None else shared
    if limit is not None and before + amount_fen > limit:
        words = f"this {by.duty} signed for {before} fen today; with {amount_fen} more it is above {limit}"
        raise AccessError("above_day_limit", words, "a colleague signs it, or two persons have the limit raised")
    of_day.filter(line=line).update(sum_fen=F("sum_fen") + amount_fen)


def limits_in_force() -> tuple[LimitRecord, ...]:
    """Every limit, those for all lines first."""
    rows = SigningLimit.objects.order_by("line", "duty", "-per")
    return tuple(LimitRecord(row.line, row.duty, row.up_to_fen, row.per) for row in rows)


def limit_changes(*, is_open: bool = True, limit: int = 200) -> tuple[LimitChangeRecord, ...]:
    """The proposed limits, the newest first; only those that wait for a second person unless told otherwise."""
    rows = LimitChange.objects.order_by("-made_at", "-pk")
    rows = rows.filter(checker=None, withdrawn_at=None) if is_open else rows
    return tuple(
        LimitChangeRecord(
            row.id,
            row.line,
            row.duty,
            row.up_to_fen,
            row.reason,
            row.maker,
            row.made_at,
            row.checker,
            row.withdrawn_at,
            row.per,
        )
        for row in rows[:limit]
    )


def _record(kind: str, row: LimitChange, by: Actor, as_of: datetime) -> None:
    fields = {"duty": row.duty, "line": row.line, "per": row.per, "up_to_fen": row.up_to_fen}
    fields |= {"reason": row.reason, "change": row.id}
    ledger.record(kind=kind, about=row.line or "funds", fields=fields, by=by, as_of=as_of)
