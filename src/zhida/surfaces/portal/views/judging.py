"""Saying how a case was served, and asking for a second look at its decision."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import ApplicantError
from zhida.domain.values import new_id
from zhida.kernel.cases import queries
from zhida.services.feedback import desk, rating
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import judging as presenter


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rate(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Rates a case that has come out, once."""
    case = queries.case(case_id, scope=person.scope)
    if not presenter.can_rate(case) or presenter.rated(case) is not None:
        return redirect("portal:case", case_id)
    sent, fault = request.POST, ""
    grade, aspects = sent.get("grade", ""), sent.getlist("aspect")
    if request.method == "POST":
        by = person.acting_for(case.subject_id, "submit", "confirm")
        number = int(grade) if grade in map(str, rating.GRADES) else 0
        try:
            page = reverse("portal:case", args=[case_id])
            rated = presenter.rated_case(case, number or rating.GRADES[0], aspects, page)
            rating.rate(rated=rated, grade=number, aspects=aspects, words=sent.get("words", ""), by=by, as_of=as_of)
        except ApplicantError as refused:
            fault = words_of(refused)
        else:
            messages.success(request, say("谢谢，评价已经收到。"))
            return redirect("portal:case", case_id)
    page_shown = presenter.rating_page(case, grade, aspects, sent.get("words", ""), fault)
    return render(request, "portal/rate.html", {"page": page_shown, "faults": page_shown.faults, "section": "mine"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def appeal(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Asks a person of the office to look at a decision again, once."""
    case = queries.case(case_id, scope=person.scope)
    if not presenter.can_ask(case, as_of):
        return redirect("portal:case", case_id)
    ground, words, fault = request.POST.get("ground", ""), request.POST.get("words", ""), ""
    if request.method == "POST":
        by = person.acting_for(case.subject_id, "submit")
        named = say(presenter.GROUNDS.get(ground, presenter.GROUNDS["other"]), lang="zh")
        page = reverse("portal:case", args=[case_id])
        said = desk.Said(page, desk.Kind.REVIEW, f"{named}。{words.strip()}" if words.strip() else "", case=case_id)
        try:
            desk.receive(feedback_id=new_id("feedback"), said=said, office=case.office, by=by, as_of=as_of)
        except ApplicantError as refused:
            fault = words_of(refused)
        else:
            messages.success(request, say("已经交给部门重新看，答复会写在这一页。"))
            return redirect("portal:case", case_id)
    shown = presenter.asking_page(case, ground, words, fault)
    return render(request, "portal/appeal.html", {"page": shown, "faults": shown.faults, "section": "mine"})
