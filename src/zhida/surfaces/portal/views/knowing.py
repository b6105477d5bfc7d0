"""What is known of me, and saying that it is wrong."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ApplicantError
from zhida.domain.values import new_id
from zhida.kernel.registry import actions
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import knowing as presenter


@require_safe
@signed_in
def known(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """Every fact that is known of the chosen subject, its source and date, and the state of what it disputes."""
    page = presenter.known_page(person, as_of)
    return render(request, "portal/known.html", {"page": page, "section": "mine"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def wrong(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """Says that one fact is wrong; the office that answers for it will see it."""
    page = presenter.wrong_page(request.GET.get("fact", ""), person, as_of)
    claimed, reason = request.POST.get("claimed", "").strip(), request.POST.get("reason", "").strip()
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and person.subject is not None:
        try:
            actions.dispute_fact(
                dispute_id=new_id("dispute"),
                subject_id=person.subject.id,
                key=page.key,
                held=page.line.value,
                claimed=claimed,
                reason=reason,
                by=person.acting_for(person.subject.id, "submit"),
                as_of=as_of,
            )
        except ApplicantError as refused:
            faults = (Fault(refused.field, words_of(refused)),)
        else:
            messages.success(request, say("已交给{office}核对，结果会写在这一条旁边。", office=page.office))
            return redirect("portal:known")
    words = {fault.field: fault.words for fault in faults}
    context = {"page": page, "faults": faults, "words": words, "claimed": claimed, "reason": reason, "section": "mine"}
    return render(request, "portal/wrong.html", context)
