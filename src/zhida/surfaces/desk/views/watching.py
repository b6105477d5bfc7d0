"""The supervisor's pages: how far everything came, what stands behind each number, urging, and the report."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.values import local_date
from zhida.services.inspection import urging
from zhida.surfaces.desk.acts import posted
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import inspecting, watched
from zhida.surfaces.desk.presenters import watching as presenter
from zhida.surfaces.desk.presenters.standing import OWN, Narrowed
from zhida.surfaces.look.language import say

WATCHERS = ("supervisor", "auditor", "operator", "author")


@require_safe
@for_duty(*WATCHERS)
def supervision(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Issued to paid, by department, place, month and item; who is late."""
    page = presenter.supervision(officer, narrowed_of(request), as_of, after=_after(request))
    return render(request, "desk/supervision.html", {"page": page, "section": "supervision"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WATCHERS)
def standing(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The list behind a number; a supervisor urges over what is ticked."""
    stage, narrowed = request.GET.get("stage", "late"), narrowed_of(request)
    stage = stage if stage in watched.NAMES else "late"
    if request.method == "POST":
        offered = [watched.urge_act()] if officer.role == "supervisor" else []
        tried = posted(request, offered)
        ids = request.POST.getlist("case")[: watched.PER_PAGE]
        if tried.faults or not ids:
            messages.error(request, tried.faults[0].words if tried.faults else say("请先选办件"))
        else:
            n = urging.urge(case_ids=ids, reason=tried.reason, scope=officer.scope, by=officer.at(""), as_of=as_of)
            messages.success(request, say("已督办 {n} 件", n=n))
        return redirect(narrowed.href(stage))
    asked = request.GET.get("page", "1")
    number = int(asked[:6]) if asked.isascii() and asked.isdigit() else 1
    page = watched.standing_list(officer, stage, narrowed, number, as_of, _after(request))
    return render(request, "desk/standing.html", {"page": page, "section": "supervision"})


@require_safe
@for_duty(*WATCHERS)
def report(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The inspection report on paper."""
    page = presenter.supervision(officer, narrowed_of(request), as_of, most=inspecting.ITEMS)
    body = inspecting.report(page, officer)
    response = HttpResponse(body, content_type="application/pdf")
    name = f"inspection-{local_date(as_of).isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _after(request: HttpRequest) -> str:
    """The entry that ended the page before."""
    return request.GET.get("after", "")[:300].replace("\x00", "")


def narrowed_of(request: HttpRequest) -> Narrowed:
    """What the address narrows the page to; what cannot be one is left out."""
    asked = {name: request.GET.get(name, "")[:200].replace("\x00", "") for name in ("office", "place", "item")}
    is_place = asked["place"].removeprefix(OWN).isalnum()
    return Narrowed(asked["office"], asked["place"] if is_place else "", asked["item"])
