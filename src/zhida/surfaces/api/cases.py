"""One's own cases, listed and followed. Mandates decide whose these are."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhida.kernel.cases import queries
from zhida.kernel.cases.records import CaseRecord
from zhida.surfaces.api.callers import Caller, caller_of
from zhida.surfaces.api.problems import REFUSALS

router = Router(tags=["cases"])


class CaseLine(Schema):
    """A case as a list shows it. `due_on` is the date promised; `undo_until` ends the time to take it back at once."""

    id: str
    item: str
    claim: str
    subject: str
    record: str
    period: str
    state: str
    outcome: str
    version: int
    opened_at: datetime
    submitted_at: datetime | None
    undo_until: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    due_on: date | None
    amount_fen: int | None


class StepOut(Schema):
    """A step: done (it has a finding), open (opened, no finding), or to come (neither)."""

    kind: str
    office: str
    opened_on: date | None
    due_on: date | None
    finding: str
    done_on: date | None
    note: str
    clauses: list[str]


class EvidenceOut(Schema):
    """A paper that was handed in."""

    id: str
    requirement: str
    name: str
    sha256: str
    attached_at: datetime


class GrantOut(Schema):
    """What the decision set in motion."""

    period: str
    due_on: date
    disbursement: str
    credential: str
    fulfilled_at: datetime | None


class CasePage(CaseLine):
    """A case whole. `may` names what one can do now; `promised_on` is the end as it is projected today.

    `assessment` is the one that the decision rests on, null before.
    """

    revision: str
    office: str
    may: list[str]
    promised_on: date | None
    is_promise_estimated: bool
    steps: list[StepOut]
    answers: dict[str, Any]
    evidence: list[EvidenceOut]
    grants: list[GrantOut]
    assessment: dict[str, Any] | None


class Cases(Schema):
    """Cases, the latest first."""

    cases: list[CaseLine]


class Choice(Schema):
    """Which of one's cases."""

    state: list[str] = []
    item: str = ""
    subject: str = ""
    limit: int = Query(50, ge=1, le=200)


@router.get("", response={200: Cases, **REFUSALS})
def list_cases(request: HttpRequest, choice: Query[Choice]) -> dict[str, Any]:
    """The cases of all subjects that one may act for."""
    found = queries.cases(
        scope=caller_of(request).scope,
        states=choice.state,
        item=choice.item,
        subject_id=choice.subject,
        limit=choice.limit,
    )
    return {"cases": [_line(one) for one in found]}


@router.get("/records", response={200: list[str], **REFUSALS})
def list_records(request: HttpRequest, item: str, subject: str) -> list[str]:
    """For an item with one claim a record: the records that the subject may claim for."""
    caller = caller_of(request)
    caller.subject(subject)
    return list(queries.records_to_claim(item, subject, scope=caller.scope, as_of=caller.as_of))


@router.get("/{case_id}", response={200: CasePage, **REFUSALS})
def read_case(request: HttpRequest, case_id: str) -> dict[str, Any]:
    """One case: where it stands, what was done, what comes, and when it is promised."""
    return page(case_id, caller_of(request))


def page(case_id: str, caller: Caller) -> dict[str, Any]:
    """One of the caller's cases whole. Raises AccessError for anybody else's."""
    shown = queries.case(case_id, scope=caller.scope)
    by = caller.actor(shown.subject_id, "view")
    view = queries.view(case_id, scope=caller.scope, by=by, as_of=caller.as_of)
    return {
        **_line(view.case),
        "revision": view.case.revision_id,
        "office": view.case.office,
        "may": sorted(view.allowed),
        "promised_on": view.projected.on if view.projected else None,
        "is_promise_estimated": view.projected.is_estimated if view.projected else False,
        "steps": [{**_picked(step, StepOut), "clauses": list(step.cites)} for step in view.steps],
        "answers": dict(view.answers),
        "evidence": [_picked(paper, EvidenceOut) for paper in view.evidence],
        "grants": [_picked(grant, GrantOut) for grant in view.grants],
        "assessment": view.frozen,
    }


def _line(record: CaseRecord) -> dict[str, Any]:
    return {**_picked(record, CaseLine), "subject": record.subject_id}


def _picked(record: Any, shape: type[Schema]) -> dict[str, Any]:
    """The fields of a record that a shape has under the same name."""
    return {name: getattr(record, name) for name in shape.model_fields if hasattr(record, name)}
