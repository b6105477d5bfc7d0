"""Reading cases: lists within a scope, one case whole, what is on public notice, what can be claimed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, TypeVar, cast

from django.db.models import F, Model, Q, QuerySet, prefetch_related_objects

from zhida.domain.errors import AccessError
from zhida.domain.process import SYSTEM, Act, Finding, Issue, Journey, Pay, Publicise, State, project
from zhida.domain.rules import Answer
from zhida.domain.values import Actor, Scope, local_date
from zhida.kernel.cases.assessing import assess, known_of, record_keys
from zhida.kernel.cases.journeys import journey_of, process_of, spans_of
from zhida.kernel.cases.models import TO_DECIDE, Case, Evidence, Objection, Step
from zhida.kernel.cases.parties import doer_of, in_scope, is_shown
from zhida.kernel.cases.records import (
    CaseAssessment,
    CaseRecord,
    CaseView,
    EvidenceRecord,
    GrantRecord,
    ObjectionRecord,
    RulingRecord,
    StepRecord,
    Waiting,
)
from zhida.kernel.cases.reruns import decided_on
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.offices import queries as offices

__all__ = [
    "assessment_of", "assessments_of", "at_stage", "case", "cases", "evidence_body", "left_to", "objections",
    "on_notice", "open_claims", "opened", "record_keys", "records_to_claim", "ruled_on", "view", "waiting",
    "with_failed_step", "worklist",
]  # fmt: skip
Told = TypeVar("Told")
_LOOKED_AT = ("steps", "answers", "rulings", "freezes")


def case(case_id: str, *, scope: Scope) -> CaseRecord:
    """One case. Raises AccessError where the scope does not show it, or there is none."""
    return _record(_visible(case_id, scope))


def cases(
    *, scope: Scope, states: Iterable[str] = (), item: str = "", subject_id: str | list[str] = "", limit: int = 200
) -> tuple[CaseRecord, ...]:
    """The cases that a scope shows, of one subject or several where they are named, the latest first."""
    subjects = subject_id.split() if isinstance(subject_id, str) else subject_id
    wanted = {"state__in": list(states), "item": item, "subject_id__in": subjects}
    rows = in_scope(scope).filter(**{name: value for name, value in wanted.items() if value})
    return _records(CaseRecord, rows.order_by("-opened_at", "-pk")[:limit])


def stages(today: date) -> dict[str, Q]:
    """What makes a claim count at each stage of its way; `late` is under way past its promised day. For this app."""
    granted = Q(outcome="granted")
    running = Q(state__in=[State.SUBMITTED, State.IN_REVIEW, State.RETURNED]) | granted & Q(state=State.DECIDED)
    paid = granted & Q(state__in=[State.FULFILLED, State.CLOSED])
    late = running & Q(due_on__lt=today)
    return {"decided": ~Q(outcome=""), "granted": granted, "paid": paid, "running": running, "late": late}


def at_stage(
    stage: str, *, scope: Scope, today: date, after: str = "", limit: int = 50, **only: str
) -> tuple[CaseRecord, ...]:
    """A page of the claims that count at a stage ("claimed" or one of `stages`), the first promised first; `after` is
    the case that ended the page before.

    `only` may name their `item`, `office` or `region`; drafts and what was withdrawn are no claims.
    """
    rows = claims_in(scope).filter(stages(today).get(stage, Q()), **only)
    if (last := Case.objects.filter(pk=after).first()) is not None:
        later = Q(due_on=None) | Q(due_on__gt=last.due_on) if last.due_on else Q(pk__in=[])
        rows = rows.filter(later | Q(due_on=last.due_on, pk__gt=last.pk))
    return _records(CaseRecord, rows.order_by(F("due_on").asc(nulls_last=True), "pk")[:limit])


def worklist(*, office: str, scope: Scope, limit: int = 200) -> tuple[tuple[CaseRecord, StepRecord | None], ...]:
    """What waits for an office ("" for any): its open steps, and its cases that await a decision (without a step).

    By deadline (the step's, or the case's where the step has none), the nearest first. What the system does by itself,
    a public notice or a check, is not in it.
    """
    rows, decisions = _waiting(office, scope)
    steps = _open_steps(office).filter(case__in=rows)
    found: list[tuple[CaseRecord, StepRecord | None]] = [
        (_record(step.case), _step(step, step.case)) for step in steps.select_related("case")[:limit]
    ]
    found += [(_record(row), None) for row in decisions[:limit]]
    return tuple(sorted(found, key=lambda each: (due_of(*each) or date.max, each[0].id)))


def waiting(*, office: str, scope: Scope, limit: int = 200) -> tuple[Waiting, ...]:
    """What `worklist` holds, in no order, without any case read whole.

    Of the office's open steps the first `limit` are looked at; those whose case cannot be worked on are left out.
    """
    rows, decisions = _waiting(office, scope)
    faces = ("pk", "item", "revision_id", "subject_id", "due_on")
    opened = list(_open_steps(office).values_list("case_id", "due_on", "office", "position", "kind")[:limit])
    held = rows.filter(pk__in=[one for one, *_ in opened]).values_list(*faces)
    of = {row[0]: row for row in held}  # asked apart: together with their steps they would all be read, then sorted
    found = [Waiting._make((*of[one][:4], due or of[one][4], *step)) for one, due, *step in opened if one in of]
    return (*found, *(Waiting._make((*row, None, "decide")) for row in decisions.values_list(*faces, "office")[:limit]))


def left_to(one: Waiting) -> tuple[str, ...]:
    """The requirements that the pack leaves to whoever does the step that waits; where it names none, all."""
    process = catalogue.revision(one.revision_id).process
    if process is None or one.position is None:
        return ()
    parts = {part.by: part for part in process.steps[one.position].parts}
    return (parts.get(one.office) or parts["owner"]).found_on


def _waiting(office: str, scope: Scope) -> tuple[QuerySet[Case], QuerySet[Case]]:
    """The cases of which an open step can be done, and by deadline those that await a decision."""
    rows = in_scope(scope, at=office)
    decided = rows.filter(TO_DECIDE, **({"office": office} if office else {})).order_by("due_on", "pk")
    return rows.exclude(state=State.RETURNED), decided


def _open_steps(office: str) -> QuerySet[Step]:
    by_system = Q(kind__in=[Publicise.kind, Pay.kind, Issue.kind]) | Q(office=SYSTEM)
    steps = Step.objects.filter(done_on=None, **({"office": office} if office else {})).exclude(by_system)
    return steps.order_by("due_on", "pk")


def due_of(record: CaseRecord, step: StepRecord | None) -> date | None:
    """The day by which an office has to act: the step's, or the case's where the step has none."""
    return step.due_on if step is not None and step.due_on else record.due_on


@dataclass(frozen=True)
class Opened:
    """A case that a scope shows, read once for all that is asked of it."""

    row: Case
    as_of: datetime

    def view(self, by: Actor) -> CaseView:
        """The case whole, with what `by` may do now."""
        return _view(self.row, by, self.as_of)

    def assessment(self, by: Actor) -> CaseAssessment:
        """As `assessment_of`."""
        return _assessed([self.row], by, self.as_of)[self.row.id]


def opened(case_id: str, *, scope: Scope, as_of: datetime) -> Opened:
    """One case to look at. Raises AccessError where the scope does not show it."""
    row = _visible(case_id, scope)
    prefetch_related_objects([row], *_LOOKED_AT)  # only now: what is another's asks no more than what is not there
    return Opened(row, as_of)


def view(case_id: str, *, scope: Scope, by: Actor, as_of: datetime) -> CaseView:
    """One case whole, with what `by` may do now. Raises AccessError where the scope does not show it."""
    return opened(case_id, scope=scope, as_of=as_of).view(by)


def _view(row: Case, by: Actor, as_of: datetime) -> CaseView:
    journey, calendar = journey_of(row), offices.calendar()
    return CaseView(
        case=_record(row),
        steps=_steps(row, journey),
        projected=project(journey, calendar, as_of=local_date(as_of), pauses=spans_of(row.pauses.all())),
        allowed=_allowed(row, journey, by),
        answers={each.key: each.value for each in sorted(row.answers.all(), key=attrgetter("pk"))},
        evidence=_records(EvidenceRecord, row.evidence.order_by("attached_at")),
        rulings=_records(RulingRecord, sorted(row.rulings.all(), key=attrgetter("pk"))),
        objections=_records(ObjectionRecord, row.objections.order_by("raised_at")),
        grants=_records(GrantRecord, row.grants.order_by("due_on", "pk")),
        frozen=next((each.assessment for each in row.freezes.all() if each.moment == "decision"), None),
    )


def assessment_of(case_id: str, *, scope: Scope, by: Actor, as_of: datetime) -> CaseAssessment:
    """What a case was decided on; before that what the rules say now, for the day it was handed in (today for a draft).

    The reading is noted.
    """
    return opened(case_id, scope=scope, as_of=as_of).assessment(by)


def assessments_of(case_ids: Collection[str], *, scope: Scope, by: Actor, as_of: datetime) -> dict[str, CaseAssessment]:
    """`assessment_of` for those of many cases that the scope shows, by case."""
    rows = in_scope(scope).filter(pk__in=case_ids).prefetch_related("answers", "rulings", "freezes")
    return _assessed(list(rows), by, as_of)


def _assessed(rows: Collection[Case], by: Actor, as_of: datetime) -> dict[str, CaseAssessment]:
    known = known_of(rows, by=by, as_of=as_of)
    on = {row.id: local_date(row.submitted_at or as_of) for row in rows}
    return {row.id: decided_on(row) or assess(row, known[row.id], on=on[row.id]) for row in rows}


def evidence_body(evidence_id: str, *, scope: Scope) -> tuple[EvidenceRecord, bytes]:
    """A document that was handed in. Raises AccessError where the scope does not show its case."""
    row = Evidence.objects.filter(pk=evidence_id, case__in=in_scope(scope)).first()
    if row is None:
        raise AccessError("evidence_out_of_scope", f"{evidence_id} is no document you may see", "ask its office")
    return _records(EvidenceRecord, [row])[0], bytes(row.body)


def on_notice(*, as_of: datetime, item: str = "", limit: int = 500) -> tuple[tuple[CaseRecord, StepRecord], ...]:
    """Every case on public notice now, with the notice; public, so no scope: the surface masks who it is."""
    steps = Step.objects.filter(kind=Publicise.kind, done_on=None, case__state=State.IN_REVIEW)
    if item:
        steps = steps.filter(case__item=item)
    rows = steps.select_related("case").order_by("due_on", "case_id")[:limit]
    return tuple((_record(step.case), _step(step, step.case)) for step in rows)


def objections(*, office: str, scope: Scope, is_open: bool = True) -> tuple[ObjectionRecord, ...]:
    """The objections to cases of an office, the oldest first."""
    which: dict[str, Any] = {"resolved_at": None} if is_open else {}
    rows = Objection.objects.filter(case__office=office, case__in=in_scope(scope, at=office), **which)
    return _records(ObjectionRecord, rows.order_by("raised_at"))


def ruled_on(case_ids: Collection[str], *, scope: Scope) -> dict[str, frozenset[str]]:
    """By case the requirements that somebody has ruled on; of those cases that the scope shows."""
    rows = in_scope(scope).filter(pk__in=case_ids).prefetch_related("rulings")
    return {row.id: frozenset(each.requirement for each in row.rulings.all()) for row in rows}


def with_failed_step(case_ids: Collection[str], *, scope: Scope) -> frozenset[str]:
    """Those of many cases in which a step was found to have failed."""
    rows = Step.objects.filter(case__in=in_scope(scope).filter(pk__in=case_ids), finding=Finding.FAILED)
    return frozenset(rows.values_list("case_id", flat=True))


def open_claims(item_id: str) -> frozenset[str]:
    """The subjects that have a case for an item under way: whom outreach need not tell again."""
    rows = Case.objects.filter(item=item_id).exclude(state=State.CLOSED)
    return frozenset(rows.values_list("subject_id", flat=True))


def records_to_claim(item_id: str, subject_id: str, *, scope: Scope, as_of: datetime) -> tuple[str, ...]:
    """For an item with one claim a record: what tells those records apart that the subject may claim for."""
    published = catalogue.item(item_id, as_of=as_of)
    facts = entitlements.facts_for(subject_id, scope=scope, as_of=as_of)
    keys = record_keys(published.item, facts)
    found = entitlements.assess_facts(published, subject_id, facts, local_date(as_of))
    return tuple(keys[index] for index, claim in found.each if claim.answer is not Answer.NOT)


def _visible(case_id: str, scope: Scope) -> Case:
    row = Case.objects.filter(pk=case_id).first()
    if row is None or not is_shown(row, scope):
        raise AccessError("case_out_of_scope", f"{case_id} is no case you may see", "its subject or its office can")
    return row


def claims_in(scope: Scope) -> QuerySet[Case]:
    """Of the rows that a scope shows those that were handed in and not taken back; for this app alone."""
    return in_scope(scope).exclude(Q(state=State.DRAFT) | Q(outcome="withdrawn"))


def _allowed(row: Case, journey: Journey, by: Actor) -> frozenset[Act]:
    try:
        return journey.allowed(doer_of(by, row))
    except AccessError:
        return frozenset()


def _steps(row: Case, journey: Journey) -> tuple[StepRecord, ...]:
    """Those opened, in their order, then those to come; a joint review shows each of its branches."""
    process = journey.process
    opened = [_step(step, row) for step in sorted(row.steps.all(), key=attrgetter("position", "pk"))]
    first = len(process.steps) - len(journey.upcoming)
    coming = [
        StepRecord(first + index, part.kind, _office(row, part.by), None, None, "", None, "", step.cites, part.found_on)
        for index, step in enumerate(journey.upcoming)
        for part in step.parts
    ]
    return (*opened, *coming)


def _office(row: Case, by: str) -> str:
    return row.office if by == "owner" else by


def _step(step: Step, row: Case) -> StepRecord:
    node = process_of(row).steps[step.position]
    part = next(part for part in node.parts if _office(row, part.by) == step.office)
    told = (step.opened_on, step.due_on, step.finding, step.done_on, step.note)
    return StepRecord(step.position, step.kind, step.office, *told, node.cites, part.found_on)


def _record(row: Case) -> CaseRecord:
    return _records(CaseRecord, [row])[0]


def _records(kind: Callable[..., Told], rows: Iterable[Model]) -> tuple[Told, ...]:
    """What is told of rows: the fields of a record, which have their names."""
    told = attrgetter(*(each.name for each in fields(cast("Any", kind))))
    return tuple(kind(*told(row)) for row in rows)
