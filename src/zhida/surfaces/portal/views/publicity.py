"""Public notice: read by anybody, objected to by anybody."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ApplicantError
from zhida.domain.values import Actor, new_id
from zhida.kernel.cases import actions
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import publicity as presenter
from zhida.surfaces.portal.records import ObjectionPage

ANYBODY = Actor(account="anybody", duty="public")


@require_safe
def publicity(request: HttpRequest) -> HttpResponse:
    """Every list on notice."""
    context = {"lists": presenter.public_lists(now()), "section": "publicity"}
    return render(request, "portal/publicity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, case_id: str) -> HttpResponse:
    """Anybody objects to one name, without logging in."""
    as_of = now()
    line, listed = presenter.noticed(case_id, as_of)
    reason, contact = request.POST.get("reason", ""), request.POST.get("contact", "").strip()[:120]
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        try:
            actions.raise_objection(
                objection_id=new_id("objection"),
                case_id=case_id,
                words=reason,
                contact=contact,
                by=ANYBODY,
                as_of=as_of,
            )
        except ApplicantError as refused:
            faults = (Fault("reason", words_of(refused)),)
        else:
            messages.success(request, say("异议已收到，公示结束前会答复。核实前不拨付这一笔。"))
            return redirect("portal:publicity")
    page = ObjectionPage(line, listed, faults, reason, contact)
    return render(request, "portal/objection.html", {"page": page, "faults": faults, "section": "publicity"})
