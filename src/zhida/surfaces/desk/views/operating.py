"""The operator's pages: what must run, who may do what, the words of notices."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, local_date
from zhida.kernel.offices import actions as offices
from zhida.services.controls.parking import retry_parked
from zhida.surfaces.desk.acts import Posted, answer_page
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import operating as presenter
from zhida.surfaces.desk.presenters.parked import RETRY
from zhida.surfaces.look.language import say


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("operator")
def operations(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Everything that must run, at a glance; what is stuck is tried again."""
    page, by = presenter.operations(as_of), officer.at(officer.offices[0])
    return answer_page(request, "operations", {"page": page, "section": "operations"},
                       acts=tuple(one.act for one in page.parked),
                       do=lambda tried: _retry(request, tried, by, as_of))  # fmt: skip


def _retry(request: HttpRequest, tried: Posted, by: Actor, as_of: datetime) -> Posted:
    message_id = tried.act.name.removeprefix(RETRY)
    retry_parked(message_id=message_id, reason=tried.reason, by=by, as_of=as_of)
    messages.success(request, say("已重新排上"))
    return tried


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("operator")
def people(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Who holds which duty and until when; ends a duty from today."""
    page = presenter.people(officer, as_of)
    if request.method == "POST":
        wanted = request.POST.get("duty", "")
        offered = {duty.id for person in page.people for duty in person.duties if duty.may_end}
        if wanted not in offered:
            raise AccessError("act_not_offered", f"{wanted!r} is not yours to end", "ask the operator of that office")
        offices.dismiss(duty_id=wanted, on=local_date(as_of), by=officer.at(""), as_of=as_of)
        messages.success(request, say("职责从今天起免去"))
        return redirect("desk:people")
    return render(request, "desk/people.html", {"page": page, "section": "people"})


@require_safe
@for_duty("operator")
def templates(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The words of every notice, in both languages."""
    return render(request, "desk/templates.html", {"lines": presenter.templates(), "section": "templates"})
