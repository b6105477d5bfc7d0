"""Outreach: who is left over and the lists for it; a worker's own lists; the sheet for a resident."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhida.kernel.catalogue import queries as catalogue
from zhida.services.outreach import rounds
from zhida.services.outreach.rounds import Opened
from zhida.surfaces.desk.acts import chosen_of, posted, with_faults
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import reaching as presenter
from zhida.surfaces.look.language import say


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("supervisor")
def outreach(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Entitled and not claimed, by item and place; makes a list for a worker."""
    item = request.GET.get("item", "")[:200].replace("\x00", "")
    street = request.GET.get("place", "")
    after = request.GET.get("after", "")[:200].replace("\x00", "")
    page = presenter.outreach_page(officer, item, as_of, street, after)
    if request.method == "POST":
        tried = posted(request, [page.make] if page.make else [])
        tried, chosen = chosen_of(request, tried)
        if not tried.faults:
            building = chosen.get("building", presenter.WHOLE)
            new = rounds.NewRound(tried.token, item, chosen["place"], chosen["kind"], tried.reason, chosen["worker"],
                                  "" if building == presenter.WHOLE else building)  # fmt: skip
            where = presenter.building_attributes(catalogue.root().dictionary)
            n = rounds.make_round(new=new, scope=officer.scope, by=officer.at(""), as_of=as_of, attributes=where)
            messages.success(request, say("名单已列出，{n} 户（人）", n=n))
            return redirect(request.get_full_path())
        acts = with_faults([page.make] if page.make else [], tried, request.POST)
        return render(request, "desk/outreach.html", {"page": page, "acts": acts, "section": "outreach"})
    acts = (page.make,) if page.make else ()
    return render(request, "desk/outreach.html", {"page": page, "acts": acts, "section": "outreach"})


@never_cache
@require_safe
@for_duty("gridworker")
def visits(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The worker's own lists."""
    lines = presenter.my_rounds(officer, as_of)
    return render(request, "desk/visits.html", {"rounds": lines, "section": "visits"})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("gridworker")
def visit(request: HttpRequest, round_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One list: opens a name for its purpose, notes what came of a call or visit. Nothing of it is cached."""
    opened: tuple[str, Opened] | None = None
    if request.method == "POST":
        contact, by = request.POST.get("contact", ""), officer.at("")
        if request.POST.get("act") == "open":
            where = presenter.where_attributes(catalogue.root().dictionary)
            found = rounds.open_contact(contact_id=contact, attributes=where, scope=officer.scope, by=by, as_of=as_of)
            opened = (contact, found)
        else:
            written = request.POST.get("call_back", "").strip()
            day = _day(written)
            if written and day is None:
                page = presenter.visit_page(round_id, officer, as_of, fault=contact)
                return render(request, "desk/visit.html", {"page": page, "section": "visits"})
            rounds.note_result(
                contact_id=contact,
                result=request.POST.get("result", ""),
                note=request.POST.get("note", ""),
                call_back_on=day,
                by=by,
                as_of=as_of,
            )
            messages.success(request, say("已记下"))
            return redirect(request.get_full_path())
    page = presenter.visit_page(round_id, officer, as_of, opened, only=request.GET.get("building", ""))
    return render(request, "desk/visit.html", {"page": page, "section": "visits"})


def _day(text: str) -> date | None:
    """The day written; None where it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@for_duty("gridworker", "supervisor")
def sheet(
    request: HttpRequest, region: str, slug: str, item: str, *, officer: Officer, as_of: datetime
) -> HttpResponse:
    """A sheet in large type to leave with a resident."""
    page = presenter.sheet(f"{region}/{slug}/{item}", as_of)
    return render(request, "desk/sheet.html", {"page": page, "section": "visits"})
