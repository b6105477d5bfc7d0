"""A person's own pages: home, cases, messages, the account that money goes to, who has looked."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ConflictError
from zhida.domain.values import local_date, new_id
from zhida.kernel.notices import actions as notice_actions
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import actions as registry_actions
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault, Question
from zhida.surfaces.look.stepping_up import newly_known
from zhida.surfaces.portal.persons import Person, signed_in
from zhida.surfaces.portal.presenters import cases, claims, inbox
from zhida.surfaces.portal.presenters import mine as presenter

LONGEST_BANK = 120


@require_safe
@signed_in
def mine(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """What I can get, what waits, what is running; an officer who acts for nobody goes on to the desk."""
    if person.subject is None and offices.duties_of(person.account, as_of):
        return redirect("desk:mine")
    page = presenter.my_home(person, as_of, request.GET.dict())
    return render(request, "portal/mine.html", {"page": page, "section": "mine"})


@require_safe
@signed_in
def my_cases(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """All my cases."""
    return render(request, "portal/cases.html", {"cases": presenter.my_cases(person, as_of), "section": "mine"})


@require_safe
@signed_in
def case(request: HttpRequest, case_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """Where one case stands."""
    host = f"{request.scheme}://{request.get_host()}"
    page = cases.case_page(case_id, person, as_of, host)
    return render(request, "portal/case.html", {"page": page, "section": "mine"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_inbox(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """Messages; a POST marks all of them as read."""
    if request.method == "POST":
        unread = notices.inbox(scope=person.scope, as_of=as_of, account_id=person.account, unread=True, limit=500)
        for one in unread:
            notice_actions.mark_read(notice_id=one.id, scope=person.scope, by=person.actor, as_of=as_of)
        return redirect("portal:inbox")
    page = inbox.inbox(person, request.GET.get("before", ""), as_of)
    return render(request, "portal/inbox.html", {"page": page, "section": "inbox"})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@newly_known
def account(request: HttpRequest, *, person: Person, as_of: datetime) -> HttpResponse:
    """The bank account that money goes to."""
    if person.subject is None:
        return redirect("portal:mine")
    faults: list[Fault] = []
    number, bank = (
        "".join(request.POST.get("number", "").split()).replace("-", ""),
        request.POST.get("bank", "").strip(),
    )
    if request.method == "POST":
        faults = _account_faults(number, bank)
        if not faults and _registered(person, number, bank, as_of):
            messages.success(request, say("收款账户已登记，尾号 {tail}", tail=number[-4:]))
            return redirect(_back(request))
        faults = faults or [Fault("number", say("账号是 8 到 34 位数字，请对照银行卡或开户许可证"))]
    words = {fault.field: fault.words for fault in faults}
    questions = (
        Question("bank", say("开户银行"), "text", "", "", (), bank, words.get("bank", "")),
        Question("number", say("账号"), "text", say("有没有空格都行。账号加密保存，页面上只露后四位。"), "", (),
                 request.POST.get("number", ""), words.get("number", "")),
    )  # fmt: skip
    context = {
        "present": claims.account_words(person.subject, as_of),
        "holder": person.subject.name,
        "questions": questions,
        "faults": faults,
        "section": "mine",
    }
    return render(request, "portal/account.html", context)


def _back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of this site."""
    before = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
    return before if is_ours else reverse("portal:mine")


def _account_faults(number: str, bank: str) -> list[Fault]:
    faults = []
    if not bank:
        faults.append(Fault("bank", say("请写开户银行")))
    if len(bank) > LONGEST_BANK:
        faults.append(Fault("bank", say("开户银行的名称不超过 {n} 个字", n=LONGEST_BANK)))
    if not number:
        faults.append(Fault("number", say("请写账号")))
    return faults


def _registered(person: Person, number: str, bank: str, as_of: datetime) -> bool:
    if person.subject is None:
        return False
    try:
        registry_actions.register_account(
            account_id=new_id("payee"),
            subject_id=person.subject.id,
            number=number,
            holder=person.subject.name,
            bank=bank,
            source="portal",
            valid_from=local_date(as_of),
            by=person.acting_for(person.subject.id, "confirm"),
            as_of=as_of,
        )
    except ConflictError as error:
        if error.code != "malformed_account":
            raise
        return False
    return True
