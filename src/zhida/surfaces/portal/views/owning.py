"""What is one's own: licences, consents, who has looked; and what somebody sees under a consent."""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.errors import ApplicantError
from zhida.domain.values import CHINA, once, safe_cell
from zhida.services.consents import consenting
from zhida.services.vouching import permitting
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.persons import Person, now, signed_in
from zhida.surfaces.portal.presenters import owning as presenter


@require_safe
@signed_in
def cards(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """My licences with their codes. The browser keeps the page only where its owner presses for it."""
    page = presenter.cards_page(person, request.build_absolute_uri(reverse("portal:verify")), as_of)
    return render(request, "portal/cards.html", {"page": page, "section": "mine"})


@require_safe
@signed_in
def readings(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """Who has read what is not public of me, when and why; by office and time."""
    page = presenter.readings_page(person, request.GET.dict(), as_of)
    return render(request, "portal/readings.html", {"page": page, "section": "mine"})


@require_safe
@signed_in
def readings_file(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """The same as CSV (RFC 4180); what a spreadsheet might run as a formula is written as text."""
    told = StringIO()
    writer = csv.writer(told)
    writer.writerow([say("时间"), say("部门"), say("为了什么"), say("看了什么")])
    for line in presenter.readings_page(person, request.GET.dict(), as_of).lines:
        moment = f"{line.read_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        writer.writerow([moment, *map(safe_cell, (line.office, line.purpose, line.facts))])
    name = f"zhida-readings-{presenter.today(as_of)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(told.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def consents(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """What I let others see of me; a POST lets one more."""
    faults: dict[str, str] = {}
    chosen = frozenset(request.POST.getlist("attributes")) & frozenset(presenter.shareable(person))
    if request.method == "POST" and person.subject is not None:
        sent, days = request.POST, request.POST.get("days", "")
        asked = consenting.Asked(chosen, sent.get("receiver", ""), sent.get("purpose", ""),
                                 int(days) if days in map(str, presenter.DAYS) else 0)  # fmt: skip
        by = person.acting_for(person.subject.id, "submit")
        try:
            consenting.give(consent_id=once("consent", sent.get("submission", "")), subject_id=person.subject.id,
                            asked=asked, by=by, as_of=as_of)  # fmt: skip
        except ApplicantError as refused:
            faults[refused.field] = words_of(refused)
        else:
            messages.success(request, say("已经授权。把下面的码或网址给对方，对方每看一次您都知道。"))
            return redirect("portal:consents")
    host = f"{request.scheme}://{request.get_host()}"
    page = presenter.consents_page(person, request.POST.dict(), chosen, faults, host)
    return render(request, "portal/consents.html", {"page": page, "faults": page.faults, "section": "mine"})


@require_POST
@signed_in
def withdraw_consent(request: HttpRequest, consent_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Takes a consent back."""
    if person.subject is not None:
        by = person.acting_for(person.subject.id, "submit")
        consenting.withdraw(consent_id=consent_id, subject_id=person.subject.id, by=by, as_of=as_of)
        messages.success(request, say("已经撤回，对方不能再看。"))
    return redirect("portal:consents")


@require_POST
@signed_in
def withdraw_permission(request: HttpRequest, permission_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Takes back what another platform was let know; it is told nothing more."""
    permitting.withdraw(permission_id=permission_id, by=person.actor, as_of=as_of)
    messages.success(request, say("已经撤回，那个平台不能再用您的账号登录。"))
    return redirect("portal:consents")


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody sees under a consent; the look is told to whom it is about."""
    page = presenter.shared_page(token, now())
    return render(request, "portal/shared.html", {"page": page, "section": ""})
