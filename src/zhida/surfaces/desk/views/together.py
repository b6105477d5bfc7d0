"""Deciding many cases of one kind: sample first, held back, then undone or released."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.values import Actor
from zhida.services.controls.kinship import apart_from
from zhida.services.worklists import batches
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import together as presenter
from zhida.surfaces.look.language import say


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("reviewer")
def together(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The cases of a kind: ticked ones are held, once those drawn have been looked at."""
    given = request.POST if request.method == "POST" else request.GET
    item, place = given.get("item", "")[:200].replace("\x00", ""), given.get("position", "")[:4]
    position = int(place) if place.removeprefix("-").isascii() and place.removeprefix("-").isdigit() else 0
    by = officer.at(given.get("office", ""))
    if request.method == "POST":
        return _hold(request, item, position, by, officer, as_of)
    page = presenter.to_hold(item, position, by, officer, as_of)
    asked = {"item": item, "position": position, "office": by.office}
    return render(request, "desk/together.html", {"page": page, "asked": asked, "section": "mine"})


def _hold(request: HttpRequest, item: str, position: int, by: Actor, officer: Officer, as_of: datetime) -> HttpResponse:
    batch_id = request.POST.get("batch", "")[:40]
    chosen = {}
    for one in request.POST.getlist("case")[: batches.LARGEST]:
        case_id, _, version = one.partition("@")
        if version.isascii() and version.isdigit():
            chosen[case_id] = int(version)
    seen = set(request.POST.getlist("seen"))
    page = presenter.to_hold(item, position, by, officer, as_of, batch_id)
    if not chosen or not {line.id for line in page.lines if line.is_sample} <= seen:
        messages.error(request, say("请先打开抽到的几件看过，逐件打勾"))
        asked = {"item": item, "position": position, "office": by.office}
        return render(request, "desk/together.html", {"page": page, "asked": asked, "section": "mine"})
    n = batches.hold(
        batch_id=batch_id, item=item, position=position, chosen=chosen, scope=officer.scope, by=by, as_of=as_of,
        apart=apart_from(by.account, as_of=as_of),
    )  # fmt: skip
    messages.success(request, say("{n} 件已放在一起，放行前可以撤回", n=n))
    return redirect("desk:held", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("reviewer")
def held(request: HttpRequest, batch_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """A batch held back: released or undone by whoever made it."""
    by = officer.at("")
    record = batches.batch(batch_id, by=by)
    by = officer.at(record.office)
    if request.method == "POST":
        if request.POST.get("act") == "release":
            apart = apart_from(by.account, as_of=as_of)
            done, left = batches.release(batch_id=batch_id, scope=officer.scope, by=by, as_of=as_of, apart=apart)
            messages.success(request, say("已办 {n} 件", n=done))
            if left:
                messages.error(request, say("{n} 件刚刚有人办过，没有一起办", n=left))
        else:
            batches.undo(batch_id=batch_id, by=by, as_of=as_of)
            messages.success(request, say("已撤回，什么也没有办"))
        return redirect("desk:held", batch_id)
    page = presenter.held(record, officer, as_of)
    return render(request, "desk/together.html", {"page": page, "section": "mine"})
