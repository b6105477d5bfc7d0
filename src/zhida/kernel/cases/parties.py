"""Who may see a case, and who an actor is to it: its applicant, an officer for an office, or the running system."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhida.domain.errors import AccessError
from zhida.domain.process import SYSTEM, Doer, Party
from zhida.domain.values import Actor, Scope
from zhida.kernel.cases.models import Case, Step

SYSTEM_DUTY = "system"
_APPLICANTS = ("person", "agent")
_OFFICERS = ("reviewer",)


def in_scope(scope: Scope, at: str = "") -> QuerySet[Case]:
    """The rows of the cases that a scope shows; for this app alone.

    Whoever goes on to ask for what is `at` one office, need not ask whether it is at any of the scope's.
    """
    rows = Case.objects.all()
    if scope.subjects is not None:
        rows = rows.filter(subject_id__in=scope.subjects)
    if scope.regions is not None:
        rows = rows.filter(region__in=scope.regions)
    if scope.offices is not None and at not in scope.offices:
        # asked case by case: a list of all cases that were ever at the offices would be read whole for every page
        at_office = Step.objects.filter(case=OuterRef("pk"), office__in=scope.offices)
        rows = rows.filter(Q(office__in=scope.offices) | Exists(at_office))
    return rows


def is_shown(row: Case, scope: Scope) -> bool:
    """Whether a scope shows one case that was read: `in_scope`, without sending every region of a scope to ask it."""
    regions, subjects, offices = scope.regions, scope.subjects, scope.offices
    if (subjects is not None and row.subject_id not in subjects) or (regions is not None and row.region not in regions):
        return False
    return offices is None or row.office in offices or any(step.office in offices for step in row.steps.all())


def doer_of(by: Actor, case: Case) -> Doer:
    """The side on which an actor takes part. Raises AccessError where the actor has none in this case."""
    if by.duty == SYSTEM_DUTY:
        return Doer(Party.SYSTEM)
    if by.duty in _APPLICANTS and by.subject == case.subject_id:
        return Doer(Party.APPLICANT)
    if by.duty in _OFFICERS and by.office:
        return Doer(Party.OFFICE, frozenset({by.office}))
    raise AccessError("no_part_in_case", f"{by.duty} has no part in {case.id}", "act as its applicant or its office")


def on_behalf_of(office: str) -> Doer:
    """An office's step that ends without its hand: a notice has run out, the treasury has settled, a licence is out."""
    return Doer(Party.SYSTEM) if office == SYSTEM else Doer(Party.OFFICE, frozenset({office}))
