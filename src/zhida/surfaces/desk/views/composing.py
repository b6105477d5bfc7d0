"""Entries added and taken out, and what an item gives: forms over several files at once, so that nobody opens one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs.sentences import PERIODS
from zhida.domain.rules import FactType
from zhida.services.authoring import checking, working
from zhida.services.authoring.entries import add_item, add_requirement, take_out
from zhida.services.authoring.giving import KINDS, OTHER, SHAPES, Giving, Paying, give
from zhida.services.authoring.sheets import Sheet
from zhida.services.structuring import ONE_YUAN
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import composing as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.entries import REQUIRED
from zhida.surfaces.desk.speaking import Speaking, written
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
    if pack is None or presenter.out_form(found, pack, kind, name) is None or name not in _names(pack, kind):
        raise ConflictError("no_such_entry", f"{draft_id} cannot lose {kind} {name}", "look at it again")
    sheet, typed = Sheet(found), _typed(request)
    take_out(sheet, kind, [name], typed.get("why", "").strip()[:80])
    faults = broken(sheet)
    if faults:
        messages.error(request, faults["entry"])
        return redirect("desk:entry", draft_id, kind, name)
    keep(sheet, typed, officer, as_of, f"{kind}.{name}")
    messages.success(request, say("去掉了"))
    return redirect("desk:rules", draft_id)


def _names(pack: object, kind: str) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(pack, kind, {})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def giving(request: HttpRequest, draft_id: str, name: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What an item gives, by its shape: a sum, so much for each, a share, bands; a POST writes it."""
    found = working.draft(draft_id, places_of(officer))
    typed, faults = _typed(request), dict[str, str]()
    shape = typed.get("shape") or request.GET.get("shape", "")
    page = presenter.giving_page(found, name, shape, typed, faults)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} has no item {name}", "look at its file")
    if request.method == "POST":
        sheet = Sheet(found)
        _given(sheet, name, page.shape, typed, faults)
        faults |= broken(sheet) if not faults else {}
        if not faults and sheet.changed:
            keep(sheet, typed, officer, as_of, f"items.{name}")
            messages.success(request, say("写好了"))
        if not faults:
            return redirect("desk:entry", draft_id, "items", name)
        page = presenter.giving_page(found, name, shape, typed, faults)
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/giving.html", {"page": page, "faults": listed, "section": "drafts"})


def _given(sheet: Sheet, item: str, shape: str, typed: Typed, faults: dict[str, str]) -> None:
    reading = checking.read(sheet.draft)
    if reading.pack is None or shape not in SHAPES:
        faults["shape"] = say("请从列出的里面选一个")
        return
    speaking = Speaking(sheet, reading.pack, reading.root.dictionary, typed.get("how", ""))
    read = _Reader(speaking, typed, faults)
    made = {
        "service": lambda: Giving("service"),
        "fixed": lambda: Giving("fixed", read.sum("sum")),
        "per_unit": lambda: Giving("per_unit", read.sum("sum"), read.fact("of", "1")),
        "share": lambda: Giving("share", of=read.fact("of", ONE_YUAN), rate=read.share("rate")),
        "bands": read.bands,
        OTHER: read.expression,
    }[shape]()
    cap, floor = read.sum("cap", optional=True), read.sum("floor", optional=True)
    paying = _paying(typed, faults)
    known = reading.root.dictionary.budget_lines
    if shape != "service" and known and paying.line not in known:
        faults["line"] = say("请从列出的里面选一个")
    if not faults:
        give(sheet, item, replace(made, cap_fen=cap, floor_fen=floor), paying, title=say("达到最低一档"))


