"""Reconciling: a day's statement fetched or brought as a file, its findings applied or dismissed by a second person."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AccessError, ConflictError, FinalOutside, OutsideError
from zhida.domain.rules import FactType
from zhida.domain.values import local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.funds import actions
from zhida.kernel.funds.ports import Answer, StatementFile, statements, treasury
from zhida.surfaces.desk.acts import Posted, posted, with_faults
from zhida.surfaces.desk.finance_records import FindingPage
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import closing
from zhida.surfaces.desk.presenters import reconciling as presenter
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.stepping_up import newly_known

LARGEST = 32 << 20
LONGEST_REFERENCE = 64
DAY = FactType("day", "date")


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
def reconciliation(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The days; a POST compares one with its statement, from the bank or from a file."""
    page = presenter.overview(officer, as_of)
    context = {"page": page, "questions": presenter.questions(page.day), "section": "reconciliation"}
    if request.method == "POST":
        if officer.role not in MONEY:
            raise AccessError("wrong_duty", "an auditor compares nothing", "ask a maker, checker or releaser")
        try:
            found = _statement(request, as_of)
        except NotTaken as refused:
            field = "file" if request.POST.get("by") == "file" else "day"
            typed = presenter.questions(request.POST.get("day", ""), refused.words if field == "day" else "")
            wrong = refused.words if field == "file" else ""
            context |= {"faults": (Fault(field, refused.words),), "questions": typed, "file_fault": wrong}
            return render(request, "desk/reconciliation.html", context)
        by = officer.at(officer.offices[0])
        actions.reconcile(reconciliation_id=new_id("reconcile"), day=found.day, lines=found.lines, by=by, as_of=as_of,
                          listed=_listed(found))  # fmt: skip
        messages.success(request, say("{n} 条对账单已逐条比对", n=len(found.lines)))
        return redirect("desk:day", found.day.isoformat())
    return render(request, "desk/reconciliation.html", context)


def _listed(found: StatementFile) -> tuple[Answer, ...] | None:
    """The treasury's own list of what the statement and the books name, the third side; None where it is silent."""
    references = {line.reference for line in found.lines} | set(actions.due_references(found.day))
    try:
        return treasury().ask(sorted(references))
    except OutsideError:
        return None


def _statement(request: HttpRequest, as_of: datetime) -> StatementFile:
    """What was asked to be compared. Raises NotTaken, in words for the person."""
    if request.POST.get("by") == "file":
        file = request.FILES.get("file")
        if file is None or not file.size or file.size > LARGEST:
            raise NotTaken(say("请选一个 camt.053 对账单文件，不超过 32 MB"))
        return _in_file(file.read(), as_of)
    day = taken(request.POST.get("day", ""), DAY)
    if day > local_date(as_of):
        raise NotTaken(say("这一天还没有到"))
    try:
        return StatementFile(day, treasury().statement(day))
    except OutsideError as error:
        raise NotTaken(say("银行没有给出这一天的对账单，请稍后再取，或上传文件")) from error


def _in_file(body: bytes, as_of: datetime) -> StatementFile:
    try:
        found = statements().read(body)
    except FinalOutside as error:
        raise NotTaken(say("这不是读得懂的对账单，或者它自己加不拢")) from error
    if any(max(len(line.reference), len(line.treasury_reference)) > LONGEST_REFERENCE for line in found.lines):
        raise NotTaken(say("这不是读得懂的对账单，或者它自己加不拢"))
    if found.day > local_date(as_of):
        raise NotTaken(say("这一天还没有到"))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@newly_known
def day(request: HttpRequest, on: date, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One day and everything found on it; a POST is one of the two signatures that close it."""
    close = closing.closing_of(on, officer)
    if request.method == "POST":
        tried = posted(request, close.acts if close else ())
        messages.success(request, closing.sign(on, tried, officer, as_of))
        return redirect("desk:day", on.isoformat())
    context = {"page": presenter.day_page(on, officer), "close": close, "section": "reconciliation"}
    return render(request, "desk/day.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@newly_known
def finding(request: HttpRequest, finding_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One finding; a POST closes it, by what it proposes or with a note alone."""
    page = presenter.finding_page(finding_id, officer)
    context = {"page": page, "acts": page.acts, "section": "reconciliation"}
    if request.method == "POST":
        tried = posted(request, page.acts)
        if not tried.faults:
            _close(page, tried, officer, as_of)
            messages.success(request, say("已了结"))
            return redirect("desk:day", page.day.isoformat())
        context |= {"acts": with_faults(page.acts, tried, request.POST), "faults": tried.faults}
    return render(request, "desk/finding.html", context)


def _close(page: FindingPage, tried: Posted, officer: Officer, as_of: datetime) -> None:
    by = officer.at(officer.offices[0])
    if tried.act.name == "dismiss":
        actions.dismiss_finding(finding_id=page.id, note=tried.reason, by=by, as_of=as_of)
        return
    if not page.disbursement_id:
        raise ConflictError("nothing_proposed", f"{page.id} is about no payment", "work it out and dismiss it")
    cases.apply_finding(finding_id=page.id, disbursement_id=page.disbursement_id, note=tried.reason, by=by, as_of=as_of)
