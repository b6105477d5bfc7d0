"""Payees that look odd: another holder of the account, many behind one, many payments in a day; a person looks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from zhida.domain.postings import State
from zhida.domain.values import Scope, SubjectKind, local_date
from zhida.kernel.funds import queries
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.registry import queries as registry
from zhida.services.controls.lists import Objection

_PURPOSE = "payment:payees"
_GONE = (State.INSTRUCTED, State.UNKNOWN, State.SETTLED)
_MOST_READ = 10_000
_DOTS = frozenset("·•‧∙⋅・.")


def shared_accounts(payments: Sequence[DuePayment], *, most: int, as_of: datetime) -> Iterator[Objection]:
    """Payments to an account whose very number more than `most` payees have on record today."""
    shared = registry.sharing_account({each.account_ref for each in payments}, on=local_date(as_of))
    for each in payments:
        if shared.get(each.account_ref, 0) > most:
            yield Objection(each.id, "account_shared", f"{shared[each.account_ref]} payees have this account")


def other_holders(payments: Sequence[DuePayment], *, as_of: datetime) -> Iterator[Objection]:
    """Payments to an account whose holder is not called as the register calls the payee; a household has no name."""
    scope, subjects = Scope.system(_PURPOSE), sorted({each.subject_id for each in payments})
    known = registry.subjects(subjects, scope=scope)
    accounts = registry.bank_accounts(subjects, scope=scope, on=local_date(as_of))
    for each in payments:
        payee, account = known.get(each.subject_id), accounts.get(each.subject_id)
        if payee is None or account is None or payee.kind is SubjectKind.HOUSEHOLD:
            continue
        if same_name(account.holder) != same_name(payee.name):
            yield Objection(each.id, "holder_differs", each.account_ref)


def same_name(name: str) -> str:
    """A name as two spellings of it are compared: width, spaces and middle dots (·, •, ‧, ・) do not tell apart."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if not character.isspace() and character not in _DOTS)


def bursts(payments: Sequence[DuePayment], *, most: int, as_of: datetime) -> Iterator[Objection]:
    """Payments with which their payee would have more than `most` of this day: sent, paid, or about to be.

    Of a burst that goes out together only those above the limit are named, so that lifting one lets one go.
    """
    today, subjects = local_date(as_of), frozenset(each.subject_id for each in payments)
    if not subjects:
        return
    scope = Scope.own(subjects, _PURPOSE)
    sent = queries.disbursements(scope=scope, states=_GONE, limit=_MOST_READ)
    due = {each.id for each in payments}
    counted = Counter(one.subject_id for one in sent if one.requested_on == today and one.id not in due)
    for each in payments:
        counted[each.subject_id] += 1
        if counted[each.subject_id] > most:
            yield Objection(each.id, "payee_burst", f"more than {most} payments to this payee today")
