"""Values by date and region as a form: rows added and taken out by buttons that post, everything kept as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs import Pack
from zhida.domain.packs.reading.parameters import typed_by_look
from zhida.domain.rules import ParameterSeries
from zhida.domain.rules.schema import Scalar
from zhida.domain.values import CodeTree
from zhida.services.authoring import checking, working
from zhida.services.authoring.sheets import STANDARD, Sheet
from zhida.services.authoring.tables import Value, put_values
from zhida.services.structuring import digest_of
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import series as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.series import BOOLEAN, DATE, HEADS, MOST_VALUES, TEXT, TypedSeries, TypedValue
from zhida.surfaces.desk.presenters.typed import NUMBER, SHARE
from zhida.surfaces.desk.speaking import written
from zhida.surfaces.desk.tabling import counted, figure
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.desk.views.entries import broken, keep
from zhida.surfaces.desk.views.tables import WRITE, fields_typed
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

Typed = Mapping[str, str]
_CALLED = re.compile(r"^[\u4e00-\u9fff]+$")


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def series(request: HttpRequest, draft_id: str, name: str = "", *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The values of one name, or of one to begin; a POST writes them where the pack still reads, or adds and takes out
    rows."""
    found = working.draft(draft_id, places_of(officer))
    reading = checking.read(found)
    pack, regions = reading.pack, reading.root.dictionary.code_trees.get("region", CodeTree("region", {}))
    if pack is None or (name and name not in presenter.own_series(found, pack)):
        raise ConflictError("no_such_entry", f"{draft_id} has no parameter {name}", "look at its file")
    now = pack.schema.parameters[name] if name else None
    given, faults = fields_typed(request), dict[str, str]()
    do = given.get("do", WRITE) if request.method == "POST" else ""
    typed = typed_series(given) if do else presenter.typed_of(now, regions) if now else TypedSeries()
    if do == WRITE:
        sheet = Sheet(found)
        written = _write(sheet, now, typed, regions, faults) if now else _begin(sheet, pack, typed, regions, faults)
        if not faults:
            if sheet.changed:
                keep(sheet, given, officer, as_of, f"parameters.{written}")
            messages.success(request, say("写好了") if sheet.changed else say("没有改动"))
            return redirect("desk:parameter", draft_id, written)
    elif do:
        typed = altered(typed, do)
    page = presenter.series_page(found, name, typed, faults)
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/series.html", {"page": page, "faults": listed, "section": "drafts"})


def typed_series(given: Typed) -> TypedSeries:
    """The series that a form's fields say, whatever is wrong in them."""
    keys = [*HEADS]
    values = tuple(
        TypedValue(**{key: given.get(f"v-{number}-{key}", "").strip() for key in keys})
        for number in range(1, counted(given, "values", MOST_VALUES) + 1)
    )
    return TypedSeries(given.get("kind", ""), values, given.get("called", "").strip()[:40])


def altered(typed: TypedSeries, do: str) -> TypedSeries:
    """The series with a value more (`row`) or one out (`row-3`); as it is for any other."""
    what, _, place = do.partition("-")
    values, at = [*typed.values], int(place) - 1 if place.isdecimal() else -1
    if what == "row" and not place and len(values) < MOST_VALUES:
        before = next((one for one in reversed(values) if not one.is_blank), TypedValue())
        values.append(TypedValue(effective=before.effective, published=before.published, source=before.source))
    elif what == "row" and 0 <= at < len(values) and len(values) > 1:
        del values[at]
    return replace(typed, values=tuple(values))


def _write(
    sheet: Sheet, now: ParameterSeries, typed: TypedSeries, regions: CodeTree, faults: dict[str, str]
) -> str:  # fmt: skip
    """Writes a series, or says everything that is wrong; its name."""
    if typed.kind not in (*presenter.kinds(), now.unit):
        faults["kind"] = say("请从列出的里面选一个")
    values = values_typed(typed, regions, faults)
    if not faults:
        put_values(sheet, now.name, _unit(typed), values)
        faults.update(broken(sheet))
    return now.name


def _begin(sheet: Sheet, pack: Pack, typed: TypedSeries, regions: CodeTree, faults: dict[str, str]) -> str:
    """Writes a series that is not there yet, each source led by what it is called; its name."""
    if not _CALLED.match(typed.called):
        faults["called"] = say("请写上名称，只用汉字，如 低保标准")
    name = f"{STANDARD}{digest_of(typed.called, 'number', _unit(typed))}"
    if name in pack.schema.parameters:
        faults["called"] = say("已经有一个叫这个名称的，请去改它")
    values = tuple(f"{typed.called}，{one.source}" if one.source else "" for one in typed.values)
    led = tuple(replace(one, source=source) for one, source in zip(typed.values, values, strict=True))
    return _write(sheet, ParameterSeries(name, (), _unit(typed)), replace(typed, values=led), regions, faults)


def _unit(typed: TypedSeries) -> str:
    return "" if typed.kind in (SHARE, NUMBER, DATE, BOOLEAN, TEXT) else typed.kind


def values_typed(typed: TypedSeries, regions: CodeTree, faults: dict[str, str]) -> tuple[Value, ...]:
    """The values as rules hold them; what is wrong goes to `faults` by the field's id."""
    found, seen = [], set[tuple[date, str]]()
    for number, one in enumerate(typed.values, start=1):
        if one.is_blank:
            continue
        at = f"v-{number}-"
        effective, published = (
            _day(at + "effective", one.effective, faults),
            _day(at + "published", one.published, faults),
        )
        region, value = (
            _region(at + "region", one.region, regions, faults),
            _value(at + "value", one.value, typed, faults),
        )
        if not one.source:
            faults[at + "source"] = say("请写上出处：哪个文件、第几条")
        if (effective, region) in seen and at + "effective" not in faults:
            faults[at + "effective"] = say("这一天、这个地区已经有一个值")
        seen.add((effective, region))
        found.append(Value(effective, published, value, region, one.source))
    if not found:
        faults["v-1-effective"] = say("至少写一行")
    return tuple(found)


def _day(name: str, text: str, faults: dict[str, str]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults[name] = say("写成 2026-03-01 这样")
        return date.min


def _region(name: str, text: str, regions: CodeTree, faults: dict[str, str]) -> str:
    if not text:
        return ""
    code = text.split()[0]
    found = [code] if code in regions else [one for one in regions.parents if regions.named(one) == text]
    if len(found) != 1:
        faults[name] = say("请从列出的里面选一个")
        return ""
    return found[0]


def _value(name: str, text: str, typed: TypedSeries, faults: dict[str, str]) -> Scalar:
    """One value of the kind that the series holds."""
    if typed.kind == DATE:
        return _day(name, text, faults)
    if typed.kind == BOOLEAN and text in (say("是"), say("否")):
        return text == say("是")
    if typed.kind == TEXT and text and typed_by_look(text) == text:
        return text
    if typed.kind not in (DATE, BOOLEAN, TEXT):
        given = f"{text.rstrip('%％')}%" if typed.kind == SHARE else text
        with suppress(AuthorError, InvalidOperation, ValueError):
            return Decimal(figure(written(given, presenter.fact_of_kind(typed.kind))))
    told = {BOOLEAN: "请写 是 或 否", TEXT: "请写文字"}.get(typed.kind, "请写一个数")
    faults[name] = say(told)
    return ""
