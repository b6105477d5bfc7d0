"""Drafts: begun from a document, read beside its text, settled proposal by proposal, talked about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhida.domain.errors import ConflictError
from zhida.domain.values import new_id, once
from zhida.services.authoring import working
from zhida.services.authoring.records import DraftRecord
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import drafts as list_presenter
from zhida.surfaces.desk.presenters import settling as presenter
from zhida.surfaces.desk.settlement import settle
from zhida.surfaces.desk.taking_in import TakenIn, again, take_in
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

WRITERS = ("author", "operator")
LONGEST = 2_000


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def drafts(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The drafts; a POST begins one."""
    faults: dict[str, str] = {}
    typed = {name: str(value)[:400_000].replace("\x00", "") for name, value in request.POST.items()}
    if request.method == "POST":
        taken = _taken(request, typed, officer, as_of)
        faults |= taken.faults
        if not faults:
            return _begun(request, taken, typed, officer, as_of)
    page = list_presenter.drafts_page(officer, as_of, typed, faults)
    listed = [Fault(name, words) for name, words in faults.items()]
    context = {"page": page, "faults": listed, "section": "drafts", "file_fault": faults.get("file", "")}
    return render(request, "desk/drafts.html", context)


def _taken(request: HttpRequest, typed: Mapping[str, str], officer: Officer, as_of: datetime) -> TakenIn:
    if "revision" in typed:
        if typed["revision"] not in {one.id for one in list_presenter.published(officer, as_of)}:
            return TakenIn(faults={"revision": say("请从列出的里面选一个")})
        return again(typed["revision"], as_of)
    file, text = request.FILES.get("file"), typed.get("text", "").strip()
    if file is not None:
        name, data, where = str(file.name), file.read(), "file"
    elif text:
        name, data, where = say("粘贴的文字"), text.encode(), "text"
    else:
        return TakenIn(faults={"file": say("请选一个文件，或者把全文粘贴进来")})
    asked = typed.get("office", "")
    offices = (asked,) if asked in officer.offices else officer.offices
    return take_in(name, data, offices=offices, slug=typed.get("slug", "").strip(), as_of=as_of, where=where)


def _begun(
    request: HttpRequest, taken: TakenIn, typed: Mapping[str, str], officer: Officer, as_of: datetime
) -> HttpResponse:
    draft_id = once("draft", typed.get("token", ""))
    by = officer.at(taken.office)
    working.begin(
        draft_id=draft_id, pack_id=taken.pack_id, title=taken.title, files=taken.files, by=by, as_of=as_of,
        base=taken.base, source=taken.source, sha256=taken.sha256, notes=taken.notes,
    )  # fmt: skip
    waiting = list_presenter.head_of(working.draft(draft_id, None), "draft").open
    if waiting:
        messages.success(request, say("读出 {n} 处，请逐条核对", n=waiting))
    else:
        messages.success(request, say("草稿建好了"))
    return redirect("desk:draft", draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def draft(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The text with what was read from it; a POST settles proposals."""
    found = working.draft(draft_id, list_presenter.places_of(officer))
    part = int(request.GET["part"]) if request.GET.get("part", "").isdecimal() else 1
    typed = {name: str(value)[:LONGEST].replace("\x00", "") for name, value in request.POST.items()}
    faults: Mapping[str, str] = {}
    if request.method == "POST":
        faults = _settled(request, found, typed, officer, as_of)
        if not faults:
            return _onward(draft_id, part, officer)
    page = presenter.sheet_page(found, part, typed, faults)
    listed = [Fault(name, words) for name, words in faults.items()]
    return render(request, "desk/draft.html", {"page": page, "faults": listed, "section": "drafts"})


def _settled(
    request: HttpRequest, found: DraftRecord, typed: Mapping[str, str], officer: Officer, as_of: datetime
) -> Mapping[str, str]:
    words = {name.removeprefix("s-"): word for name, word in typed.items() if name.startswith("s-")}
    values = {name.removeprefix("v-"): value for name, value in typed.items() if name.startswith("v-")}
    words = {**dict.fromkeys(presenter.changed_in(found, values), presenter.CHANGE), **words}
    if typed.get("seen"):
        words = {**dict.fromkeys(typed.get("shown", "").split(), presenter.ACCEPT), **words}
    if not words:
        return {"seen": say("请先对过原文，再勾选或逐条选定")}
    result = settle(found, words, values)
    if result.faults or not result.count:
        return result.faults or {"seen": say("这些都定过了")}
    told = {
        "accepted": list(result.accepted),
        "refused": list(result.refused),
        "changed": list(result.changed),
        "together": typed.get("shown", "").split() if typed.get("seen") else [],
    }
    working.write(
        draft_id=found.id, version=_version(typed, found), files=result.files, by=officer.at(found.office),
        as_of=as_of, why="draft.settled", told=told,
    )  # fmt: skip
    messages.success(request, say("记下 {n} 处", n=result.count))
    return {}


def _version(typed: Mapping[str, str], found: DraftRecord) -> int:
    """The version that the author saw, as the form says it."""
    text = typed.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 9 else found.version


def _onward(draft_id: str, part: int, officer: Officer) -> HttpResponse:
    """Where the next open proposal is; with none left, on to what publishing needs."""
    found = working.draft(draft_id, list_presenter.places_of(officer))
    if not list_presenter.head_of(found, "draft").open:
        return redirect("desk:launch", draft_id)
    count = presenter.sheet_page(found, part, {}, {}).count
    for number in [*range(part, count + 1), *range(1, part)]:
        page = presenter.sheet_page(found, number, {}, {})
        if page.sure or page.unsure:
            return redirect(f"{reverse('desk:draft', args=[draft_id])}?part={number}")
    return redirect("desk:draft", draft_id)


@require_POST
@for_duty(*WRITERS)
def remark(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Says something about a place of a draft, or marks a remark as dealt with."""
    found = working.draft(draft_id, list_presenter.places_of(officer))
    by, words = officer.at(found.office), request.POST.get("words", "").strip()[:LONGEST]
    if settled := request.POST.get("settled", ""):
        working.settle_remark(remark_id=settled, by=by, as_of=as_of)
    elif words:
        place = request.POST.get("place", "")[:160]
        working.remark(remark_id=new_id("remark"), draft_id=draft_id, place=place, words=words, by=by, as_of=as_of)
    else:
        raise ConflictError("empty_remark", "a remark says something", "write it")
    return redirect("desk:draft", draft_id)
