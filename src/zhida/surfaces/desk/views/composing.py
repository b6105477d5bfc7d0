"""Entries added and taken out, and what an item gives: forms over several files at once, so that nobody opens one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from zhida.domain.errors import ConflictError
from zhida.domain.rules import FactType
from zhida.services.authoring import checking, working
from zhida.services.authoring.entries import LOOKED_UP, add_item, add_requirement, take_out
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import composing as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.entries import REQUIRED
from zhida.surfaces.desk.views.drafting import LONGEST, WRITERS
from zhida.surfaces.desk.views.entries import again, broken, by_form, keep
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

Typed = Mapping[str, str]
_FEN = FactType("sum", "number", unit="fen")
_SHARE = FactType("share", "number", scale=6)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def new_entry(request: HttpRequest, draft_id: str, kind: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Adds an item or a requirement from a clause; a POST writes it where the pack reads afterwards."""
    found = working.draft(draft_id, places_of(officer))
    typed, faults = _typed(request), dict[str, str]()
    anchor = request.GET.get("clause", "")[:60]
    page = presenter.new_page(found, kind, anchor, typed, faults)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} takes no new {kind}", "look at its files")
    if request.method == "POST":
        sheet = Sheet(found)
        name = _added(sheet, kind, typed, request.POST.getlist("items"), faults)
        faults |= broken(sheet) if not faults else {}
        if not faults:
            keep(sheet, typed, officer, as_of, f"{kind}.{name}")
            messages.success(request, say("加好了"))
            return redirect("desk:giving" if kind == "items" else "desk:entry", draft_id, *_rest(kind, name))
        page = presenter.new_page(found, kind, anchor, typed, faults)
        page = replace(page, lines=again(page.lines, typed, faults)) if page else None
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/new_entry.html", {"page": page, "faults": listed, "section": "drafts"})


def _rest(kind: str, name: str) -> list[str]:
    return [name] if kind == "items" else [kind, name]


def _added(sheet: Sheet, kind: str, typed: Typed, items: list[str], faults: dict[str, str]) -> str:
    pack = checking.read(sheet.draft).pack
    title, anchor = typed.get("title", "").strip()[:60], typed.get("clause", "")
    if not title or "{" in title or "}" in title:
        faults["title"] = say("请写上名称")
    if pack is None or anchor not in {one.anchor for one in pack.clauses}:
        faults["clause"] = say("请从列出的里面选一个")
    if faults or pack is None:
        return ""
    if kind == "items":
        return add_item(sheet, pack, title, anchor)
    who = typed.get("kind", "")
    asked = [name for name in pack.items if name in items] or [*pack.items]
    if who not in REQUIRED:
        faults["kind"] = say("请从列出的里面选一个")
        return ""
    when = by_form(sheet, typed, faults) if who == "computed" else ""
    if who == "computed" and not when and not faults:
        faults["f-1"] = say("系统算的条件要写上式子，或者填表")
    return "" if faults else add_requirement(sheet, title=title, kind=who, when=when, anchor=anchor, items=asked)


@require_POST
@for_duty(*WRITERS)
def out(
    request: HttpRequest, draft_id: str, kind: str, name: str, *, officer: Officer, as_of: datetime
) -> HttpResponse:
    """Takes an entry out of the draft with all that only it used; clauses left alone are given the reason."""
    found = working.draft(draft_id, places_of(officer))
    pack = checking.read(found).pack
    waits = kind in LOOKED_UP and name in Sheet(found).waiting
    is_known = pack is not None and presenter.out_form(found, pack, kind, name) and name in _names(pack, kind)
    if pack is None or not (waits or is_known):
        raise ConflictError("no_such_entry", f"{draft_id} cannot lose {kind} {name}", "look at it again")
    sheet, typed = Sheet(found), _typed(request)
    take_out(sheet, kind, [name], typed.get("why", "").strip()[:80])
    faults = broken(sheet)
    if faults:
        messages.error(request, faults["entry"])
        return redirect("desk:rules", draft_id) if waits else redirect("desk:entry", draft_id, kind, name)
    keep(sheet, typed, officer, as_of, f"{kind}.{name}")
    messages.success(request, say("去掉了"))
    return redirect("desk:rules", draft_id)


def _names(pack: object, kind: str) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(pack, kind, {})
    return found


def _typed(request: HttpRequest) -> dict[str, str]:
    return {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}
