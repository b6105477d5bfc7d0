"""The money pages: budget lines, batches, standing releases; three hands, in order, three persons."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.rules import FactType
from zhida.domain.values import Span, local_date, new_id
from zhida.kernel.funds import actions
from zhida.kernel.funds import queries as funds
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import money as presenter
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault, Question

CAP = FactType("cap_fen", "number", unit="fen", scale=0)
DAY = FactType("day", "date")


@require_safe
@for_duty(*MONEY)
def overview(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Every line, closed; what waits for a hand; what the bank has not told."""
    page = presenter.funds_page(officer, as_of)
    return render(request, "desk/funds.html", {"page": page, "section": "funds"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY)
def budget_line(request: HttpRequest, line_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One line; a POST of the maker's drafts a standing release."""
    page = presenter.line_page(line_id, officer, as_of)
    faults: tuple[Fault, ...] = ()
    questions = _asked(request, as_of)
    if request.method == "POST" and page.may_make:
        wanted, faults = _wanted(request)
        if wanted is not None:
            cap_fen, valid = wanted
            release_id = new_id("release")
            actions.prepare_release(release_id=release_id, line=line_id, cap_fen=cap_fen, valid=valid,
                                    by=officer.at(page.office_id), as_of=as_of)  # fmt: skip
            return redirect("desk:release", release_id)
        questions = _asked(request, as_of, {fault.field: fault.words for fault in faults})
    context = {
        "page": page,
        "faults": faults,
        "questions": questions,
        "make_batch": reverse("desk:batches"),
        "make_release": request.path,
        "line_id": line_id,
        "section": "funds",
    }
    return render(request, "desk/line.html", context)


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


def _wanted(request: HttpRequest) -> tuple[tuple[int, Span] | None, tuple[Fault, ...]]:
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


@require_POST
@for_duty("maker")
def batches(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The maker puts what is ready on a line into one batch."""
    line = funds.standing(request.POST.get("line", ""), scope=officer.scope)
    ready = presenter.ready_payments(line.id, officer.scope)
    batch_id = new_id("batch")
    chosen = [one.id for one in ready]
    actions.prepare_batch(batch_id=batch_id, disbursement_ids=chosen, by=officer.at(line.office), as_of=as_of)
    messages.success(request, say("已编成一批，等复核"))
    return redirect("desk:batch", batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY)
def batch(request: HttpRequest, batch_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One batch; a POST is the next hand's signature over exactly what was shown."""
    page = presenter.batch_page(batch_id, officer)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and page.act:
        faults = _unseen(request)
        if not faults:
            sign = actions.check_batch if page.act == "checker" else actions.release_batch
            sign(batch_id=batch_id, digest=request.POST.get("digest", ""), by=officer.at(page.office_id), as_of=as_of)
            messages.success(request, say("已签：{words}", words=page.act_words))
            return redirect("desk:batch", batch_id)
    return render(request, "desk/signing.html", {"page": page, "faults": faults, "section": "funds"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY)
def release(request: HttpRequest, release_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One standing release; a POST is the next hand's signature."""
    page = presenter.release_page(release_id, officer, as_of)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and page.act:
        faults = _unseen(request)
        if not faults:
            sign = actions.check_release if page.act == "checker" else actions.sign_release
            sign(release_id=release_id, by=officer.at(page.office_id), as_of=as_of)
            messages.success(request, say("已签：{words}", words=page.act_words))
            return redirect("desk:release", release_id)
    return render(request, "desk/signing.html", {"page": page, "faults": faults, "section": "funds"})


def _unseen(request: HttpRequest) -> tuple[Fault, ...]:
    return () if request.POST.get("seen") else (Fault("seen", say("请先看过合计和明细，再打勾")),)
