"""The reviewer's pages and acts."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.process import Act, Finding, Outcome
from zhida.domain.values import Actor
from zhida.kernel.cases import actions, queries
from zhida.kernel.cases.records import CaseView
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.services.inspection import urging
from zhida.services.worklists import filters
from zhida.surfaces.desk.interests import check_interest
from zhida.surfaces.desk.officers import Officer, for_duty, nav_of
from zhida.surfaces.desk.presenters import reviewing as presenter
from zhida.surfaces.desk.presenters import worklist
from zhida.surfaces.look.language import say


@require_safe
@for_duty("reviewer")
def work(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What waits for me, by deadline."""
    page = request.GET.get("page", "1")
    number = int(page[:9]) if page.isascii() and page.isdigit() else 1
    found = worklist.work_list(officer, _wanted(request.GET), number, as_of)
    return render(request, "desk/mine.html", {"page": found, "section": "mine"})


def _wanted(given: QueryDict) -> worklist.Wanted:
    asked = [given.get(name, "").strip().replace("\x00", "")[:200] for name in ("q", "stand", "item", "step")]
    return worklist.Wanted(*asked)


@require_POST
@for_duty("reviewer")
def keep_filter(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Keeps the filter that the list is narrowed by under a name, or forgets one."""
    name = request.POST.get("name", "")
    if request.POST.get("act") == "forget":
        filters.remove_filter(account=officer.account, name=name)
        return redirect("desk:mine")
    query = _wanted(QueryDict(request.POST.get("query", "")[:400])).query()
    filters.save_filter(account=officer.account, name=name, query=query)
    messages.success(request, say("筛选已存下"))
    return redirect(f"{reverse('desk:mine')}?{query}")


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Where a log-in lands: the first page that the officer's duties open."""
    held = offices.duties_of(str(request.user.pk), clock().now())
    entries = nav_of(held)
    if entries and entries[0].name != "mine":
        return redirect(entries[0].href)
    request.desk_held = held  # type: ignore[attr-defined]
    return work(request)


@require_safe
@for_duty("reviewer")
def case(request: HttpRequest, case_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One case."""
    page = presenter.case_desk(case_id, officer, as_of)
    return render(request, "desk/case.html", {"page": page, "section": "mine"})


@require_safe
@for_duty("reviewer")
def following(request: HttpRequest, case_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """On to the case that comes after this one in the list; to the list where nothing else waits."""
    found = worklist.next_of(officer, case_id, as_of)
    if not found:
        messages.info(request, say("没有别的在等您办"))
    return redirect("desk:case", found) if found else redirect("desk:mine")


@require_safe
@for_duty("reviewer")
def evidence(
    request: HttpRequest, case_id: str, evidence_id: str, *, officer: Officer, as_of: datetime
) -> HttpResponse:
    """A paper that was handed in, to be saved: never shown inside the page."""
    view, _ = presenter.seen_by(case_id, officer, as_of)
    if all(one.id != evidence_id for one in view.evidence):
        raise AccessError("evidence_out_of_scope", f"{evidence_id} is no document of {case_id}", "open its case")
    record, body = queries.evidence_body(evidence_id, scope=officer.scope)
    response = HttpResponse(body, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{record.sha256[:16]}.{record.name.rpartition(".")[2]}"'
    )
    return response


@require_POST
@for_duty("reviewer")
def rule(request: HttpRequest, case_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Finds on one requirement."""
    reason, choice = request.POST.get("reason", "").strip(), request.POST.get("is_met", "")
    if choice not in ("0", "1"):
        messages.error(request, say("请选“符合”或“不符合”"))
    elif choice == "0" and not reason:
        messages.error(request, say("判断为不符合的，要写理由"))
    else:
        _, actor = presenter.seen_by(case_id, officer, as_of)
        requirement = request.POST.get("requirement", "")
        actions.rule(
            case_id=case_id, requirement=requirement, is_met=choice == "1", reason=reason, by=actor, as_of=as_of
        )
        messages.success(request, say("判断已记下"))
    return redirect("desk:case", case_id)


@require_POST
@for_duty("reviewer")
def act(request: HttpRequest, case_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Passes, returns or refuses; the version shown must be the version that is."""
    choice, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    view, actor = presenter.seen_by(case_id, officer, as_of)
    if str(view.case.version) != request.POST.get("version", ""):
        raise ConflictError("case_changed", f"{case_id} has changed since it was shown", "look at it again")
    if choice not in ("pass", "return", "refuse"):
        messages.error(request, say("请先选一个决定"))
        return redirect("desk:case", case_id)
    if choice in ("return", "refuse") and not reason:
        messages.error(request, say("请补正或不予同意的，要写理由，申请人会看到"))
        return redirect("desk:case", case_id)
    if choice == "return":
        actions.return_case(case_id=case_id, reason=reason, by=actor, as_of=as_of)
    elif Act.DECIDE in view.allowed:
        outcome = Outcome.GRANTED if choice == "pass" else Outcome.REFUSED
        actions.decide(case_id=case_id, outcome=outcome, reason=reason, by=actor, as_of=as_of)
    else:
        _finish(view, choice, reason, officer, actor, as_of)
    messages.success(request, say("已办：{words}", words=_words(choice)))
    return redirect("desk:next", case_id) if request.POST.get("next") else redirect("desk:mine")


def _words(choice: str) -> str:
    return {"pass": say("通过"), "return": say("请补正"), "refuse": say("不予同意")}.get(choice, choice)


def _finish(view: CaseView, choice: str, note: str, officer: Officer, actor: Actor, as_of: datetime) -> None:
    mine = presenter.open_step(view, officer)
    if mine is None:
        raise ConflictError("no_open_step", f"{view.case.id} has no step open at {actor.office}", "look at it again")
    finding = Finding.PASSED if choice == "pass" else Finding.FAILED
    actions.finish_step(case_id=view.case.id, position=mine.position, finding=finding, note=note, by=actor, as_of=as_of)


@require_POST
@for_duty("reviewer")
def answer_urge(request: HttpRequest, urge_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Answers whoever urges over a case."""
    words = request.POST.get("answer", "").strip()
    if not words:
        messages.error(request, say("请写办理情况，督办的人会看到"))
    else:
        found = next((one for one in urging.urges_waiting(officer.offices, limit=None) if one.id == urge_id), None)
        if found is None:
            raise ConflictError("no_open_urge", f"{urge_id} waits for no answer of yours", "look at the list again")
        check_interest(queries.case(found.case_id, scope=officer.scope).subject_id, officer, as_of)
        urging.answer(urge_id=urge_id, words=words, by=officer.at(found.office), as_of=as_of)
        messages.success(request, say("已答复"))
    return redirect("desk:mine")


@require_safe
@for_duty("reviewer")
def publicity(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Public notices and objections."""
    page = presenter.publicity_desk(officer, as_of)
    return render(request, "desk/publicity.html", {"page": page, "section": "publicity"})


@require_POST
@for_duty("reviewer")
def resolve(request: HttpRequest, objection_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Answers one objection."""
    answer = request.POST.get("answer", "").strip()
    if not answer:
        messages.error(request, say("请写答复，提异议的人会看到"))
    else:
        record = presenter.objected_case(objection_id, officer, as_of)
        actions.resolve_objection(
            objection_id=objection_id,
            is_upheld=request.POST.get("is_upheld") == "1",
            answer=answer,
            by=officer.at(record.office),
            as_of=as_of,
        )
        messages.success(request, say("已答复"))
    return redirect("desk:publicity")
