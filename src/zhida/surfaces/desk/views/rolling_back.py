"""The version before in force again: one proposes it, another confirms."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.values import once
from zhida.services.authoring import publishing
from zhida.surfaces.desk.acts import Posted, posted, refused, with_faults
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import rolling_back as presenter
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.look.language import say


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def rollbacks(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The roll-backs that wait; a POST proposes, confirms or withdraws one."""
    page = presenter.rollback_page(officer, as_of)
    context = {"page": page, "acts": page.acts, "section": "drafts"}
    if request.method == "POST":
        tried = posted(request, (*page.acts, *(act for card in page.cards for act in card.acts)))
        tried = tried if tried.faults else _acted(request, tried, officer, as_of)
        if not tried.faults:
            messages.success(request, say("已办：{words}", words=tried.act.words))
            return redirect("desk:rollbacks")
        context |= {"acts": with_faults(page.acts, tried, request.POST), "faults": tried.faults}
    return render(request, "desk/rollbacks.html", context)


def _acted(request: HttpRequest, tried: Posted, officer: Officer, as_of: datetime) -> Posted:
    verb, _, rollback_id = tried.act.name.partition("-")
    if verb == presenter.BACK:
        standing = {one.id: one for one in presenter.published(officer, as_of)}
        record = standing.get(request.POST.get("withdrawn", ""))
        if record is None:
            return refused(tried, "withdrawn", say("请从列出的里面选一个"))
        owner = record.owner_office if record.owner_office in officer.offices else record.issuer_office
        publishing.propose_rollback(
            rollback_id=once("rollback", tried.token),
            revision_id=record.id,
            reason=tried.reason,
            by=officer.at(owner),
            as_of=as_of,
        )
        return tried
    office = next(one.office for one in publishing.rollbacks(None) if one.id == rollback_id)
    act = publishing.confirm_rollback if verb == "confirm" else publishing.withdraw_rollback
    act(rollback_id=rollback_id, by=officer.at(office), as_of=as_of)
    return tried
