"""A table of rules as a form: rows and columns added and taken out by buttons that post, everything kept as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Pack
from zhida.domain.packs.grids import Grid
from zhida.domain.packs.source.nodes import ListNode, Problems, RecordNode
from zhida.domain.packs.source.strict import read_yaml
from zhida.services.authoring import checking, working
from zhida.services.authoring.entries import NO_RULE
from zhida.services.authoring.sheets import RULES, Sheet, explain
from zhida.services.authoring.tables import put_grid
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import tables as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.typed import FEN, TypedGrid
from zhida.surfaces.desk.speaking import Speaking
from zhida.surfaces.desk.tabling import GridReader, altered, typed_grid
from zhida.surfaces.desk.views.drafting import LONGEST, WRITERS
from zhida.surfaces.desk.views.entries import keep
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import all_told

Typed = Mapping[str, str]
WRITE = "write"


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def table(request: HttpRequest, draft_id: str, name: str = "", *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One table, or one to begin; a POST writes it where the pack still reads, or adds and takes out rows and
    columns."""
    found = working.draft(draft_id, places_of(officer))
    reading = checking.read(found)
    pack = reading.pack
    if pack is None or (name and name not in pack.schema.tables):
        raise ConflictError("no_such_entry", f"{draft_id} has no table {name}", "look at its file")
    if name and presenter.grid_at(pack, name) is None:
        return redirect("desk:entry", draft_id, "tables", name)
    given, faults = fields_typed(request), dict[str, str]()
    do = given.get("do", WRITE) if request.method == "POST" else ""
    typed = typed_grid(given) if do else presenter.typed_at(pack, reading.root.dictionary, name)
    if do == WRITE:
        sheet = Sheet(found)
        written = _written(sheet, pack, name, typed, given, faults)
        if not faults:
            if sheet.changed:
                keep(sheet, given, officer, as_of, f"tables.{written}")
            messages.success(request, say("写好了") if sheet.changed else say("没有改动"))
            return redirect("desk:table", draft_id, written)
    elif do:
        typed = altered(typed, do)
    page = presenter.table_page(found, name, typed, given, faults)
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/table.html", {"page": page, "faults": listed, "section": "drafts"})


def _written(
    sheet: Sheet, pack: Pack, name: str, typed: TypedGrid, given: Typed, faults: dict[str, str]
) -> str:  # fmt: skip
    """Writes a table, one without a name under a free one; its name. What is wrong goes to `faults`."""
    cites = [] if name else [given.get("clause", "")]
    if not {*cites} <= {one.anchor for one in pack.clauses}:
        faults["clause"] = say("请从列出的里面选一个")
    grid = read_grid(sheet, name, typed, given, faults)
    if grid is None or faults:
        return name
    written = name or free_name(pack, typed)
    put_grid(sheet, written, grid, cites)
    if cites:
        explain(sheet, NO_RULE)
    faults.update(placed(sheet, written))
    return written


def fields_typed(request: HttpRequest) -> dict[str, str]:
    """The fields of a form as texts."""
    return {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}


def read_grid(
    sheet: Sheet, name: str, typed: TypedGrid, given: Typed, faults: dict[str, str]
) -> Grid | None:  # fmt: skip
    """The table that was typed; None where something is wrong. New facts enter the sheet."""
    reading = checking.read(sheet.draft)
    if reading.pack is None:
        return None
    speaking = Speaking(sheet, reading.pack, reading.root.dictionary, given.get("how", ""))
    return GridReader(speaking, faults, presenter.grid_at(reading.pack, name)).grid(typed)


def free_name(pack: Pack, typed: TypedGrid) -> str:
    """A name for a new table; a sum's name ends as sums of packs do."""
    schema, end = pack.schema, "_fen" if typed.result == FEN else ""
    taken = {*schema.tables, *schema.amounts, *schema.facts, *schema.relations}
    return next(name for at in count(1) if (name := f"table_{at}{end}") not in taken)


def placed(sheet: Sheet, name: str = "") -> dict[str, str]:
    """Everything that would no longer read: what is wrong in a row beside it, the rest for the whole form."""
    problems = checking.read(replace(sheet.draft, files=sheet.files)).problems
    file = f"{sheet.draft.pack_id}/{RULES}"
    rows = _lines_of(sheet, name)
    found: dict[str, list[object]] = {}
    for one in problems:
        at = rows.get(one.line) if one.file == file else None
        found.setdefault(f"r-{at}-gives" if at else "entry", []).append(one)
    return {field: all_told(tuple(several), spoken()) for field, several in found.items()}  # type: ignore[arg-type]


def _lines_of(sheet: Sheet, name: str) -> dict[int, int]:
    """The lines of a table's rows, where each stands on its own."""
    body = sheet.files.get(f"{sheet.draft.pack_id}/{RULES}", b"")
    node: object = read_yaml(RULES, body, Problems()) if body else None
    for key in ("tables", name, "rows"):
        node = node.values.get(key) if isinstance(node, RecordNode) else None
    lines = [one.spot.line for one in node.items] if isinstance(node, ListNode) else []
    return {line: at for at, line in enumerate(lines, start=1)} if len({*lines}) == len(lines) else {}
