"""What payees owe the public after payment: which obligations run, which end soon, which were found broken.

A pack says for how long and what a breach brings; that one was broken a person finds, and orders a recovery on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.packs import Obligation
from zhida.domain.postings import State
from zhida.domain.values import Scope, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.records import Grant
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.services.controls.recovering import DebtRecord, debts

_MOST = 5_000


@dataclass(frozen=True)
class Owed:
    """One obligation of one payment; in force up to and with `ends_on`. `debt` is the recovery ordered for a breach."""

    disbursement_id: str
    reference: str
    subject_id: str
    line: str
    revision_id: str
    item_id: str
    name: str
    breach: str
    cites: tuple[str, ...]
    held_fen: int
    ends_on: date
    debt: DebtRecord | None

    @property
    def is_broken(self) -> bool:
        """Whether a standing order to recover names it."""
        return self.debt is not None and self.debt.withdrawn_at is None

    def days_left(self, on: date) -> int:
        """How many days it still runs on a day; below 0 once it was kept to its end."""
        return (self.ends_on - on).days


def obligations(*, scope: Scope, as_of: datetime, ended_within: int = 30) -> tuple[Owed, ...]:
    """The obligations of the newest settled payments of the scope's lines, those that end first before the others.

    Told are those that run, those that ended at most `ended_within` days ago, and every broken one.
    """
    paid = [one for one in funds.disbursements(scope=scope, states=[State.SETTLED], limit=_MOST) if one.account_ref]
    grants = {grant.id: grant for grant in entitlements.grants_by_id([one.grant_id for one in paid])}
    owing = {debt.disbursement_id: debt for debt in debts(scope=scope, is_open=False, limit=_MOST) if debt.obligation}
    today = local_date(as_of)
    found = [
        owed
        for one in paid
        if one.grant_id in grants
        for owed in _of_payment(one, grants[one.grant_id], owing.get(one.id))
        if owed.is_broken or owed.days_left(today) >= -ended_within
    ]
    return tuple(sorted(found, key=lambda owed: (owed.ends_on, owed.disbursement_id, owed.name)))


def obligations_of(payment: DisbursementRecord) -> tuple[Obligation, ...]:
    """What binds the payee of one payment."""
    grant = next(iter(entitlements.grants_by_id([payment.grant_id])), None)
    return catalogue.item_of(grant.revision_id, grant.item_id).obligations if grant else ()


def _of_payment(one: DisbursementRecord, grant: Grant, debt: DebtRecord | None) -> list[Owed]:
    return [
        Owed(
            disbursement_id=one.id,
            reference=one.reference,
            subject_id=one.subject_id,
            line=one.line,
            revision_id=grant.revision_id,
            item_id=grant.item_id,
            name=each.name,
            breach=each.breach,
            cites=each.cites,
            held_fen=one.amount_fen - one.recovered_fen,
            ends_on=ends_on(each, grant.granted_on),
            debt=debt if debt and debt.obligation == each.name else None,
        )
        for each in catalogue.item_of(grant.revision_id, grant.item_id).obligations
    ]


def ends_on(obligation: Obligation, granted_on: date) -> date:
    """The last day on which an obligation binds: its date, or the day so many years after the grant.

    What began on 29 February ends on 28 February of a year that has no other.
    """
    if obligation.until is not None:
        return obligation.until
    year = granted_on.year + (obligation.years or 0)
    try:
        return granted_on.replace(year=year)
    except ValueError:
        return granted_on.replace(year=year, day=28)
