"""Changing offices: appointing and dismissing, giving and ending mandates, announcing a year of the calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.process import WorkCalendar
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.ledger.actions import record
from zhida.kernel.offices.models import MONEY_ROLES, AnnouncedYear, Duty, Mandate, Role
from zhida.kernel.offices.trees import NewOffice, NewRegion, load_offices, load_regions, regions_of

__all__ = [
    "POWERS",
    "NewOffice",
    "NewRegion",
    "announce_year",
    "appoint",
    "dismiss",
    "end_mandate",
    "give_mandate",
    "load_offices",
    "load_regions",
    "regions_of",
]

POWERS = frozenset({"view", "submit", "confirm"})
"""What a mandate may allow: to see, to apply, and to confirm an automatic claim or an account for payment."""


@transaction.atomic
def appoint(
    *,
    account_id: str,
    office_id: str,
    role: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    duty_id: str = "",
    by: Actor,
    as_of: datetime,
) -> str:
    """Gives an account a role at an office, from today unless said otherwise; the duty's id.

    Raises AccessError for an appointment of oneself, and for a second one of maker, checker and releaser at one office
    at a time; the database refuses the latter too. Records `offices.duty_appointed`.
    """
    if by.account == account_id:
        raise AccessError("self_appointment", "nobody appoints themselves", "ask another operator")
    start = valid_from or local_date(as_of)
    _refuse_two_money_roles(account_id, office_id, role, start, valid_to)
    duty = Duty(id=duty_id or new_id("duty"), account_id=account_id, office_id=office_id, role=role)
    duty.valid_from, duty.valid_to = start, valid_to
    duty.save(force_insert=True)
    fields = {"account": account_id, "office": office_id, "role": role, **_span(start, valid_to)}
    record(kind="offices.duty_appointed", about=duty.id, fields=fields, by=by, as_of=as_of)
    return duty.id


@transaction.atomic
def dismiss(*, duty_id: str, on: date, by: Actor, as_of: datetime) -> None:
    """Ends a duty: from `on` it is no longer held. Raises ConflictError where it has ended by then, or is unknown.

    Records `offices.duty_ended`.
    """
    _end(Duty.objects.filter(pk=duty_id), on)
    record(kind="offices.duty_ended", about=duty_id, fields={"on": on.isoformat()}, by=by, as_of=as_of)


@transaction.atomic
def give_mandate(
    *,
    account_id: str,
    subject_id: str,
    powers: Collection[str] = POWERS,
    source: str,
    valid_from: date | None = None,
    valid_to: date | None = None,
    mandate_id: str = "",
    by: Actor,
    as_of: datetime,
) -> str:
    """Lets an account act for a subject, from today unless said otherwise; the mandate's id.

    `source` says on whose word: a register, a consent's id. Raises InvariantBroken for a power that is none of POWERS.
    Records `offices.mandate_given` about the subject.
    """
    if not powers or not set(powers) <= POWERS:
        raise InvariantBroken("unknown_power", f"{sorted(powers)} are not powers of a mandate")
    mandate = Mandate(id=mandate_id or new_id("mandate"), account_id=account_id, subject=subject_id, source=source)
    mandate.powers, mandate.valid_from, mandate.valid_to = sorted(powers), valid_from or local_date(as_of), valid_to
    mandate.save(force_insert=True)
    fields = {"account": account_id, "mandate": mandate.id, "powers": mandate.powers, "source": source}
    fields |= _span(mandate.valid_from, valid_to)
    record(kind="offices.mandate_given", about=subject_id, fields=fields, by=by, as_of=as_of)
    return mandate.id


@transaction.atomic
def end_mandate(*, mandate_id: str, on: date, by: Actor, as_of: datetime) -> None:
    """Ends a mandate: from `on` it gives nothing. Raises ConflictError where it has ended by then, or is unknown.

    Records `offices.mandate_ended`.
    """
    _end(Mandate.objects.filter(pk=mandate_id), on)
    record(kind="offices.mandate_ended", about=mandate_id, fields={"on": on.isoformat()}, by=by, as_of=as_of)


@transaction.atomic
def announce_year(
    *,
    year: int,
    holidays: Collection[date],
    make_up_days: Collection[date],
    source: str,
    by: Actor,
    as_of: datetime,
) -> None:
    """Puts a year's announced days off and weekend days worked in the place of what the calendar said of that year.

    Raises InvariantBroken for a day of another year, or one that is both. Records `offices.year_announced`.
    """
    WorkCalendar(frozenset(holidays), frozenset(make_up_days))
    if any(day.year != year for day in (*holidays, *make_up_days)):
        raise InvariantBroken("day_of_another_year", f"the days announced are not all of {year}")
    off, worked = ([day.isoformat() for day in sorted(days)] for days in (holidays, make_up_days))
    AnnouncedYear.objects.update_or_create(
        year=year, defaults={"holidays": off, "make_up_days": worked, "source": source}
    )
    fields = {"holidays": off, "make_up_days": worked, "source": source}
    record(kind="offices.year_announced", about=f"calendar/{year}", fields=fields, by=by, as_of=as_of)


def _refuse_two_money_roles(account_id: str, office_id: str, role: str, start: date, end: date | None) -> None:
    if role not in MONEY_ROLES:
        return
    others = Duty.objects.filter(account=account_id, office=office_id, role__in=MONEY_ROLES).exclude(role=role)
    meets = others.filter(Q(valid_to=None) | Q(valid_to__gt=start))
    clash = (meets.filter(valid_from__lt=end) if end else meets).first()
    if clash is not None:
        words = f"{account_id} is {Role(clash.role).value} at {office_id} in that time and cannot be {role} too"
        raise AccessError("duties_incompatible", words, "appoint another person, or end the other duty first")


def _end(rows: models.QuerySet[Duty] | models.QuerySet[Mandate], on: date) -> None:
    row = rows.select_for_update().first()
    if row is None or (row.valid_to and row.valid_to <= on) or row.valid_from is None or on <= row.valid_from:
        raise ConflictError(
            "not_in_force", f"nothing is in force that could end on {on}", "look again: it may have ended"
        )
    row.valid_to = on
    row.save(update_fields=["valid_to"])


def _span(start: date | None, end: date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("valid_from", start), ("valid_to", end)) if day}
