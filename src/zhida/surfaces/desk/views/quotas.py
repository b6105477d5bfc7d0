"""For how many an item is at most, and who comes first, by a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AuthorError, ConflictError, Problem
from zhida.domain.rules import parse
from zhida.services.authoring import checking, working
from zhida.services.authoring.quotas import OPEN, ORDERS, PRO_RATA, RANKED, TIES, Rank, Rationing, ration, rationing_of
from zhida.services.authoring.sheets import ITEMS, Sheet
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import quotas as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.speaking import Speaking
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.desk.views.entries import keep
from zhida.surfaces.desk.views.giving import GivingReader
from zhida.surfaces.desk.views.tables import fields_typed
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import all_told

Typed = Mapping[str, str]
_MOST_KEYS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def quota(request: HttpRequest, draft_id: str, name: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """For how many an item is; a POST writes it where the pack reads afterwards, else tells all that is wrong."""
    found = working.draft(draft_id, places_of(officer))
    typed, faults = fields_typed(request), dict[str, str]()
    page = presenter.quota_page(found, name, typed, faults)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} has no item {name}", "look at its file")
    if request.method == "POST":
        sheet = Sheet(found)
        rationed(sheet, name, typed, faults)
        faults |= _broken(sheet, name, typed) if not faults else {}
        if not faults and sheet.changed:
            keep(sheet, typed, officer, as_of, f"items.{name}")
            messages.success(request, say("写好了"))
        if not faults:
            return redirect("desk:entry", draft_id, "items", name)
        page = presenter.quota_page(found, name, typed, faults)
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/quota.html", {"page": page, "faults": listed, "section": "drafts"})


def rationed(sheet: Sheet, item: str, typed: Typed, faults: dict[str, str]) -> None:
    """Writes onto a sheet for how many an item is; everything that is wrong goes to `faults`."""
    reading = checking.read(sheet.draft)
    now, order = rationing_of(sheet, item), typed.get("order", "")
    if reading.pack is None or order not in ORDERS:
        faults["order"] = say("请从列出的里面选一个")
        return
    speaking = Speaking(sheet, reading.pack, reading.root.dictionary, typed.get("how", ""))
    read = GivingReader(speaking, typed, faults)
    n, total = _places(typed, faults), read.sum("total", optional=True)
    if total % 100:
        faults["total"] = say("写整数的元")
    by = _keys(read, now) if order == RANKED else ()
    _fits(order, now, typed, faults)
    if order == RANKED and not by:
        faults.setdefault("by-1", say("按高低排的，至少写一个数"))
    ties = typed.get("ties", "")
    if order == RANKED and ties not in TIES:
        faults["ties"] = say("请从列出的里面选一个")
    if not faults:
        ration(sheet, item, Rationing() if order == OPEN else Rationing(order, n, total // 100, by, ties))


def _fits(order: str, now: Rationing, typed: Typed, faults: dict[str, str]) -> None:
    """Whether what limits the item goes with its order."""
    has_n, has_total = bool(typed.get("n", "").strip()), bool(typed.get("total", "").strip())
    if order == OPEN:
        if now.order == OPEN and (has_n or has_total or typed.get("by-1", "").strip()):
            faults["order"] = say("写了名额，就要选谁先谁后")
    elif order == PRO_RATA:
        if not has_total:
            faults.setdefault("total", say("按比例分的，要写总共多少元"))
        if has_n:
            faults.setdefault("n", say("按比例分的不限名额，这里不填"))
    elif not has_n and not has_total:
        faults.setdefault("n", say("写上多少个名额"))


def _places(typed: Typed, faults: dict[str, str]) -> int:
    text = typed.get("n", "").strip()
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text) < 10**9):
        faults["n"] = say("写一个整数，如 10")
    return int(text) if text and "n" not in faults else 0


def _keys(read: GivingReader, now: Rationing) -> tuple[Rank, ...]:
    """The values that the order goes by. One that its field holds as it was shown keeps its spelling."""
    found, typed, speaking = [], read.typed, read.speaking
    for number in range(1, max(_MOST_KEYS, len(now.by) + 1) + 1):
        name = f"by-{number}"
        given = typed.get(name, "").strip(), typed.get(f"{name}-period", "")
        if not given[0]:
            continue
        first = typed.get(f"first-{number}", "")
        if first not in presenter.FIRST:
            read.faults[f"first-{number}"] = say("请从列出的里面选一个")
        before = now.by[number - 1].feel if number <= len(now.by) else ""
        is_before = before and presenter.shown(before, speaking.pack, speaking.dictionary) == given
        feel = before if is_before else read.fact(name, "1")
        try:
            parse(feel or "0")
        except AuthorError as error:
            read.faults[name] = all_told(error.problems, spoken()) or say("请写上对的内容")
        found.append(Rank(feel, first == "high"))
    return tuple(found)


def _broken(sheet: Sheet, item: str, typed: Typed) -> dict[str, str]:
    """Everything that would no longer read: beside its field where one is meant, the rest for the whole form."""
    problems, found = _problems(sheet), dict[str, list[Problem]]()
    blamed = _blamed(sheet, item, typed) if problems else {}
    for one in problems:
        field = "total" if one.code == "sum_cannot_be_shared" else blamed.get(_key(one), "entry")
        found.setdefault(field, []).append(one)
    return {field: all_told(tuple(several), spoken()) for field, several in found.items()}


def _problems(sheet: Sheet) -> tuple[Problem, ...]:
    return checking.read(replace(sheet.draft, files=sheet.files)).problems


def _blamed(sheet: Sheet, item: str, typed: Typed) -> dict[tuple[str, str], str]:
    """The problems that a value of the order brings, each with its field: those are placed at the item. Told apart by
    reading the draft with that value alone, and with one that is always right."""
    rows = sheet.get(ITEMS, item, "quota", "by") or []
    names = [name for at in range(1, len(rows) + _MOST_KEYS) if typed.get(name := f"by-{at}", "").strip()]
    found: dict[tuple[str, str], str] = {}
    for name, row in zip(["entry", *names], [{"value": "1", "first": "high"}, *rows], strict=False):
        trial = Sheet(replace(sheet.draft, files=sheet.files))
        trial.set(ITEMS, (item, "quota", "by"), [row])
        for one in _problems(trial) if rows else ():
            found.setdefault(_key(one), name)
    return found


def _key(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.words
