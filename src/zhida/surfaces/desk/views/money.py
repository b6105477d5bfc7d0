"""The money pages: budget lines, batches, standing releases; three hands, in order, three persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.errors import AccessError
from zhida.domain.rules import FactType
from zhida.domain.values import Span, local_date, new_id, once
from zhida.kernel.funds import actions
from zhida.kernel.funds import queries as funds
from zhida.services.controls.lifting import Kept
from zhida.surfaces.desk.acts import posted, with_faults
from zhida.surfaces.desk.finance_records import BudgetPage, Signing
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import money as presenter
from zhida.surfaces.desk.presenters import signing
from zhida.surfaces.desk.views.lifting import is_lifting, lift
from zhida.surfaces.desk.walls import behind_wall
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault, Question
from zhida.surfaces.look.stepping_up import newly_known

CAP = FactType("cap_fen", "number", unit="fen", scale=0)
DAY = FactType("day", "date")


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def overview(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Every line, closed; what waits for a hand; what the bank has not told."""
    page = presenter.funds_page(officer, as_of)
    return render(request, "desk/funds.html", {"page": page, "section": "funds"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
def budget_line(request: HttpRequest, line_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One line; a POST is one of its acts, or the maker's draft of a standing release."""
    page = presenter.line_page(line_id, officer, as_of, before=request.GET.get("before", ""))
    context = {"page": page, "acts": page.acts, "questions": _asked(request, as_of), "line_id": line_id}
    context["token"] = new_id("release")
    if request.method == "POST" and "act" in request.POST:
        tried = posted(request, page.acts)
        if not tried.faults:
            by = officer.at(page.office_id)
            if is_lifting(tried):
                lift(request, tried, Kept.LINE, by, as_of)
            else:
                actions.freeze_line(line=line_id, reason=tried.reason, by=by, as_of=as_of)
                messages.success(request, say("已冻结，这条预算不再付款"))
            return redirect("desk:line", line_id)
        context |= {"acts": with_faults(page.acts, tried, request.POST), "faults": tried.faults}
    elif request.method == "POST":
        wanted, faults = _wanted(request, page)
        if wanted is not None:
            cap_fen, valid = wanted
            release_id = once("release", request.POST.get("token", ""))
            if all(one.id != release_id for one in funds.releases(line_id, as_of=as_of)):
                actions.prepare_release(release_id=release_id, line=line_id, cap_fen=cap_fen, valid=valid,
                                        by=officer.at(page.office_id), as_of=as_of)  # fmt: skip
            return redirect("desk:release", release_id)
        asked = _asked(request, as_of, {fault.field: fault.words for fault in faults})
        context |= {"questions": asked, "faults": faults}
    return render(request, "desk/line.html", context | {"section": "funds"})


def _asked(request: HttpRequest, as_of: datetime, faults: dict[str, str] | None = None) -> tuple[Question, ...]:
    today = local_date(as_of)
    wrong = faults or {}
    given = request.POST
    year_end = date(today.year, 12, 31).isoformat()
    return (
        Question("cap", say("上限"), "number", "", say("元"), (), given.get("cap", ""), wrong.get("cap", "")),
        Question(
            "start", say("从哪天起"), "date", "", "", (), given.get("start", today.isoformat()), wrong.get("start", "")
        ),
        Question("end", say("到哪天为止"), "date", "", "", (), given.get("end", year_end), wrong.get("end", "")),
    )


def _wanted(request: HttpRequest, page: BudgetPage) -> tuple[tuple[int, Span] | None, tuple[Fault, ...]]:
    if not page.may_make:
        raise AccessError("wrong_duty", "a standing release is drafted by a maker", "ask a maker")
    faults: list[Fault] = []
    found: dict[str, object] = {}
    for name, kind in (("cap", CAP), ("start", DAY), ("end", DAY)):
        try:
            found[name] = taken(request.POST.get(name, ""), kind)
        except NotTaken as refused:
            faults.append(Fault(name, refused.words))
    cap, start, end = found.get("cap"), found.get("start"), found.get("end")
    if isinstance(cap, int) and cap <= 0:
        faults.append(Fault("cap", say("上限要大于 0")))
    if isinstance(start, date) and isinstance(end, date) and end < start:
        faults.append(Fault("end", say("止期不能早于起期")))
    if faults or not isinstance(cap, int) or not isinstance(start, date) or not isinstance(end, date):
        return None, tuple(faults)
    return (cap, Span(start, end + timedelta(days=1))), ()


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def batches(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Every batch: the officer's to sign, others' to sign, and ended."""
    return render(request, "desk/batches.html", {"page": signing.batch_list(officer), "section": "batches"})


@require_POST
@for_duty("maker")
def prepare(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The maker puts what is ready on a line into one batch."""
    line = funds.standing(request.POST.get("line", ""), scope=officer.scope)
    ready = presenter.ready_payments(line.id, officer.scope)
    batch_id = new_id("batch")
    chosen = [one.id for one in ready]
    actions.prepare_batch(batch_id=batch_id, disbursement_ids=chosen, by=officer.at(line.office), as_of=as_of)
    messages.success(request, say("已编成一批，等复核"))
    return redirect("desk:batch", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
@newly_known
def batch(request: HttpRequest, batch_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One batch; a POST is the next hand's signature over exactly what was shown, or takes the batch apart."""
    page = signing.batch_page(batch_id, officer)
    by = officer.at(page.office_id)
    if "act" in request.POST:

        def end(reason: str) -> None:
            actions.dissolve_batch(batch_id=batch_id, reason=reason, by=by, as_of=as_of)

        return _ended(request, page, end, say("已拆散，付款回到等编批"), "batches")

    def sign() -> None:
        sign_batch = actions.check_batch if page.act == "checker" else actions.release_batch
        sign_batch(batch_id=batch_id, digest=request.POST.get("digest", ""), by=by, as_of=as_of)

    return _signed(request, page, sign, "batches")


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
@newly_known
def release(request: HttpRequest, release_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One standing release; a POST is the next hand's signature, or ends it."""
    page = signing.release_page(release_id, officer, as_of)
    by = officer.at(page.office_id)
    if "act" in request.POST:

        def end(reason: str) -> None:
            actions.revoke_release(release_id=release_id, reason=reason, by=by, as_of=as_of)

        return _ended(request, page, end, say("已撤销，系统不再按它付款"), "funds")

    def sign() -> None:
        sign_one = actions.check_release if page.act == "checker" else actions.sign_release
        sign_one(release_id=release_id, by=by, as_of=as_of)

    return _signed(request, page, sign, "funds")


def _ended(request: HttpRequest, page: Signing, end: Callable[[str], None], words: str, section: str) -> HttpResponse:
    tried = posted(request, page.acts)
    if not tried.faults:
        end(tried.reason)
        messages.success(request, words)
        return redirect(request.path)
    acts = with_faults(page.acts, tried, request.POST)
    context = {"page": page, "acts": acts, "faults": tried.faults, "section": section}
    return render(request, "desk/signing.html", context)


def _signed(request: HttpRequest, page: Signing, sign: Callable[[], None], section: str) -> HttpResponse:
    faults: tuple[Fault, ...] = ()
    if request.method == "POST":
        if not page.act:
            raise AccessError("act_not_offered", "this signature is not yours to give", "the next hand signs")
        faults = _unseen(request)
        if not faults:
            sign()
            messages.success(request, say("已签：{words}", words=page.act_words))
            return redirect(request.path)
    unseen = faults[0].words if faults else ""
    context = {"page": page, "acts": page.acts, "faults": faults, "unseen": unseen, "section": section}
    return render(request, "desk/signing.html", context)


def _unseen(request: HttpRequest) -> tuple[Fault, ...]:
    return () if request.POST.get("seen") else (Fault("seen", say("请先看过合计和明细，再打勾")),)
