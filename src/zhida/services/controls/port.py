"""The controls as funds ask for them, with what an installation sets: its lists, and how long a new account waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhida.domain.values import Actor, Scope, local_date
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.registry import queries as registry
from zhida.services.controls import closing, holds, limits, stops
from zhida.services.controls.lists import Objection, PaymentList, objections
from zhida.services.controls.offsetting import set_off_fen

_ASK_AGAIN = timedelta(hours=1)
_SCOPE = Scope.system("payment:controls")


@dataclass(frozen=True)
class Controls:
    """A ControlPort. `lists` gives the lists in force; a changed account is held for `account_hold`."""

    lists: Callable[[], Sequence[PaymentList]]
    account_hold: timedelta = timedelta(hours=24)

    def check_signature(self, by: Actor, line: str, amount_fen: int) -> None:
        """Raises AccessError `above_limit`."""
        limits.check_signature(by, line, amount_fen)

    def examine(self, payments: Sequence[DuePayment], *, as_of: datetime, is_decision: bool = False) -> None:
        """Holds what lists, amounts or young accounts object to; raises RetryableOutside where a list is away.

        At a decision only the lists are asked: account and amount are looked at when the payment is about to go.
        """
        given = [(each.id, each.subject_id, each.line) for each in payments]
        found = list(objections(self.lists(), given, as_of=as_of))
        if not is_decision:
            found += [*_of_amounts(payments), *self._of_accounts(payments, as_of)]
        silent = as_of + _ASK_AGAIN
        found = [
            Objection(each.payment, each.reason, each.detail, silent) if each.reason == "list_silent" else each
            for each in found
        ]
        if found:
            holds.hold(found, as_of=as_of)

    def held(self, payments: Sequence[DuePayment], *, as_of: datetime) -> Mapping[str, str]:
        """Which may not go now: those under a stop, and those held."""
        return {**holds.held([each.id for each in payments], as_of=as_of), **stops.stopped(payments)}

    def is_closed(self, day: date, channel: str) -> bool:
        """Whether two persons closed a day."""
        return closing.is_closed(day, channel)

    def _of_accounts(self, payments: Sequence[DuePayment], as_of: datetime) -> Iterator[Objection]:
        """A changed account waits, a first one is flagged, one that is no longer on record is not paid."""
        if not self.account_hold:
            return
        subjects = sorted({each.subject_id for each in payments})
        now = registry.bank_accounts(subjects, scope=_SCOPE, on=local_date(as_of))
        before = registry.bank_accounts(subjects, scope=_SCOPE, on=local_date(as_of - self.account_hold))
        for each in payments:
            present, earlier = now.get(each.subject_id), before.get(each.subject_id)
            if present is None:
                continue
            if present.id != each.account_ref:
                yield Objection(each.id, "account_superseded", each.account_ref)
            elif earlier is None:
                yield Objection(each.id, "first_payment_to_account", each.account_ref, as_of)
            elif earlier.id != present.id:
                began = datetime.combine(present.valid_from, datetime.min.time(), as_of.tzinfo)
                until = max(began, as_of - self.account_hold) + self.account_hold
                yield Objection(each.id, "account_changed", each.account_ref, until)


def _of_amounts(payments: Sequence[DuePayment]) -> Iterator[Objection]:
    """What is paid equals what was granted, less what was set off; a grant that was revoked is not paid."""
    awarded = {grant.id: grant for grant in grants.grants_by_id([each.grant_id for each in payments])}
    found = [(each, awarded[each.grant_id]) for each in payments if each.grant_id in awarded]
    short = [each.id for each, grant in found if grant.amount_fen != each.amount_fen]
    taken = set_off_fen(short) if short else {}
    for each, grant in found:
        if grant.revoked_at is not None:
            yield Objection(each.id, "grant_revoked", grant.id)
        elif grant.amount_fen != each.amount_fen + taken.get(each.id, 0):
            yield Objection(each.id, "amount_differs", f"{each.amount_fen} of {grant.amount_fen} fen granted")
