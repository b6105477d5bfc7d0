"""What people say of pages, and answering them."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhida.domain.errors import ConflictError
from zhida.domain.values import local_date
from zhida.services.feedback import desk
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import hearing as presenter
from zhida.surfaces.look.language import say


@require_safe
@for_duty("reviewer", "operator")
def feedback(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What waits for the officer's offices; an operator sees all of it."""
    return render(request, "desk/feedback.html", _context(officer, as_of, "", ""))


@require_POST
@for_duty("reviewer", "operator")
def answer(request: HttpRequest, feedback_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Answers one message; its writer reads the answer at the address that only they have."""
    found = desk.message(feedback_id)
    places = presenter.places_of(officer)
    if found is None or (places is not None and found.office not in places):
        raise ConflictError("no_open_feedback", f"{feedback_id} waits for no answer here", "look at the list again")
    words = request.POST.get("answer", "").strip()
    if not 0 < len(words) <= desk.LONGEST:
        context = _context(officer, as_of, feedback_id, words)
        return render(request, "desk/feedback.html", context)
    desk.answer(feedback_id=feedback_id, words=words, by=officer.at(found.office), as_of=as_of)
    messages.success(request, say("已答复，写的人凭编号看得到"))
    return redirect("desk:feedback")


def _context(officer: Officer, as_of: datetime, tried: str, words: str) -> dict[str, object]:
    page = presenter.hearing(officer, local_date(as_of), tried, words)
    return {"page": page, "section": "feedback"}
