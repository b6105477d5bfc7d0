"""Urging an office over cases under way, and the office's answer; each leaves a fact about the case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.process import SYSTEM
from zhida.domain.values import Actor, Scope, local_date, new_id, utc
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.inspection.models import Urge

LONGEST = 200


def is_running(case: CaseRecord) -> bool:
    """Whether an office still has to decide or pay."""
    return case.state in ("submitted", "in_review", "returned") or (case.state, case.outcome) == ("decided", "granted")


@dataclass(frozen=True)
class UrgeRecord:
    """One case urged: which office, why, by whom and when, and the office's answer where there is one."""

    id: str
    case_id: str
    office: str
    reason: str
    urged_by: str
    urged_at: datetime
    answer: str
    answered_at: datetime | None


@transaction.atomic
def urge(*, case_ids: Collection[str], reason: str, scope: Scope, by: Actor, as_of: datetime) -> int:
    """Urges the offices whose turn it is over these cases; how many cases. What was urged today is left alone.

    Raises AccessError for a case out of the scope or an office that the actor's does not stand over, ConflictError
    `urge_without_reason`, or `nothing_to_urge` where none of the cases is under way and not urged yet today. Records
    `case.urged` about each case.
    """
    words, today = reason.strip()[:LONGEST], local_date(as_of)
    if not words:
        raise ConflictError("urge_without_reason", "whoever urges says why", "write it down")
    found = [cases.case(case_id, scope=scope) for case_id in dict.fromkeys(case_ids)]
    told = {"reason": words, "urged_by": by.account, "urged_at": utc(as_of), "urged_on": today}
    rows = [
        Urge(id=new_id("urge"), case_id=case.id, office=_turn(case.id, scope, by, as_of), **told)
        for case in found
        if is_running(case)
    ]
    for office in sorted({row.office for row in rows}):
        offices.check_duty(by, office_id=office, as_of=as_of)
    before = Urge.objects.filter(case_id__in=[row.case_id for row in rows], urged_on=today)
    done = set(before.values_list("case_id", "office"))
    fresh = [row for row in rows if (row.case_id, row.office) not in done]
    if not fresh:
        raise ConflictError("nothing_to_urge", "none of these is under way and not urged yet", "look at the list again")
    Urge.objects.bulk_create(fresh)
    facts = [ledger.NewFact("case.urged", row.case_id, {"office": row.office, "reason": words}) for row in fresh]
    ledger.record_all(facts=facts, by=by, as_of=as_of)
    return len(fresh)


@transaction.atomic
def answer(*, urge_id: str, words: str, by: Actor, as_of: datetime) -> None:
    """The office answers once. Raises AccessError for another office's, ConflictError `no_open_urge`.

    Records `case.urge_answered` about the case.
    """
    text, row = words.strip()[:LONGEST], Urge.objects.filter(id=urge_id, answered_at=None).first()
    if row is None or not text:
        raise ConflictError("no_open_urge", f"{urge_id} waits for no answer", "look at the list again")
    if by.office != row.office:
        raise AccessError("urge_of_another_office", f"{urge_id} is for {row.office}", "ask that office")
    offices.check_duty(by, office_id=row.office, as_of=as_of)
    changed = {"answer": text, "answered_by": by.account, "answered_at": utc(as_of)}
    if not Urge.objects.filter(id=urge_id, answered_at=None).update(**changed):
        raise ConflictError("no_open_urge", f"{urge_id} waits for no answer", "look at the list again")
    fields = {"office": row.office, "answer": text}
    ledger.record(kind="case.urge_answered", about=row.case_id, fields=fields, by=by, as_of=as_of)


def latest_urges(case_ids: Collection[str]) -> dict[str, UrgeRecord]:
    """The latest urge over each of these cases, by case."""
    rows = Urge.objects.filter(case_id__in=list(case_ids)).order_by("urged_at", "id")
    return {row.case_id: _record(row) for row in rows}


def urges_waiting(places: Collection[str], *, limit: int | None = 50) -> tuple[UrgeRecord, ...]:
    """What these offices have not answered yet, the oldest first."""
    rows = Urge.objects.filter(office__in=list(places), answered_at=None).order_by("urged_at", "id")
    return tuple(map(_record, rows[:limit]))


def urged_by_office(places: Collection[str] | None) -> dict[str, tuple[int, int]]:
    """How many cases each of these offices (None: all) was urged over, and how many of them it answered for."""
    rows = Urge.objects.all() if places is None else Urge.objects.filter(office__in=list(places))
    found: dict[str, tuple[int, int]] = {}
    for office, answered_at in rows.values_list("office", "answered_at"):
        urged, answered = found.get(office, (0, 0))
        found[office] = urged + 1, answered + (answered_at is not None)
    return found


def _turn(case_id: str, scope: Scope, by: Actor, as_of: datetime) -> str:
    """Whose turn a case is: the office of its open step, else its own."""
    view = cases.view(case_id, scope=scope, by=by, as_of=as_of)
    waits = (step.office for step in view.steps if step.opened_on and not step.finding and step.office != SYSTEM)
    return next(waits, view.case.office)


def _record(row: Urge) -> UrgeRecord:
    return UrgeRecord(
        row.id, row.case_id, row.office, row.reason, row.urged_by, row.urged_at, row.answer, row.answered_at
    )
