"""Payees who are staff of the offices that decide and pay, or whom such staff declared: another person looks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from zhida.domain.process import OWNER, SYSTEM
from zhida.domain.values import Scope, local_date
from zhida.kernel.cases.payments import cases_of_grants
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.offices import queries as offices
from zhida.services.controls.kinship import interests
from zhida.services.controls.lists import Objection

_OUTSIDE = ("person", "agent")


def related_payees(payments: Sequence[DuePayment], *, as_of: datetime) -> Iterator[Objection]:
    """Payments to whoever is the own interest of staff of the offices concerned or of one above them.

    The detail says how many of the staff it is, never who: that stands sealed.
    """
    concerned = _offices_of(payments)
    above = {
        one: offices.offices_above(one, local_date(as_of)) for one in sorted(frozenset().union(*concerned.values()))
    }
    staff = _staff(frozenset().union(*above.values()), as_of)
    if not staff:
        return
    apart = interests(frozenset().union(*staff.values()), as_of=as_of)
    for each in payments:
        near = frozenset().union(*(staff.get(one, ()) for office in concerned[each.id] for one in above[office]))
        count = sum(each.subject_id in apart.get(account, ()) for account in near)
        if count:
            yield Objection(each.id, "payee_related", str(count))


def _offices_of(payments: Sequence[DuePayment]) -> Mapping[str, frozenset[str]]:
    """The office whose money it is, the one whose case, and each that has a step of its own in the journey."""
    scope = Scope.system("payment:relatives")
    owner = {line: funds.standing(line, scope=scope).office for line in {each.line for each in payments}}
    ids = [each.grant_id for each in payments]
    paid, granted = cases_of_grants(ids), {one.id: one for one in grants.grants_by_id(ids)}
    found = {}
    for each in payments:
        places = {owner[each.line]}
        if each.grant_id in paid:
            places.add(paid[each.grant_id].office)
        if each.grant_id in granted:
            process = catalogue.revision(granted[each.grant_id].revision_id).process
            places |= {part.by for step in process.steps for part in step.parts} if process else set()
        found[each.id] = frozenset(places - {OWNER, SYSTEM})
    return found


def _staff(places: frozenset[str], as_of: datetime) -> Mapping[str, frozenset[str]]:
    """Who holds a duty at each of these offices."""
    found: dict[str, frozenset[str]] = {}
    for held in offices.duties_at(Scope(places, None, None, "payment:relatives"), as_of):
        if held.role not in _OUTSIDE:
            found[held.office] = found.get(held.office, frozenset()) | {held.account}
    return found
