"""What a logged-in account may act for, and what its subjects are entitled to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema

from zhida.domain.packs.written_facts import read_facts
from zhida.domain.values import Facts, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.entitlements import queries as entitlements
from zhida.surfaces.api.assessing import AssessmentOut, told
from zhida.surfaces.api.callers import caller_of
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Body, Fact

router = Router(tags=["mine"])


class SubjectOut(Schema):
    """A person, household or organisation that the account may act for."""

    id: str
    kind: str
    name: str
    region: str
    credit_code: str


class SessionOut(Schema):
    """Who is logged in; `csrf_token` goes into X-CSRFToken with every change."""

    account: str
    name: str
    csrf_token: str
    subjects: list[SubjectOut]


class CredentialOut(Schema):
    """A licence or certificate as its holder keeps it; `token` is the whole of it, an SD-JWT VC."""

    id: str
    kind: str
    case: str
    token: str
    valid_from: date
    valid_to: date | None
    is_revoked: bool


class Asked(Body):
    """An item, and facts to lay over those that are held, in the format of `/assess`."""

    item: str
    facts: dict[str, Fact] = {}


@router.get("/session", response={200: SessionOut, **REFUSALS})
def read_session(request: HttpRequest) -> dict[str, Any]:
    """The account, the subjects it may act for, and the token for changes."""
    caller = caller_of(request)
    found = [caller.subject(subject_id) for subject_id in sorted(caller.scope.subjects or ())]
    return {
        "account": caller.account,
        "name": request.user.get_full_name(),
        "csrf_token": get_token(request),
        "subjects": [
            {
                "id": one.id,
                "kind": one.kind,
                "name": one.name,
                "region": one.region,
                "credit_code": one.credit_code,
            }
            for one in found
        ],
    }


@router.get("/subjects/{subject_id}/assessments", response={200: list[AssessmentOut], **REFUSALS})
def assess_everything(request: HttpRequest, subject_id: str) -> list[dict[str, Any]]:
    """Every item in force for the subject's kind, over the facts that are held of it."""
    caller = caller_of(request)
    by = caller.actor(subject_id, "view")
    found = entitlements.assess_all(subject_id, as_of=caller.as_of, scope=caller.scope, by=by)
    on = local_date(caller.as_of)
    return [told(catalogue.item(one.item, as_of=caller.as_of).pack, one, on) for one in found]


@router.get("/subjects/{subject_id}/credentials", response={200: list[CredentialOut], **REFUSALS})
def list_credentials(request: HttpRequest, subject_id: str) -> list[dict[str, Any]]:
    """Every licence and certificate of one's own subject, the newest first, revoked ones included."""
    caller = caller_of(request)
    caller.subject(subject_id)
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "case": one.case_id,
            "token": one.token,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
            "is_revoked": one.revoked_at is not None,
        }
        for one in credentials.credentials_of(subject_id, scope=caller.scope)
    ]


@router.post("/subjects/{subject_id}/assess", response={200: AssessmentOut, **REFUSALS})
def assess_own(request: HttpRequest, subject_id: str, asked: Asked) -> dict[str, Any]:
    """One item for one's own subject, its earlier grants counted. The facts that are brought are not kept."""
    caller = caller_of(request)
    by = caller.actor(subject_id, "view")
    published = catalogue.item(asked.item, as_of=caller.as_of)
    extra: Facts = read_facts(asked.facts, published.pack.schema)
    found = entitlements.assess(subject_id, asked.item, as_of=caller.as_of, scope=caller.scope, extra=extra, by=by)
    return told(published.pack, found, local_date(caller.as_of))
