"""The controls as funds ask for them, with what an installation sets: its lists, and how long a new account waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.conf import settings

from zhida.domain.errors import ConflictError, RetryableOutside
from zhida.domain.values import Actor, Scope, local_date
from zhida.domain.values.moments import CHINA
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import AccountRecord
from zhida.services.controls import closing, holds, limits, stops
from zhida.services.controls.lists import Objection, PaymentList, objections
from zhida.services.controls.offsetting import set_off_fen
from zhida.services.controls.payees import bursts, other_holders, shared_accounts
from zhida.services.controls.recomputing import recompute
from zhida.services.controls.relatives import related_payees

_ASK_AGAIN = timedelta(hours=1)
_SCOPE = Scope.system("payment:controls")


@dataclass(frozen=True)
class Controls:
    """A ControlPort. `lists` gives the lists in force; a changed account is held for `account_hold`.

    A person looks at more than `payees_per_account` payees of one account, or `payments_per_day` to one payee.
    """

    lists: Callable[[], Sequence[PaymentList]]
    account_hold: timedelta = timedelta(hours=24)
    payees_per_account: int = 5
    payments_per_day: int = 10

    def check_signature(self, by: Actor, line: str, amount_fen: int, *, as_of: datetime) -> None:
        """Raises AccessError `above_limit` or `above_day_limit`."""
        limits.check_signature(by, line, amount_fen, as_of=as_of)

    def examine(self, payments: Sequence[DuePayment], *, as_of: datetime, is_decision: bool = False) -> None:
        """Holds what lists, amounts or young accounts object to.

        At a decision only the lists are asked, and where one is away what is decided is held: account and amount are
        looked at when the payment is about to go. Then a list that is away raises RetryableOutside: nothing is sent.
        What has no account (the part of a set-off) never goes, and needs no look.
        """
        found = self._of_lists(payments, as_of, is_decision)
        if not is_decision:
            going = [each for each in payments if each.account_ref]
            found += [*_of_amounts(going), *self._of_accounts(going, as_of)]
            found += other_holders(going, as_of=as_of)
            found += shared_accounts(going, most=self.payees_per_account, as_of=as_of)
            found += bursts(going, most=self.payments_per_day, as_of=as_of)
            found += related_payees(going, as_of=as_of)
        if found:
            holds.hold(found, as_of=as_of)

    def held(self, payments: Sequence[DuePayment], *, as_of: datetime) -> Mapping[str, str]:
        """Which may not go now: those under a stop, and those held."""
        return {**holds.held([each.id for each in payments], as_of=as_of), **stops.stopped(payments)}

    def is_closed(self, day: date, channel: str) -> bool:
        """Whether two persons closed a day."""
        return closing.is_closed(day, channel)

    def _of_lists(self, payments: Sequence[DuePayment], as_of: datetime, is_decision: bool) -> list[Objection]:
        """What the lists say; whoever they do not know yet is asked after again in an hour."""
        given = [(each.id, each.subject_id, each.line) for each in payments]
        again = as_of + _ASK_AGAIN
        try:
            found = objections(self.lists(), given, as_of=as_of)
        except (ConflictError, RetryableOutside) as error:
            if not is_decision:
                raise RetryableOutside("list_source_down", error.words, "nothing is sent") from error
            return [Objection(each.id, "list_source_down", "", again) for each in payments]
        return [replace(each, until=again) if each.reason == "list_silent" else each for each in found]

    def _of_accounts(self, payments: Sequence[DuePayment], as_of: datetime) -> Iterator[Objection]:
        """A changed account waits, a first one is flagged, one that is no longer on record is not paid.

        The wait counts from when the change was learned of: a day written into the past shortens nothing.
        """
        subjects = sorted({each.subject_id for each in payments})
        now = registry.bank_accounts(subjects, scope=_SCOPE, on=local_date(as_of))
        changed: frozenset[str] | None = None
        for each in payments:
            present = now.get(each.subject_id)
            if present is None and not settings.ZHIDA_PAYS_ONLY_GRANTS:
                continue
            if present is None or present.id != each.account_ref:
                yield Objection(each.id, "account_superseded", each.account_ref)
                continue
            until = _known_since(present) + self.account_hold
            if until <= as_of:
                continue
            if changed is None:
                changed = registry.with_changed_account(subjects, on=local_date(as_of))
            if each.subject_id in changed:
                yield Objection(each.id, "account_changed", each.account_ref, until)
            else:
                yield Objection(each.id, "first_payment_to_account", each.account_ref, as_of)


def _known_since(account: AccountRecord) -> datetime:
    """Since when an account has been both in force and known."""
    began = datetime.combine(account.valid_from, datetime.min.time(), CHINA)
    return max(began, account.recorded_at or began)


def _of_amounts(payments: Sequence[DuePayment]) -> Iterator[Objection]:
    """What is paid equals what was granted and what its rules give again, less what was set off.

    A grant that was revoked is not paid, nor one whose facts are not those that it rested on, nor to anybody else; and
    what nobody granted is not paid at all (`settings.ZHIDA_PAYS_ONLY_GRANTS`).
    """
    awarded = {grant.id: grant for grant in grants.grants_by_id([each.grant_id for each in payments])}
    if settings.ZHIDA_PAYS_ONLY_GRANTS:
        unknown = (each for each in payments if each.grant_id not in awarded)
        yield from (Objection(each.id, "not_granted", each.grant_id) for each in unknown)
    found = [(each, awarded[each.grant_id]) for each in payments if each.grant_id in awarded]
    short = [each.id for each, grant in found if grant.amount_fen != each.amount_fen]
    taken = set_off_fen(short) if short else {}
    again = recompute([grant.id for _, grant in found])
    for each, grant in found:
        whole_fen, ruled = each.amount_fen + taken.get(each.id, 0), again.get(grant.id)
        if grant.revoked_at is not None:
            yield Objection(each.id, "grant_revoked", grant.id)
        elif grant.subject_id != each.subject_id:
            yield Objection(each.id, "payee_differs", f"{grant.id} was granted to {grant.subject_id}")
        elif grant.amount_fen != whole_fen:
            yield Objection(each.id, "amount_differs", f"{each.amount_fen} of {grant.amount_fen} fen granted")
        elif ruled is not None and not ruled.is_untouched:
            yield Objection(each.id, "inputs_altered", f"{grant.id}: its facts are not those it was granted on")
        elif ruled is not None and ruled.amount_fen != whole_fen:
            yield Objection(each.id, "rule_differs", f"{whole_fen} fen granted; {ruled.amount_fen} fen by {ruled.by}")
