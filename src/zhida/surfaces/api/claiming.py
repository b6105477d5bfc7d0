"""Acting on one's own cases: opening, filling in, handing in, taking back. Each needs a mandate with that power."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest
from ninja import File, Status, UploadedFile
from pydantic import StrictBool

from zhida.domain.errors import ApplicantError
from zhida.domain.uploads import made_safe, plain_name
from zhida.domain.values import Actor, new_id
from zhida.kernel.cases import actions, queries
from zhida.surfaces.api.callers import Caller, caller_of
from zhida.surfaces.api.cases import CasePage, page, router
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Body, Fact

_CASE_ID = re.compile(r"case_[0-9A-HJKMNP-TV-Z]{26}")
_AUTOMATIC = "automatic"


class Opening(Body):
    """A claim to open. With an `id` of one's own making (`case_` and a ULID) it is safe to send twice.

    `record` tells the claims of a for_each item apart: GET `/cases/records` lists those that can be claimed for.
    """

    item: str
    subject: str
    record: str = ""
    id: str = ""


class Answers(Body):
    """Answers to the questions of the item's form, by name."""

    answers: dict[str, Fact]


class Submission(Body):
    """`undertakings` are the requirements that one promises to keep; waiving the undo sends the case on at once."""

    undertakings: list[str] = []
    waives_undo: StrictBool = False


class Withdrawal(Body):
    """Why a claim is taken back."""

    reason: str = ""


@router.post("", response={200: CasePage, 201: CasePage, **REFUSALS})
def open_case(request: HttpRequest, opening: Opening) -> Status:
    """Opens a draft on the revision in force; 200 where the same opening was sent before."""
    caller = caller_of(request)
    by = caller.actor(opening.subject, "submit")
    case_id = opening.id or new_id("case")
    if not _CASE_ID.fullmatch(case_id):
        raise ApplicantError(
            "malformed_case_id", field="id", zh="编号应为 case_ 加 ULID", en="an id is case_ and a ULID"
        )
    known = queries.cases(scope=caller.scope, item=opening.item, subject_id=opening.subject)
    if any(one.id == case_id and one.record == opening.record for one in known):
        return Status(200, page(case_id, caller))
    actions.open_case(
        case_id=case_id,
        item_id=opening.item,
        subject_id=opening.subject,
        record=opening.record,
        by=by,
        as_of=caller.as_of,
    )
    return Status(201, page(case_id, caller))


@router.post("/{case_id}/answers", response={200: CasePage, **REFUSALS})
def answer(request: HttpRequest, case_id: str, given: Answers) -> dict[str, Any]:
    """Answers questions of the form; a later word replaces an earlier one."""
    caller = caller_of(request)
    actions.answer(case_id=case_id, answers=given.answers, by=_acting(case_id, caller), as_of=caller.as_of)
    return page(case_id, caller)


@router.post("/{case_id}/evidence/{requirement}", response={200: CasePage, **REFUSALS})
def attach(request: HttpRequest, case_id: str, requirement: str, file: File[UploadedFile]) -> dict[str, Any]:
    """Hands in a paper for the requirement that asks for it (multipart, field `file`); it is kept as it can be opened
    safely: a photograph without the place it was taken at, nothing that acts, nothing behind its end."""
    caller = caller_of(request)
    name = plain_name(file.name or requirement)
    media_type, body = made_safe(name.rpartition(".")[2].lower(), file.read())
    actions.attach(
        case_id=case_id,
        evidence_id=new_id("evidence"),
        requirement=requirement,
        name=name,
        media_type=media_type,
        body=body,
        by=_acting(case_id, caller),
        as_of=caller.as_of,
    )
    return page(case_id, caller)


@router.post("/{case_id}/submit", response={200: CasePage, **REFUSALS})
def submit(request: HttpRequest, case_id: str, given: Submission) -> dict[str, Any]:
    """Hands the claim in, or confirms an automatic one; whoever has no money's account on record is told so."""
    caller = caller_of(request)
    record = queries.case(case_id, scope=caller.scope)
    powers = ("confirm", "submit") if record.claim == _AUTOMATIC else ("submit",)
    actions.submit(
        case_id=case_id,
        undertakings=given.undertakings,
        waives_undo=given.waives_undo,
        by=caller.actor(record.subject_id, *powers),
        as_of=caller.as_of,
    )
    return page(case_id, caller)


@router.post("/{case_id}/resubmit", response={200: CasePage, **REFUSALS})
def resubmit(request: HttpRequest, case_id: str) -> dict[str, Any]:
    """Hands a returned case in again."""
    caller = caller_of(request)
    actions.resubmit(case_id=case_id, by=_acting(case_id, caller), as_of=caller.as_of)
    return page(case_id, caller)


@router.post("/{case_id}/withdraw", response={200: CasePage, **REFUSALS})
def withdraw(request: HttpRequest, case_id: str, given: Withdrawal) -> dict[str, Any]:
    """Takes the claim back, at any time before the decision."""
    caller = caller_of(request)
    actions.withdraw(case_id=case_id, reason=given.reason, by=_acting(case_id, caller), as_of=caller.as_of)
    return page(case_id, caller)


def _acting(case_id: str, caller: Caller) -> Actor:
    """The caller as applicant of one of its cases. Raises AccessError for anybody else's, or without the power."""
    return caller.actor(queries.case(case_id, scope=caller.scope).subject_id, "submit")
