"""Budget lines: opened with money, raised or cut, frozen and thawed."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.postings import Move
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.funds.actions.waking import send_waiting
from zhida.kernel.funds.books import Movement, OpenBooks
from zhida.kernel.funds.models import BudgetLine, Standing
from zhida.kernel.ledger import actions as ledger


@transaction.atomic
def open_line(
    *, line: str, name: str, office: str, region: str, year: int, total_fen: int, by: Actor, as_of: datetime
) -> None:
    """Opens a budget line under its slug and fills it with `total_fen`. Raises ConflictError `line_is_open`."""
    try:
        with transaction.atomic():
            opened = {"name": name, "office": office, "region": region, "year": year, "opened_at": utc(as_of)}
            BudgetLine.objects.create(id=line, **opened)
    except IntegrityError as error:
        raise ConflictError("line_is_open", f"{line} is open already", "adjust it instead") from error
    Standing.objects.create(line_id=line)
    _post(line, Move.ALLOCATE, total_fen, as_of)
    fields = {"office": office, "region": region, "year": year, "total_fen": total_fen}
    ledger.record(kind="funds.line_opened", about=line, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def adjust_line(*, line: str, change_fen: int, reason: str, by: Actor, as_of: datetime) -> None:
    """Adds to a line's total, or cuts from what is still available of it.

    Raises ConflictError `line_holds_too_little` for a cut deeper than that, InvariantBroken for a change of nothing.
    """
    if change_fen == 0:
        raise InvariantBroken("malformed_amount", "an adjustment changes something")
    _post(line, Move.ALLOCATE if change_fen > 0 else Move.CURTAIL, abs(change_fen), as_of)
    fields = {"change_fen": change_fen, "reason": reason}
    ledger.record(kind="funds.line_adjusted", about=line, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def freeze_line(*, line: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Stops a line: nothing more is reserved, instructed or sent from it until it is thawed."""
    if not reason:
        raise InvariantBroken("frozen_without_reason", f"{line}: a freeze says why")
    _set_frozen(line, utc(as_of), reason)
    ledger.record(kind="funds.line_frozen", about=line, fields={"reason": reason}, by=by, as_of=as_of)


@transaction.atomic
def thaw_line(*, line: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Lets a frozen line pay again; what waited on it is sent."""
    _set_frozen(line, None, "")
    send_waiting(why=new_id("thaw"), as_of=as_of, line=line)
    ledger.record(kind="funds.line_thawed", about=line, fields={"reason": reason}, by=by, as_of=as_of)


def check_not_frozen(line: str) -> None:
    """Raises ConflictError `line_frozen`, or `no_such_line`."""
    row = BudgetLine.objects.filter(pk=line).first()
    if row is None:
        raise ConflictError("no_such_line", f"no budget line {line!r}", "whoever owns it: open the line first")
    if row.frozen_at is not None:
        raise ConflictError("line_frozen", f"{line} is frozen: {row.frozen_reason}", "whoever froze it can thaw it")


def _post(line: str, move: Move, amount_fen: int, as_of: datetime) -> None:
    books = OpenBooks([line])
    books.move(line, move, [Movement(amount_fen, new_id("budget"))], at=as_of)
    books.write()


def _set_frozen(line: str, at: datetime | None, reason: str) -> None:
    if not BudgetLine.objects.filter(pk=line, frozen_at__isnull=at is not None).update(
        frozen_at=at, frozen_reason=reason
    ):
        raise ConflictError("line_not_so", f"{line} is not there, or stands so already", "look at the line again")
