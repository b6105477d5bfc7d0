"""The stop buttons: for everything, a line, an item, a policy; pressed by any of the three, lifted by the releaser."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.values import Actor, new_id
from zhida.kernel.funds import actions
from zhida.kernel.funds import queries as funds
from zhida.services.controls.stops import StopKind, lift_stop, press_stop
from zhida.surfaces.desk.acts import Posted, posted, refused, with_faults
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import stopping as presenter
from zhida.surfaces.look.language import say


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
def stops(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What is stopped, frozen and held; a POST presses a stop or lifts one."""
    page = presenter.stop_desk(officer, as_of)
    context = {"page": page, "acts": page.acts, "section": "stops"}
    if request.method == "POST":
        offered = (*page.acts, *(act for line in page.stops for act in line.acts))
        tried = posted(request, offered)
        tried = tried if tried.faults else _do(request, tried, officer, as_of)
        if not tried.faults:
            return redirect("desk:stops")
        context |= {"acts": with_faults(page.acts, tried, request.POST), "faults": tried.faults}
    return render(request, "desk/stops.html", context)


def _do(request: HttpRequest, tried: Posted, officer: Officer, as_of: datetime) -> Posted:
    name, by = tried.act.name, officer.at(officer.offices[0])
    if name.startswith(presenter.LIFT):
        lift_stop(stop_id=name.removeprefix(presenter.LIFT), reason=tried.reason, by=by, as_of=as_of)
        messages.success(request, say("已恢复，等着的付款会接着送出"))
        return tried
    key = request.POST.get(f"stop-{name}", "") if name != "all" else ""
    if name != "all" and key not in {choice.value for choice in tried.act.questions[0].choices if choice.value}:
        return refused(tried, f"stop-{name}", say("请从列出的里面选一个"))
    _press(name, key, tried.reason, officer, by, as_of)
    messages.success(request, say("已停下，当时生效"))
    return tried


def _press(name: str, key: str, reason: str, officer: Officer, by: Actor, as_of: datetime) -> None:
    if name == "line":
        office = funds.standing(key, scope=officer.scope).office
        actions.freeze_line(line=key, reason=reason, by=officer.at(office), as_of=as_of)
        return
    press_stop(stop_id=new_id("stop"), kind=StopKind(name), key=key, reason=reason, by=by, as_of=as_of)
