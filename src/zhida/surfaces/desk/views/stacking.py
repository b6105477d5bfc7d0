"""How an item goes together with others, by a form: none, a group that packs share, or one of the draft's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.rules import FactType
from zhida.services.authoring import checking, working
from zhida.services.authoring.sheets import Sheet
from zhida.services.authoring.stacking import (
    CAPPED,
    PERS,
    RULES_OF_GROUPS,
    Grouping,
    free_name,
    group_of,
    put_group,
    stack,
)
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import stacking as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.speaking import written
from zhida.surfaces.desk.views.drafting import LONGEST, WRITERS
from zhida.surfaces.desk.views.entries import broken, keep
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

Typed = Mapping[str, str]
_FEN = FactType("sum", "number", unit="fen")


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def stacking(request: HttpRequest, draft_id: str, name: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """How an item goes together with others; a POST writes it where the pack reads afterwards."""
    found = working.draft(draft_id, places_of(officer))
    typed = {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}
    faults: dict[str, str] = {}
    page = presenter.stacking_page(found, name, typed, faults, as_of)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} has no item {name}", "look at its file")
    if request.method == "POST":
        sheet = Sheet(found)
        stacked(sheet, name, typed, faults)
        faults |= broken(sheet) if not faults else {}
        if not faults and sheet.changed:
            keep(sheet, typed, officer, as_of, f"items.{name}")
            messages.success(request, say("写好了"))
        if not faults:
            return redirect("desk:entry", draft_id, "items", name)
        page = presenter.stacking_page(found, name, typed, faults, as_of)
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/stacking.html", {"page": page, "faults": listed, "section": "drafts"})


def stacked(sheet: Sheet, item: str, typed: Typed, faults: dict[str, str]) -> None:
    """Writes onto a sheet what the form says of an item's group; everything that is wrong goes to `faults`."""
    reading = checking.read(sheet.draft)
    chosen, known = typed.get("group", ""), reading.root.groups
    if chosen not in ("", presenter.ADDED, *known):
        faults["group"] = say("请从列出的里面选一个")
    is_new, is_own = chosen == presenter.ADDED, presenter.may_change(sheet, chosen) and chosen == group_of(sheet, item)
    grouping = _grouping(typed, faults) if is_new or is_own else None
    if faults or reading.pack is None:
        return
    name = free_name(sheet.draft.pack_id, known) if is_new else chosen
    if grouping is not None:
        put_group(sheet, name, grouping, reading.pack.owner)
    stack(sheet, item, name)


def _grouping(typed: Typed, faults: dict[str, str]) -> Grouping:
    """A group as typed."""
    words, source = typed.get("words", "").strip()[:60], typed.get("source", "").strip()[:120]
    rule, per = typed.get("rule", ""), typed.get("per", "")
    if not words:
        faults["words"] = say("请写上名称")
    if not source:
        faults["source"] = say("请写上是哪份文件的哪一条")
    for name, value, offered in (("rule", rule, RULES_OF_GROUPS), ("per", per, PERS)):
        if value not in offered:
            faults[name] = say("请从列出的里面选一个")
    cap = _cap(typed.get("cap", "").strip()) if rule == CAPPED else 0
    if cap is None:
        faults["cap"] = say("写一个金额，如 2万、1.5亿、3000")
    return Grouping(words, rule, per, source, cap or 0, typed.get("english", "").strip()[:60])


def _cap(text: str) -> int | None:
    try:
        found = Decimal(written(text, _FEN))
    except (AuthorError, InvalidOperation):
        return None
    return int(found) if found > 0 and found == found.to_integral_value() else None
