"""Claiming, mending, taking back. Every POST is safe to send twice: the case's id is made before the form is shown."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.values import new_id, once
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.records import CaseRecord
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.portal import forms
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import claims

DRAFT = "draft"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def claim(request: HttpRequest, region: str, slug: str, name: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Claims an item for the chosen subject: one tap where it is automatic, a form elsewhere."""
    if person.subject is None:
        return redirect("portal:mine")
    item_id = f"{region}/{slug}/{name}"
    running = _running(item_id, person)
    if running is not None and running.state != DRAFT:
        return redirect("portal:confirmed" if running.claim == "automatic" else "portal:case", running.id)
    wanted = claims.claimable(item_id, person.subject, as_of)
    if wanted.is_automatic:
        return _tapped(request, wanted, running, person, as_of)
    return _applied(request, wanted, running, person, as_of)


def _running(item_id: str, person: Person) -> CaseRecord | None:
    """The subject's case for an item that is not over, if there is one."""
    if person.subject is None:
        return None
    found = queries.cases(scope=person.scope, item=item_id, subject_id=person.subject.id)
    return next((one for one in found if one.state != "closed"), None)


def _tapped(
    request: HttpRequest, wanted: claims.Claimable, running: CaseRecord | None, person: Person, as_of: datetime
) -> HttpResponse:
    faults: list[Fault] = []
    if request.method == "POST":
        try:
            case_id = running.id if running else _opened(new_id("case"), wanted, "", person, as_of)
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


def _opened(case_id: str, wanted: claims.Claimable, record: str, person: Person, as_of: datetime) -> str:
    actions.open_case(
        case_id=case_id,
        item_id=wanted.item.id,
        subject_id=wanted.subject.id,
        record=record,
        by=person.acting_for(wanted.subject.id, "submit", *(("confirm",) if wanted.is_automatic else ())),
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
    page = claims.confirm_page(claims.claimable(record.item, subject, as_of), as_of, record)
    return render(request, "portal/confirm.html", {"page": page, "section": "mine"})


def _applied(
    request: HttpRequest, wanted: claims.Claimable, running: CaseRecord | None, person: Person, as_of: datetime
) -> HttpResponse:
    wanted = claims.with_records(wanted, as_of)
    case_id = running.id if running else _asked_id(request)
    filled = forms.read(request, wanted)
    if request.method == "POST" and not filled.faults:
        try:
            if running is None:
                _opened(case_id, wanted, filled.record, person, as_of)
            forms.hand_in(case_id, wanted, filled, person, as_of)
        except ApplicantError as refused:
            if refused.field == "bank_account":
                return redirect("portal:account")
            filled.faults[forms.field_name(refused.field, wanted)] = words_of(refused)
        except ConflictError as moved:
            if moved.code != "already_open":
                raise
            return redirect("portal:cases")
        else:
            return redirect("portal:case", case_id)
    page = claims.apply_page(wanted, filled.shown, case_id, as_of)
    return render(request, "portal/apply.html", {"page": page, "faults": page.faults, "section": "mine"})


def _asked_id(request: HttpRequest) -> str:
    """The id that the form was given when it was first shown; a fresh one the first time."""
    return once("case", request.POST.get("submission", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def mend(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """A returned case is mended with the same form and handed in again."""
    record = queries.case(case_id, scope=person.scope)
    if record.state != "returned":
        return redirect("portal:case", case_id)
    subject = next(one for one in person.subjects if one.id == record.subject_id)
    wanted = claims.claimable(record.item, subject, as_of)
    filled = forms.read(request, wanted, is_mending=True)
    if request.method == "POST" and not filled.faults:
        forms.hand_in_again(case_id, wanted, filled, person.acting_for(subject.id, "submit"), as_of)
        return redirect("portal:case", case_id)
    page = claims.apply_page(wanted, filled.shown, case_id, as_of)
    return render(request, "portal/apply.html", {"page": page, "faults": page.faults, "section": "mine"})


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
