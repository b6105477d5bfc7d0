"""Applying: the list of what is to do, one thing a page, the look before it is handed in.

What is typed is kept on the server when a field is left, right or wrong, so that a page that is closed loses nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhida.domain.errors import AccessError, ApplicantError, ConflictError
from zhida.domain.values import CHINA, once
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.records import CaseRecord
from zhida.services.drafts import keeping
from zhida.services.drafts.keeping import Draft
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.asking import NotTaken
from zhida.surfaces.look.language import say
from zhida.surfaces.portal import forms
from zhida.surfaces.portal.claimable import Claimable, claimable, with_records
from zhida.surfaces.portal.papers import taken_paper
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import applying as presenter
from zhida.surfaces.portal.presenters import wallet
from zhida.surfaces.portal.presenters.applying import Part

KEEP = "keep"


def begun(request: HttpRequest, wanted: Claimable, person: Person, as_of: datetime) -> HttpResponse:
    """The list of an application; where nothing is asked, the look before it is handed in."""
    wanted = with_records(wanted, as_of)
    if request.method == "POST" or (not presenter.parts_of(wanted) and not wanted.item.for_each):
        return redirect(presenter.href_of(wanted, "check"))
    page = presenter.task_list(wanted, _draft(wanted, as_of), as_of)
    return render(request, "portal/tasks.html", {"page": page, "section": "mine"})


def _claim(region: str, slug: str, name: str, person: Person, as_of: datetime) -> tuple[Claimable, CaseRecord | None]:
    """The application, and the case that an agent opened for it and nobody handed in. Raises ConflictError
    `already_open` where one is under way, Http404 where the item is claimed with one tap."""
    item_id = f"{region}/{slug}/{name}"
    if person.subject is None:
        raise Http404
    running = person.running(item_id)
    wanted = claimable(item_id, person.subject, as_of)
    if wanted.is_automatic:
        raise Http404
    is_going = running is not None and running.state != "draft"
    if is_going and not wanted.item.for_each:
        raise ConflictError("already_open", f"{item_id} is under way", "go on with that case")
    return with_records(wanted, as_of), None if is_going else running


def _draft(wanted: Claimable, as_of: datetime) -> Draft:
    return keeping.draft(wanted.subject.id, wanted.item.id, as_of=as_of)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def part(
    request: HttpRequest, region: str, slug: str, name: str, part: str, *, person: Person, as_of: datetime
) -> HttpResponse:
    """One question or one paper: kept, then on to the next."""
    wanted, _ = _claim(region, slug, name, person, as_of)
    asked = next((one for one in presenter.parts_of(wanted) if one.name == part), None)
    if asked is None:
        raise Http404
    fault = ""
    if request.method == "POST":
        person.acting_for(wanted.subject.id, "submit")
        fault = _kept(request, wanted, asked, person, as_of)
        if request.POST.get("step") == KEEP:
            return HttpResponse(
                say("{time} 已存好", time=f"{as_of.astimezone(CHINA):%H:%M}"), "text/plain; charset=utf-8"
            )
        if not fault:
            return redirect(_after(request, wanted, asked, as_of))
    paper = wanted.pack.form.papers.get(asked.key) if asked.kind == "paper" else None
    held = wallet.reusable(paper, wanted.subject.id, person) if paper else ()
    page = presenter.part_page(wanted, asked, _draft(wanted, as_of), fault, held)
    return render(request, "portal/part.html", {"page": page, "faults": page.faults, "section": "mine"})


def _kept(request: HttpRequest, wanted: Claimable, asked: Part, person: Person, as_of: datetime) -> str:
    """Keeps what was sent for a part, right or wrong; the fault where there is one."""
    place = {"subject_id": wanted.subject.id, "item_id": wanted.item.id}
    if asked.kind == "paper":
        return _kept_paper(request, wanted, asked, person, as_of)
    text = request.POST.get(asked.name, "")
    keeping.keep(**place, fields={asked.name: text}, as_of=as_of)
    if asked.kind == presenter.RECORD:
        return "" if text in wanted.records else say("请选一条")
    return forms.fault_of(text, wanted.pack.form.questions[asked.key])


def _kept_paper(request: HttpRequest, wanted: Claimable, asked: Part, person: Person, as_of: datetime) -> str:
    file, held = request.FILES.get(asked.name), request.POST.get("held", "")
    paper = wanted.pack.form.papers[asked.key]
    if file is None and not held:
        return "" if asked.name in _draft(wanted, as_of).papers else say("还差这份材料")
    try:
        if file is not None:
            kept = taken_paper(file, asked.key, paper)
        else:
            page = request.build_absolute_uri(reverse("portal:verify"))
            kept = wallet.taken_again(held, asked.key, paper, person, page)
    except NotTaken as refused:
        return refused.words
    keeping.keep_paper(subject_id=wanted.subject.id, item_id=wanted.item.id, paper=kept, as_of=as_of)
    return ""


def _after(request: HttpRequest, wanted: Claimable, asked: Part, as_of: datetime) -> str:
    if request.GET.get("back") == "check":
        return presenter.href_of(wanted, "check")
    following = presenter.next_part(wanted, forms.from_draft(_draft(wanted, as_of), wanted), asked)
    return presenter.href_of(wanted, part=following) if following else presenter.href_of(wanted, "check")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def check(request: HttpRequest, region: str, slug: str, name: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Everything once more; a POST hands it in, once however often it is sent."""
    if request.method == "POST" and _is_handed_in(request.POST.get("submission", ""), person):
        return redirect("portal:case", request.POST["submission"])
    wanted, running = _claim(region, slug, name, person, as_of)
    draft = _draft(wanted, as_of)
    if presenter.next_part(wanted, forms.from_draft(draft, wanted)) is not None:
        return redirect(presenter.href_of(wanted))
    case_id = running.id if running else once("case", request.POST.get("submission", ""))
    form = forms.from_draft(draft, wanted, request.POST.dict()) if request.method == "POST" else forms.Form()
    if request.method == "POST" and not form.faults:
        try:
            _handed_in(case_id, wanted, form, running, person, as_of)
        except ApplicantError as refused:
            if refused.field == "bank_account":
                return redirect(f"{reverse('portal:account')}?next={presenter.href_of(wanted, 'check')}")
            form.faults[forms.field_name(refused.field, wanted)] = words_of(refused)
        else:
            return redirect("portal:case", case_id)
    page = presenter.check_page(wanted, draft, form, case_id, as_of)
    return render(request, "portal/check.html", {"page": page, "faults": page.faults, "section": "mine"})


def _is_handed_in(submission: str, person: Person) -> bool:
    """Whether a page was sent before, and the case that it named is under way."""
    try:
        return queries.case(submission, scope=person.scope).state != "draft"
    except AccessError:
        return False


def _handed_in(
    case_id: str, wanted: Claimable, form: forms.Form, running: CaseRecord | None, person: Person, as_of: datetime
) -> None:
    by = person.acting_for(wanted.subject.id, "submit")
    if running is None:
        actions.open_case(case_id=case_id, item_id=wanted.item.id, subject_id=wanted.subject.id, record=form.record,
                          by=by, as_of=as_of)  # fmt: skip
    forms.hand_in(case_id, wanted, form, person, as_of)


@require_POST
@signed_in
def discard(
    request: HttpRequest, region: str, slug: str, name: str, *, person: Person, as_of: datetime
) -> HttpResponse:
    """Throws the draft away."""
    wanted, _ = _claim(region, slug, name, person, as_of)
    person.acting_for(wanted.subject.id, "submit")
    keeping.drop(subject_id=wanted.subject.id, item_id=wanted.item.id)
    messages.success(request, say("草稿已经清除。"))
    return redirect("portal:mine")
