"""Each day's statement compared and the day closed, for the demonstration: the last two are left to people."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds.ports import treasury
from zhida.services.controls import closing

MAKER, CHECKER = "maker", "checker"
LEFT = 2
"""So many days stand open: one that the checker may sign, and one that the maker may close."""


def close_days(since: date, *, as_of: datetime) -> int:
    """Compares every day from `since` to yesterday on which money moved, and closes all but the last; how many.

    Nothing is closed where nobody plays maker and checker, or where a statement does not fit.
    """
    first, second = accounts.account_named(MAKER), accounts.account_named(CHECKER)
    if first is None or second is None:
        return 0
    maker, checker = Actor(first.id, MAKER), Actor(second.id, CHECKER)
    days = (since + timedelta(days=n) for n in range((local_date(as_of) - since).days))
    moved = [day for day in days if _compare(day, checker, as_of)]
    for day in moved[:-LEFT]:
        close_id, digest = _prepare(day, maker, as_of)
        closing.check_close(close_id=close_id, digest=digest, by=checker, as_of=as_of)
    for day in moved[-LEFT:][:1]:
        _prepare(day, maker, as_of)
    return len(moved)


def _compare(day: date, by: Actor, as_of: datetime) -> bool:
    """Whether money moved on a day; then its statement, the treasury's list and the books are compared."""
    lines = treasury().statement(day)
    references = {line.reference for line in lines} | set(funds.due_references(day, ""))
    if not references:
        return False
    listed = treasury().ask(sorted(references))
    report = funds.reconcile(
        reconciliation_id=new_id("reconcile"), day=day, lines=lines, listed=listed, by=by, as_of=as_of
    )
    return report.lines > 0


def _prepare(day: date, by: Actor, as_of: datetime) -> tuple[str, str]:
    close_id = new_id("close")
    return close_id, closing.prepare_close(close_id=close_id, day=day, by=by, as_of=as_of)
