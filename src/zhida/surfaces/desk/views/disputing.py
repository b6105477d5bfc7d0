"""Answering those who say that a fact of theirs is wrong."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhida.domain.errors import ConflictError
from zhida.kernel.notices import actions as notices
from zhida.kernel.registry import actions
from zhida.kernel.registry.disputes import DisputeRecord, dispute
from zhida.kernel.registry.disputing import LONGEST
from zhida.surfaces.desk.interests import check_interest
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import disputes as presenter
from zhida.surfaces.desk.presenters.disputes import Attempt
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say


@require_safe
@for_duty("reviewer")
def disputes(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Facts that the officer's offices answer for and that somebody says are wrong."""
    context = {"page": presenter.dispute_desk(officer), "section": "disputes"}
    return render(request, "desk/disputes.html", context)


@require_POST
@for_duty("reviewer")
def settle(request: HttpRequest, dispute_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Corrects, suspends or upholds one fact, with a reason that goes to the inbox of whom the fact describes."""
    found = dispute(dispute_id)
    if not found.is_open or found.office not in (officer.scope.offices or officer.offices):
        raise ConflictError("no_open_dispute", f"{dispute_id} does not wait for an answer", "look at the list again")
    check_interest(found.subject_id, officer, as_of)
    attempt, value = _attempt(request, found)
    if attempt.faults:
        context = {"page": presenter.dispute_desk(officer, attempt), "section": "disputes"}
        return render(request, "desk/disputes.html", context)
    by, news = officer.at(found.office), presenter.news_of(found, attempt.outcome, attempt.answer)
    with transaction.atomic():
        actions.answer_dispute(
            dispute_id=dispute_id, outcome=attempt.outcome, answer=attempt.answer, value=value, by=by, as_of=as_of
        )
        notices.send(news=[news], by=by, as_of=as_of)
    messages.success(request, say("已答复，本人看得到"))
    return redirect("desk:disputes")


def _attempt(request: HttpRequest, found: DisputeRecord) -> tuple[Attempt, object]:
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "").strip()
    text = request.POST.get(f"{found.id}.value", "").strip()
    faults: dict[str, str] = {}
    value: object = None
    if not 0 < len(answer) <= LONGEST:
        faults["answer"] = say("请写答复，本人会看到，不超过 1000 字")
    if outcome not in presenter.OUTCOMES:
        faults["answer"] = say("请先选怎么处理")
    if outcome == "corrected":
        try:
            value = presenter.value_of(found, text)
        except NotTaken as refused:
            faults["value"] = refused.words
    return Attempt(found.id, text, answer, outcome, faults), value
