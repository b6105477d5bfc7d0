"""What an item gives, by its shape: a form over the amount, its table and how it is paid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs.sentences import PERIODS
from zhida.domain.rules import FactType
from zhida.services.authoring import checking, working
from zhida.services.authoring.giving import KINDS, OTHER, SHAPES, STANDARD, TABLE, Giving, Paying, give
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import ITEMS, Sheet
from zhida.services.authoring.tables import put_grid
from zhida.services.structuring import ONE_YUAN
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import giving as presenter
from zhida.surfaces.desk.presenters import tables as grids
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.typed import FEN, TypedGrid
from zhida.surfaces.desk.speaking import Speaking, written
from zhida.surfaces.desk.tabling import altered, typed_grid
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.desk.views.entries import keep
from zhida.surfaces.desk.views.tables import WRITE, fields_typed, free_name, placed, read_grid
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

Typed = Mapping[str, str]
_FEN = FactType("sum", "number", unit="fen")
_SHARE = FactType("share", "number", scale=6)
_FORMULA = re.compile(r"[(+*/<>=]| - |^[a-z_]+$|\.")
NEW = "-"
"""What stands for a table that is not written yet."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def giving(request: HttpRequest, draft_id: str, name: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What an item gives, by its shape: a sum, so much for each, a share, bands; a POST writes it."""
    found = working.draft(draft_id, places_of(officer))
    typed, faults = fields_typed(request), dict[str, str]()
    shape = typed.get("shape") or request.GET.get("shape", "")
    table = typed.get("table") or request.GET.get("table", "")
    page = _page(found, name, shape, table, typed, faults)
    do = typed.get("do", WRITE) if request.method == "POST" else ""
    if do == WRITE:
        sheet = Sheet(found)
        _given(sheet, name, page, typed, faults)
        faults |= placed(sheet, page.table) if not faults else {}
        if not faults and sheet.changed:
            keep(sheet, typed, officer, as_of, f"items.{name}")
            messages.success(request, say("写好了"))
        if not faults:
            return redirect("desk:entry", draft_id, "items", name)
    if do:
        page = _page(found, name, shape, table, typed, faults, altered(typed_grid(typed), do))
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/giving.html", {"page": page, "faults": listed, "section": "drafts"})


def _page(
    found: DraftRecord, item: str, shape: str, table: str, typed: Typed, faults: dict[str, str],
    grid: TypedGrid | None = None,
) -> presenter.GivingPage:  # fmt: skip
    """The page of an item's shape, with the table that is looked up where the shape is one."""
    page = presenter.giving_page(found, item, shape, typed, faults)
    reading = checking.read(found)
    pack, dictionary = reading.pack, reading.root.dictionary
    if page is None or pack is None:
        raise ConflictError("no_such_entry", f"{found.id} has no item {item}", "look at its file")
    if page.shape != TABLE:
        return page
    known = [name for name in pack.schema.tables if grids.grid_at(pack, name)]
    table = table if table in (*known, NEW) else page.table if page.table in known else NEW
    now = grids.grid_at(pack, table)
    grid = grid or (TypedGrid() if now is None else grids.typed_at(pack, dictionary, table))
    fields = grids.grid_fields(grid, pack, dictionary, now, typed.get("how", ""), faults)
    return replace(page, table=table, tables=presenter.tables_of(found, item, known, table), grid=fields)


def _given(
    sheet: Sheet, item: str, page: presenter.GivingPage, typed: Typed, faults: dict[str, str]
) -> None:  # fmt: skip
    """Writes what an item gives, or says everything that is wrong."""
    shape = page.shape
    reading = checking.read(sheet.draft)
    if reading.pack is None or shape not in SHAPES:
        faults["shape"] = say("请从列出的里面选一个")
        return
    speaking = Speaking(sheet, reading.pack, reading.root.dictionary, typed.get("how", ""))
    read = GivingReader(speaking, typed, faults)
    name = _put_table(sheet, item, page.table, read) if shape == TABLE else ""
    made = read.giving(shape, name)
    paying = _paying(typed, faults)
    known = reading.root.dictionary.budget_lines
    if shape != "service" and known and paying.line not in known:
        faults["line"] = say("请从列出的里面选一个")
    if not faults:
        give(sheet, item, made, paying, title=say("达到最低一档"))


def _put_table(sheet: Sheet, item: str, name: str, read: GivingReader) -> str:
    """Writes the table that an item looks up; its name."""
    pack, typed = read.speaking.pack, typed_grid(read.typed)
    grid = read_grid(sheet, name, typed, read.typed, read.faults)
    if name == NEW:
        wanted = f"{item}_table_fen" if typed.result == FEN else f"{item}_table"
        taken = {*pack.schema.tables, *pack.schema.amounts, *pack.schema.facts}
        name = wanted if wanted not in taken else free_name(pack, typed)
    if grid is not None:
        put_grid(sheet, name, grid, sheet.get(ITEMS, item, "cites") or [])
    return name


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
    most = whole["most"] if "most" in typed else None
    return Paying(typed.get("line", "") or "unknown", once, every, times, most, kind)


class GivingReader:
    """What was typed for a shape, as rules write it."""

    def __init__(self, speaking: Speaking, typed: Typed, faults: dict[str, str]) -> None:
        self.speaking = speaking
        self.typed = typed
        self.faults = faults

    def giving(self, shape: str, table: str = "") -> Giving:
        """What was typed for a shape, with its bounds; `table` is the one that is looked up."""
        most, tables = self.typed.get("most-table", ""), self.speaking.pack.schema.tables
        made = {
            "service": lambda: Giving("service"),
            "fixed": lambda: Giving("fixed", self.sum("sum")),
            "per_unit": lambda: Giving("per_unit", self.sum("sum"), self.fact("of", "1")),
            "share": lambda: Giving("share", of=self.fact("of", ONE_YUAN), rate=self.share("rate")),
            "bands": self.bands,
            TABLE: lambda: Giving(
                TABLE, of=self.fact("of", ONE_YUAN, optional=True), table=table, most=most if most in tables else ""
            ),
            STANDARD: self.standard,
            OTHER: self.expression,
        }[shape]()
        cap, floor = self.sum("cap", optional=True), self.sum("floor", optional=True)
        return replace(made, cap_fen=cap, floor_fen=floor)

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
        if _FORMULA.search(words) and words not in self.speaking.names:
            return self._formula(name, words)
        fact = self.speaking.fact(words, ">=", [sample])
        if fact is None or fact.kind != "number":
            self.faults[name] = self.speaking.unknown(words)
            return ""
        period, known = self.typed.get(f"{name}-period", ""), self.speaking.names.get(words, words)
        is_timed = fact.period != "none" and period in PERIODS[1:]
        return f"{known}({period})" if is_timed else known

    def _formula(self, name: str, words: str) -> str:
        """An expression of several facts, called as people call them."""
        text, unknown = self.speaking.expression(words)
        if unknown:
            self.faults[name] = self.speaking.unknown(unknown[0])
        return text

    def standard(self) -> Giving:
        """A parameter, by itself or times something."""
        chosen, made = self.typed.get("standard", ""), self.typed.get("made", "").strip()
        if made:
            with suppress(AuthorError, InvalidOperation):
                chosen = self.speaking.value(made, None)
        is_known = chosen.removeprefix("parameters.") in self.speaking.pack.schema.parameters
        if not chosen.startswith("parameters.") or not (made or is_known):
            self.faults["made" if made else "standard"] = say("请选一个，或者写名称和数，如 低保标准（1309元）")
        return Giving(STANDARD, of=self.fact("of", "1", optional=True), standard=chosen)

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
