"""Filling in a case before it is handed in, or while it was handed back: answers and documents."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jsonschema_rs
from django.db import transaction

from zhida.domain.errors import AccessError, ApplicantError, ConflictError
from zhida.domain.packs import Form
from zhida.domain.process import Party, State
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.assessing import plain_value
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.models import Answer, Evidence

_MEGABYTE = 1_000_000


@transaction.atomic
def answer(*, case_id: str, answers: Mapping[str, Any], by: Actor, as_of: datetime) -> None:
    """Keeps what the applicant says for questions of the pack's form; a later word replaces an earlier one.

    Raises ApplicantError naming the first field that the form does not take, ConflictError once the case is under way.
    """
    case = _fillable(case_id, by, as_of)
    _check(case.pack.form, answers)
    Answer.objects.bulk_create(
        Answer(case=case.row, key=key, value=plain_value(value), answered_at=utc(as_of), answered_by=by.account)
        for key, value in answers.items()
    )
    case.record("case.answered", {"questions": sorted(answers)})


@transaction.atomic
def attach(
    *,
    case_id: str,
    evidence_id: str,
    requirement: str,
    name: str,
    media_type: str,
    body: bytes,
    by: Actor,
    as_of: datetime,
) -> None:
    """Keeps a document for a requirement that asks for evidence. Raises ApplicantError for a wrong format or size."""
    case = _fillable(case_id, by, as_of)
    paper = case.pack.form.papers.get(requirement)
    if paper is None:
        raise ApplicantError(
            "paper_not_asked",
            field=requirement,
            zh="清单之外的材料不用交",
            en="no paper is asked for here",
        )
    ending = name.rpartition(".")[2].lower()
    if ending not in paper.formats or not 0 < len(body) <= paper.max_mb * _MEGABYTE:
        formats = ", ".join(paper.formats)
        raise ApplicantError(
            "paper_not_taken",
            field=requirement,
            zh=f"请交 {formats} 格式、不超过 {paper.max_mb} MB 的文件",
            en=f"hand in {formats}, at most {paper.max_mb} MB",
        )
    digest = hashlib.sha256(body).hexdigest()
    Evidence.objects.create(
        id=evidence_id,
        case=case.row,
        requirement=requirement,
        name=name,
        media_type=media_type,
        sha256=digest,
        body=body,
        attached_at=utc(as_of),
        attached_by=by.account,
    )
    fields = {"requirement": requirement, "evidence": evidence_id, "sha256": digest}
    case.record("case.evidence_attached", fields)


def _fillable(case_id: str, by: Actor, as_of: datetime) -> Handling:
    case = Handling.of(case_id, by=by, as_of=as_of)
    if case.doer.party is not Party.APPLICANT:
        raise AccessError("not_yours_to_fill", "only the applicant fills in a case", "rule on it instead")
    if case.journey.state not in (State.DRAFT, State.RETURNED):
        words = f"a case that is {case.journey.state} is not changed"
        raise ConflictError("not_fillable", words, "withdraw it, or wait")
    return case


def _check(form: Form, answers: Mapping[str, Any]) -> None:
    schema = {**form.json_schema({}), "required": []}
    for problem in jsonschema_rs.validator_for(schema).iter_errors(dict(answers)):
        field = str(problem.instance_path[0]) if problem.instance_path else ", ".join(sorted(answers))
        raise ApplicantError("answer_not_taken", field=field, zh="这个答案填写有误，请检查", en=problem.message)