def _paying(typed: Typed, faults: dict[str, str]) -> Paying:
    """How it is paid, as typed."""
    once = tuple(tuple(part.split(", ")) for part in typed.get("once", "").strip("[]").split("], ["))
    every = typed.get("every", "") if typed.get("every", "") in presenter.PARTS else ""
    whole = {}
    for name in ("times", "most"):
        text = typed.get(name, "").strip()
        if text and not (text.isdecimal() and 0 < int(text) < 10**9):
            faults[name] = say("写一个整数，如 10")
        whole[name] = int(text) if text and name not in faults else 0
    if every and once == (("subject", "life"),):
        faults["once"] = say("分期给的不能是一生一次：请选“每期一次”")
    kind = typed.get("means", "") if typed.get("means", "") in KINDS else ""
    times = whole["times"] if every else 0
    return Paying(typed.get("line", "") or "unknown", once, every, times, whole["most"], kind)


class _Reader:
    """What was typed for a shape, as rules write it."""

    def __init__(self, speaking: Speaking, typed: Typed, faults: dict[str, str]) -> None:
        self.speaking = speaking
        self.typed = typed
        self.faults = faults

    def sum(self, name: str, *, optional: bool = False) -> int:
        """A sum in fen; 0 for an optional one that is empty."""
        text = self.typed.get(name, "").strip()
        found = self._number(text, _FEN) if text else None
        if found is None or found < 0 or found != found.to_integral_value():
            if text or not optional:
                self.faults[name] = say("写一个金额，如 2万、1.5亿、3000")
            return 0
        return int(found)

    def share(self, name: str) -> Decimal:
        """A share from what is typed in hundredths, with or without its sign."""
        text = self.typed.get(name, "").strip().rstrip("%％")
        found = self._number(f"{text}%", _SHARE) if text else None
        if found is None or not 0 < found <= 10:
            self.faults[name] = say("写百分之几，如 30")
            return Decimal(0)
        return found

    def fact(self, name: str, sample: str, *, optional: bool = False) -> str:
        """A fact in its period as an expression; `sample` tells the unit of a new one."""
        words = self.typed.get(name, "").strip()
        if not words:
            if not optional:
                self.faults[name] = say("请写上对的内容")
            return ""
        fact = self.speaking.fact(words, ">=", [sample])
        if fact is None or fact.kind != "number":
            self.faults[name] = self.speaking.unknown(words)
            return ""
        period, known = self.typed.get(f"{name}-period", ""), self.speaking.names.get(words, words)
        is_timed = fact.period != "none" and period in PERIODS[1:]
        return f"{known}({period})" if is_timed else known

    def expression(self) -> Giving:
        """An expression of the author's own, its facts called as people call them."""
        text, unknown = self.speaking.expression(self.typed.get("feel", "").strip())
        if unknown:
            self.faults["feel"] = self.speaking.unknown(unknown[0])
        elif not text:
            self.faults["feel"] = say("请写上对的内容")
        return Giving(OTHER, feel=text)

    def bands(self) -> Giving:
        """Bands upwards, each from where it begins."""
        lows = [self.typed.get(f"low-{number}", "").strip() for number in range(1, presenter.BANDS * 4)]
        sample = next((low for low in lows if low), "1")
        by, of = self.fact("by", sample), self.fact("of", ONE_YUAN, optional=True)
        words = self.typed.get("by", "").strip()
        fact = self.speaking.fact(words, ">=", [sample]) if by else None
        rows = []
        for number, low in enumerate(lows, start=1):
            if low and by:
                gives = self.share(f"gives-{number}") if of else Decimal(self.sum(f"gives-{number}"))
                at = self._number(low, fact)
                if at is None:
                    self.faults[f"low-{number}"] = say("请写上对的内容")
                rows.append((at or Decimal(0), gives))
        rows.sort()
        if not rows or len({low for low, _ in rows}) < len(rows):
            self.faults.setdefault("low-1", say("至少写一档，各档的起点不能相同"))
        told = tuple((format(low.normalize(), "f"), format(gives.normalize(), "f")) for low, gives in rows)
        return Giving("bands", of=of, by=by, rows=told)

    def _number(self, text: str, fact: FactType | None) -> Decimal | None:
        try:
            return Decimal(written(text, fact))
        except (AuthorError, InvalidOperation):
            return None


def _typed(request: HttpRequest) -> dict[str, str]:
    return {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}
