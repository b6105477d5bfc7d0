"""Claiming, mending, taking back."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.errors import ApplicantError
from zhida.domain.values import new_id
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.records import CaseRecord
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.portal import forms
from zhida.surfaces.portal.claimable import Claimable, claimable
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import cases, claims, mending
from zhida.surfaces.portal.views import applying

DRAFT = "draft"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def claim(request: HttpRequest, region: str, slug: str, name: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Claims an item for the chosen subject: one tap where it is automatic, a form elsewhere."""
    if person.subject is None:
        return redirect("portal:mine")
    item_id = f"{region}/{slug}/{name}"
    running = person.running(item_id)
    wanted = claimable(item_id, person.subject, as_of)
    if running is not None and running.state != DRAFT and not wanted.item.for_each:
        return redirect("portal:confirmed" if wanted.is_automatic else "portal:case", running.id)
    if wanted.is_automatic:
        return _tapped(request, wanted, running, person, as_of)
    return applying.begun(request, wanted, person, as_of)


def _tapped(
    request: HttpRequest, wanted: Claimable, running: CaseRecord | None, person: Person, as_of: datetime
) -> HttpResponse:
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            case_id = running.id if running else _opened(new_id("case"), wanted, person, as_of)
            by = person.acting_for(wanted.subject.id, "confirm", "submit")
            actions.submit(case_id=case_id, by=by, as_of=as_of)
        except ApplicantError as refused:
            if refused.field == "bank_account":
                return redirect("portal:account")
            faults = [Fault("claim", words_of(refused))]
        else:
            return redirect("portal:confirmed", case_id)
    page = claims.confirm_page(wanted, as_of)
    return render(request, "portal/confirm.html", {"page": page, "faults": faults, "section": "mine"})


def _opened(case_id: str, wanted: Claimable, person: Person, as_of: datetime) -> str:
    actions.open_case(
        case_id=case_id,
        item_id=wanted.item.id,
        subject_id=wanted.subject.id,
        by=person.acting_for(wanted.subject.id, "submit", "confirm"),
        as_of=as_of,
    )
    return case_id


@require_safe
@signed_in
def confirmed(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """The same page after the tap: when it was confirmed, and until when it can be taken back."""
    record = queries.case(case_id, scope=person.scope)
    if record.submitted_at is None or record.state == "closed":
        return redirect("portal:case", case_id)
    subject = next(one for one in person.subjects if one.id == record.subject_id)
    page = claims.confirm_page(claimable(record.item, subject, as_of), as_of, record)
    return render(request, "portal/confirm.html", {"page": page, "section": "mine"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mend(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """A returned case: what the office asked for in one list, what was answered before, handed in again."""
    record = queries.case(case_id, scope=person.scope)
    if record.state != "returned":
        return redirect("portal:case", case_id)
    subject = next(one for one in person.subjects if one.id == record.subject_id)
    wanted = claimable(record.item, subject, as_of)
    view = queries.view(case_id, scope=person.scope, by=person.acting_for(subject.id), as_of=as_of)
    form = forms.to_mend(request, wanted, mending.answered(wanted, view))
    if request.method == "POST" and not form.faults:
        forms.hand_in_again(case_id, form, person.acting_for(subject.id, "submit"), as_of)
        return redirect("portal:case", case_id)
    page = mending.mend_page(wanted, view, form, cases.wanted_words(case_id))
    return render(request, "portal/mend.html", {"page": page, "faults": page.faults, "section": "mine"})


@require_POST
@signed_in
def withdraw(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Takes a claim back."""
    record = queries.case(case_id, scope=person.scope)
    actions.withdraw(
        case_id=case_id,
        reason=say("申请人撤回", lang="zh"),
        by=person.acting_for(record.subject_id, "submit"),
        as_of=as_of,
    )
    return redirect("portal:case", case_id)
