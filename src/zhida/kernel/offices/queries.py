"""Reading offices: who is within whom, who holds which duty or mandate, and what an account may therefore see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, CodeTree, Scope, local_date
from zhida.kernel.offices.calendar import CalendarYear, calendar, calendar_years
from zhida.kernel.offices.models import Duty, Mandate, Office, OfficeWithin, Region, RegionPlace, RegionWithin, Role
from zhida.kernel.offices.spans import in_force

__all__ = [
    "CalendarYear", "HeldDuty", "HeldMandate", "OfficeRecord", "calendar", "calendar_years", "check_duty", "duties_at",
    "duties_of", "mandates", "mandates_of", "office", "offices_above", "offices_named", "offices_within",
    "region_names", "region_tree", "regions_within", "scope_at", "scope_of",
]  # fmt: skip

_FOR_THEMSELVES = (Role.PERSON, Role.AGENT)
_BY_OFFICE = ("office_id", "role")


@dataclass(frozen=True)
class OfficeRecord:
    """An office: its id (a slug), its region's code, and its names."""

    id: str
    region: str
    zh: str
    en: str


@dataclass(frozen=True)
class HeldDuty:
    """A role at an office, held from `valid_from` up to, not including, `valid_to`."""

    id: str
    account: str
    office: str
    role: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class HeldMandate:
    """An account's power to act for a subject, and on whose word."""

    id: str
    account: str
    subject: str
    powers: frozenset[str]
    source: str
    valid_to: date | None


def office(office_id: str) -> OfficeRecord:
    """The office with this slug. Raises ConflictError where there is none."""
    found = offices_named([office_id]).get(office_id)
    if found is None:
        raise ConflictError("no_such_office", f"there is no office {office_id}", "load the offices that packs name")
    return found


def offices_named(office_ids: Collection[str]) -> dict[str, OfficeRecord]:
    """The offices with these slugs, by slug; what is none is left out."""
    rows = Office.objects.filter(pk__in=office_ids)
    return {row.id: OfficeRecord(row.id, row.region_id, row.zh, row.en) for row in rows}


def region_tree(on: date) -> CodeTree:
    """The regions as they stood on a date, for rules and for pages."""
    places = RegionPlace.objects.filter(in_force(on)).values_list("node_id", "parent_id", "node__zh")
    rows = list(places)
    return CodeTree("region", {code: parent or "" for code, parent, _ in rows}, {code: zh for code, _, zh in rows})


def region_names(lang: str = "zh") -> dict[str, str]:
    """Every region's name by its code; Chinese where there is no English one."""
    return {row.code: (row.en or row.zh) if lang == "en" else row.zh for row in Region.objects.all()}


def regions_within(codes: frozenset[str], on: date) -> frozenset[str]:
    """These regions and all below them on a date."""
    below = RegionWithin.objects.filter(in_force(on), ancestor__in=codes)
    return frozenset(below.values_list("node_id", flat=True))


def offices_within(office_ids: frozenset[str], on: date) -> frozenset[str]:
    """These offices and all below them on a date."""
    below = OfficeWithin.objects.filter(in_force(on), ancestor__in=office_ids)
    return frozenset(below.values_list("node_id", flat=True))


def offices_above(office_id: str, on: date) -> frozenset[str]:
    """This office and all above it on a date."""
    return frozenset(OfficeWithin.objects.filter(in_force(on), node=office_id).values_list("ancestor_id", flat=True))


def duties_of(account_id: str, as_of: datetime) -> tuple[HeldDuty, ...]:
    """The duties an account holds at an instant, by office and role."""
    return tuple(map(_held, Duty.objects.filter(in_force(local_date(as_of)), account=account_id).order_by(*_BY_OFFICE)))


def duties_at(scope: Scope, as_of: datetime) -> tuple[HeldDuty, ...]:
    """Who holds which duty at the scope's offices at an instant, by office and role."""
    rows = Duty.objects.filter(in_force(local_date(as_of))).order_by(*_BY_OFFICE, "account_id")
    return tuple(map(_held, rows if scope.offices is None else rows.filter(office__in=scope.offices)))


def mandates(account_id: str | frozenset[str], as_of: datetime) -> tuple[HeldMandate, ...]:
    """For whom an account, or each of several, may act at an instant, in the order in which the mandates were given."""
    accounts = [account_id] if isinstance(account_id, str) else list(account_id)
    rows = Mandate.objects.filter(in_force(local_date(as_of)), account__in=accounts).order_by("id")
    return tuple(HeldMandate(r.id, r.account_id, r.subject, frozenset(r.powers), r.source, r.valid_to) for r in rows)


def mandates_of(account_id: str, as_of: datetime, power: str = "view") -> frozenset[str]:
    """The ids of the subjects for whom an account may use a power."""
    return frozenset(held.subject for held in mandates(account_id, as_of) if power in held.powers)


def scope_of(account_id: str, *, duty: str, as_of: datetime, purpose: str) -> Scope:
    """What an account may see in a duty: a person or agent their subjects, an officer their offices and regions.

    An officer sees the office of the duty, the offices below it, and the region of each and below. Raises AccessError
    where the account does not hold the duty.
    """
    if duty in _FOR_THEMSELVES:
        return Scope.own(mandates_of(account_id, as_of), purpose)
    held = frozenset(one.office for one in duties_of(account_id, as_of) if one.role == duty)
    if not held:
        raise _not_held(account_id, duty, "any office")
    return scope_at(held, on=local_date(as_of), purpose=purpose)


def scope_at(held: frozenset[str], *, on: date, purpose: str) -> Scope:
    """What an officer who holds a duty at these offices may see on a date: as `scope_of`."""
    offices = offices_within(held, on)
    places = Office.objects.filter(pk__in=offices).values("region_id")
    below = RegionWithin.objects.filter(in_force(on), ancestor__in=places).values_list("node_id", flat=True)
    return Scope(offices, frozenset(below), None, purpose)


def check_duty(by: Actor, *, office_id: str, as_of: datetime) -> None:
    """Raises AccessError unless the actor's account holds the actor's duty at this office or at one above it."""
    above = OfficeWithin.objects.filter(in_force(local_date(as_of)), node=office_id).values("ancestor_id")
    held = Duty.objects.filter(in_force(local_date(as_of)), account=by.account, role=by.duty, office__in=above)
    if not held.exists():
        raise _not_held(by.account, by.duty, office_id)


def _held(row: Duty) -> HeldDuty:
    return HeldDuty(row.id, row.account_id, row.office_id, row.role, row.valid_from, row.valid_to)


def _not_held(account_id: str, duty: str, office_id: str) -> AccessError:
    hint = "ask an operator of that office to appoint the account"
    return AccessError("duty_not_held", f"{account_id} does not hold the duty {duty} at {office_id}", hint)
