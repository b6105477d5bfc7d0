"""A draft's entries: the list of them, and one at a time as a form or as its expression; both write the same file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs.sentences import OPERATORS, PERIODS, Form, Line, feel_of
from zhida.domain.packs.source.splicing import Rows
from zhida.domain.rules import parse
from zhida.domain.values import SubjectKind
from zhida.services.authoring import checking, working
from zhida.services.authoring.entries import NO_RULE, ask, change_audience, change_kind, entitle, rename
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet, swept
from zhida.services.structuring import likely_attributes, place_fact
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import composing, listing
from zhida.surfaces.desk.presenters import entries as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.readings import why_likely
from zhida.surfaces.desk.settlement import quoted
from zhida.surfaces.desk.speaking import Speaking
from zhida.surfaces.desk.views.drafting import LONGEST, WRITERS
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Fault
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.policies import AUDIENCES
from zhida.surfaces.look.telling.problems import all_told

Typed = Mapping[str, str]
_MOST_LINES = 12


@require_safe
@for_duty(*WRITERS)
def rules(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Every condition, amount, table and item of a draft, in words."""
    page = listing.rules_page(working.draft(draft_id, places_of(officer)))
    return render(request, "desk/rules.html", {"page": page, "section": "drafts"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def entry(
    request: HttpRequest, draft_id: str, kind: str, name: str, *, officer: Officer, as_of: datetime
) -> HttpResponse:
    """One entry; a POST writes it where the pack still reads afterwards, else tells everything that is wrong."""
    found = working.draft(draft_id, places_of(officer))
    page = presenter.entry_page(found, kind, name)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} has no {kind} {name}", "look at its file")
    typed = {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}
    faults: dict[str, str] = {}
    if request.method == "POST":
        sheet = Sheet(found)
        _write(sheet, page, typed, request.POST.getlist("asks"), faults)
        if not faults and not sheet.changed:
            messages.info(request, say("没有改动"))
            return redirect("desk:entry", draft_id, kind, name)
        faults |= broken(sheet) if not faults else {}
        if not faults:
            keep(sheet, typed, officer, as_of, f"{kind}.{name}")
            messages.success(request, say("写好了"))
            return redirect("desk:entry", draft_id, kind, name)
        page = _again(page, typed, faults)
    page = composing.completed(page, found, typed)
    page = _picked(page, found, request.GET.get("find", "").strip()[:60] or composing.paper_of(page))
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/entry.html", {"page": page, "faults": listed, "section": "drafts"})


def keep(sheet: Sheet, typed: Typed, officer: Officer, as_of: datetime, about: str) -> None:
    """Writes what an act changed, over the version that the author saw."""
    version = typed.get("version", "")
    working.write(
        draft_id=sheet.draft.id, version=int(version) if version.isdecimal() else 0, files=sheet.changed,
        by=officer.at(sheet.draft.office), as_of=as_of, why="draft.edited", told={"entry": about},
    )  # fmt: skip


def _write(sheet: Sheet, page: presenter.EntryPage, typed: Typed, asks: list[str], faults: dict[str, str]) -> None:
    """Every field that differs from what stands there."""
    for field in page.fields:
        question = field.question
        now = next((one.value for one in question.choices if one.is_chosen), question.value)
        text = typed.get(question.name, now).strip()
        if text == now or _is_said(sheet, page, question.name, text, faults):
            continue
        try:
            if text:
                sheet.set(field.file, field.path, field.write(text))
            else:
                sheet.drop(field.file, field.path)
        except (ValueError, AuthorError):
            faults[question.name] = say("写成 2026-03-01 这样") if question.kind == "date" else say("请写上对的内容")
    if page.kind == "requirements" and page.feel is not None:
        _condition(sheet, page, typed, faults)
    elif page.feel is not None and typed.get("feel", page.feel).strip() != page.feel:
        sheet.set("rules.yaml", page.feel_path, quoted(typed["feel"].strip()))
    if page.columns:
        _rows(sheet, page, typed)
    if page.kind == "items" and typed.get("asking") and not faults:
        known = [*(sheet.get("rules.yaml", "requirements") or {})]
        wanted = [name for name in known if name in asks]
        if {*wanted} != {*(sheet.get("items.yaml", page.name, "requires") or [])}:
            ask(sheet, page.name, wanted, typed.get("why", "").strip())


def _audience(sheet: Sheet, item: str, kind: str, faults: dict[str, str]) -> None:
    """Whom an item is for, with the fact that says where such a subject belongs."""
    place = place_fact(checking.read(sheet.draft).root.dictionary, SubjectKind(kind)) if kind in AUDIENCES else ""
    if place:
        change_audience(sheet, item, kind, place)
    else:
        whom = say(AUDIENCES.get(kind, ""))
        faults["audience"] = say("字典里没有说明“{whom}”属于哪个地区的事实，先请字典的负责人加上", whom=whom)


def _is_said(sheet: Sheet, page: presenter.EntryPage, name: str, text: str, faults: dict[str, str]) -> bool:
    """A requirement's title and kind change its words and its paper too, an item's audience its place; the title of
    a policy is the heading of its text."""
    if page.kind == "header" and name == "title" and text:
        entitle(sheet, text)
        return True
    if page.kind == "items" and name == "audience":
        _audience(sheet, page.name, text, faults)
        return True
    if page.kind != "requirements" or not text:
        return False
    if name == "title":
        rename(sheet, page.name, text)
        sheet.set("words/zh.yaml", ("requirements", page.name, "title"), text)
        return True
    if name == "kind" and text in presenter.REQUIRED:
        change_kind(
            sheet, page.name, text, sheet.get("words/zh.yaml", "requirements", page.name, "title") or page.title
        )
        return True
    return False


def _condition(sheet: Sheet, page: presenter.EntryPage, typed: Typed, faults: dict[str, str]) -> None:
    """A condition by its form or by its expression; one that nothing computes has neither."""
    kinds = page.fields[1].question
    kind = typed.get("kind", next(one.value for one in kinds.choices if one.is_chosen))
    if kind != "computed":
        if page.feel:
            sheet.drop("rules.yaml", page.feel_path)
            swept(sheet, NO_RULE)
        return
    text = typed.get("feel", "").strip()
    if typed.get("by", page.by) == "form":
        text = by_form(sheet, typed, faults)
    if not text and not faults:
        faults["feel"] = say("系统算的条件要写上式子，或者填表")
    if faults:
        return
    if not page.feel or not _is_same(text, page.feel):
        sheet.set("rules.yaml", page.feel_path, quoted(text))
        swept(sheet, NO_RULE)


def _is_same(text: str, now: str) -> bool:
    """Whether two expressions are the same nodes: then the file keeps its author's spelling."""
    try:
        return text == now or parse(text) == parse(now)
    except AuthorError:
        return False


def by_form(sheet: Sheet, typed: Typed, faults: dict[str, str], more: Mapping[str, str] = MappingProxyType({})) -> str:
    """The expression that the lines of a form say; "" where nothing does. New facts enter the files; `more` are names
    by words that these lines may use beside those of the pack."""
    reading = checking.read(sheet.draft)
    if reading.pack is None:
        return ""
    speaking = Speaking(sheet, reading.pack, reading.root.dictionary, typed.get("how", ""))
    speaking.names.update(more)
    found = [_line(speaking, number, typed, faults) for number in range(1, _MOST_LINES + 1)]
    lines = tuple(line for line in found if line is not None)
    if faults or not lines:
        return ""
    return feel_of(Form("or" if typed.get("junction") == "or" else "and", lines))


def _line(speaking: Speaking, number: int, typed: Typed, faults: dict[str, str]) -> Line | None:
    given = typed.get(f"f-{number}", "").strip()
    if not given:
        return None
    period, operator = typed.get(f"p-{number}", ""), typed.get(f"o-{number}", "=")
    parts = [part for part in re.split("[；;]", typed.get(f"v-{number}", "")) if part.strip()]
    needed = {"is": 0, "not": 0, "between": 2}.get(operator, 1)
    if operator not in OPERATORS or period not in PERIODS or len(parts) < needed:
        faults[f"v-{number}"] = say("请填上比较的值；两个值用分号隔开")
        return None
    fact = speaking.fact(given, operator, parts)
    if fact is None:
        faults[f"f-{number}"] = speaking.unknown(given)
        return None
    most = None if operator in ("in", "within") else needed
    try:
        values = tuple(speaking.value(part, fact) for part in parts[:most])
    except AuthorError as error:
        faults[f"v-{number}"] = all_told(error.problems, spoken()) or say("请写上对的内容")
        return None
    return Line(speaking.names.get(given, given), "" if fact.period == "none" else period, operator, values)


def _rows(sheet: Sheet, page: presenter.EntryPage, typed: Typed) -> None:
    """A table's rows, where one differs; a row whose cells are all empty is left out."""
    told = []
    for number in range(1, len(page.rows) + 1):
        row = tuple(typed.get(f"r-{number}-{place}", "").strip() for place in range(1, len(page.columns) + 1))
        if any(row):
            told.append(row)
    if told == [row for row in page.rows if any(row)]:
        return
    rows = Rows({column: _cell(text) for column, text in zip(page.columns, row, strict=True) if text} for row in told)
    sheet.set("rules.yaml", ("tables", page.name, "rows"), rows)


def _cell(text: str) -> object:
    parts = [part.strip() for part in text.split("|")]
    return parts if len(parts) > 1 else text


def broken(sheet: Sheet) -> dict[str, str]:
    """Everything that would no longer read, all at once."""
    problems = checking.read(replace(sheet.draft, files=sheet.files)).problems
    return {"entry": all_told(problems, spoken())} if problems else {}


def _again(page: presenter.EntryPage, typed: Typed, faults: Mapping[str, str]) -> presenter.EntryPage:
    """The page with what was typed and what is wrong beside it."""
    fields = []
    for field in page.fields:
        question, given = field.question, typed.get(field.question.name, field.question.value)
        choices = tuple(replace(one, is_chosen=one.value == given) for one in question.choices)
        fault = faults.get(question.name, "")
        fields.append(replace(field, question=replace(question, value=given, choices=choices, fault=fault)))
    lines = again(page.lines, typed, faults)
    rows = tuple(
        tuple(typed.get(f"r-{number}-{place}", cell) for place, cell in enumerate(row, start=1))
        for number, row in enumerate(page.rows, start=1)
    )
    feel = typed.get("feel", page.feel or "") if page.feel is not None else None
    return replace(
        page, fields=tuple(fields), lines=lines, rows=rows, feel=feel, by=typed.get("by", page.by), faults=faults
    )


def again(
    lines: tuple[presenter.LineFields, ...], typed: Typed, faults: Mapping[str, str]
) -> tuple[presenter.LineFields, ...]:  # fmt: skip
    """Lines as they were typed, each with what is wrong in it."""
    return tuple(_typed_line(line, typed, faults) for line in lines)


def _typed_line(line: presenter.LineFields, typed: Typed, faults: Mapping[str, str]) -> presenter.LineFields:
    def chosen(choices: tuple[Choice, ...], name: str) -> tuple[Choice, ...]:
        given = typed.get(f"{name}-{line.number}", "")
        return tuple(replace(one, is_chosen=one.value == given) for one in choices)

    return replace(
        line,
        fact=typed.get(f"f-{line.number}", ""),
        periods=chosen(line.periods, "p"),
        operators=chosen(line.operators, "o"),
        value=typed.get(f"v-{line.number}", ""),
        wrong=(faults.get(f"f-{line.number}", ""), faults.get(f"v-{line.number}", "")),
    )


def _picked(page: presenter.EntryPage, draft: DraftRecord, wanted: str) -> presenter.EntryPage:
    """The facts of the dictionary that some words may mean, with who holds each."""
    reading = checking.read(draft)
    if not wanted or reading.pack is None:
        return page
    audience = next(iter(reading.pack.items.values())).audience
    found = likely_attributes(wanted, reading.root.dictionary, audience)
    told = tuple(
        (one.attribute.name, one.attribute.words["zh"], office_name(one.attribute.fact.owner), why_likely(one))
        for one in found
    )
    return replace(page, picked=told, wanted=wanted)
