"""What one claim of an item is for: the whole subject, each record, or the records that it uses up, by a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.rules import parse
from zhida.services.authoring import checking, working
from zhida.services.authoring.claims import COUNTED, RECORD, SUBJECT, WAYS, WHOLE, Claiming, Key, claim, claiming_of
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import claiming as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.presenters.recorded import PERS
from zhida.surfaces.desk.views.drafting import LONGEST, WRITERS
from zhida.surfaces.desk.views.entries import again, broken, by_form, keep
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.problems import all_told

Typed = Mapping[str, str]
_MOST_KEYS = 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def claiming(request: HttpRequest, draft_id: str, name: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What one claim of an item is for; a POST writes it where the pack reads afterwards, else tells all that is
    wrong."""
    found = working.draft(draft_id, places_of(officer))
    typed = {key: str(value)[:LONGEST].replace("\x00", "") for key, value in request.POST.items()}
    faults: dict[str, str] = {}
    way = typed.get("way") or request.GET.get("way", "")
    page = presenter.claiming_page(found, name, way, typed, faults)
    if page is None:
        raise ConflictError("no_such_entry", f"{draft_id} has no item {name}", "look at its file")
    if request.method == "POST":
        sheet = Sheet(found)
        claimed(sheet, name, typed, faults)
        faults |= broken(sheet) if not faults else {}
        if not faults and sheet.changed:
            keep(sheet, typed, officer, as_of, f"items.{name}")
            messages.success(request, say("写好了"))
        if not faults:
            return redirect("desk:entry", draft_id, "items", name)
        page = presenter.claiming_page(found, name, way, typed, faults) or page
        page = presenter.with_lines(page, again(page.lines, typed, faults))
    listed = [Fault(field, words) for field, words in faults.items()]
    return render(request, "desk/claiming.html", {"page": page, "faults": listed, "section": "drafts"})


def claimed(sheet: Sheet, name: str, typed: Typed, faults: dict[str, str]) -> None:
    """Writes onto a sheet what the form of an item's claims says; everything that is wrong goes to `faults`."""
    reading = checking.read(sheet.draft)
    pack, dictionary = reading.pack, reading.root.dictionary
    way = typed.get("way", "")
    if pack is None or way not in WAYS:
        faults["way"] = say("请从列出的里面选一个")
        return
    item, relations = pack.items[name], presenter.offered(dictionary, pack.items[name])
    relation = typed.get("relation", "") if way != WHOLE else ""
    if way != WHOLE and relation not in relations:
        faults["relation"] = say("请从列出的里面选一个")
    where = _where(sheet, pack, dictionary, item, typed, faults) if way == COUNTED else ""
    keys = _keys(sheet, item, relation, typed, faults)
    if not faults:
        singular = dictionary.relations[relation].relation.singular if relation else ""
        claim(sheet, pack, name, Claiming(way, relation, where, keys), singular)


def _where(
    sheet: Sheet, pack: Pack, dictionary: Dictionary, item: Item, typed: Typed, faults: dict[str, str]
) -> str:  # fmt: skip
    """Which records are used up, by lines or as an expression; "" for all."""
    if "where" not in typed:
        return by_form(sheet, typed, faults, presenter.words_of_fields(dictionary, item))
    text = typed["where"].strip()
    try:
        parse(text or "true")
    except AuthorError as error:
        faults["where"] = all_told(error.problems, spoken()) or say("请写上对的内容")
    return text


def _keys(sheet: Sheet, item: Item, relation: str, typed: Typed, faults: dict[str, str]) -> tuple[Key, ...]:
    """What may be granted once only. A field is one of the records that are claimed for."""
    found = dict[Key, None]()
    now = claiming_of(sheet, item.name)
    standing = {presenter.value_of(key.whose, now.relation): key.whose for key in now.keys}
    for number in range(1, _MOST_KEYS + 1):
        value, per = typed.get(f"whose-{number}", ""), typed.get(f"per-{number}", "life")
        if not value:
            continue
        whose = tuple(_part(part, relation) for part in value.split(" "))
        if value in standing and relation == now.relation:
            whose = standing[value]
        if "" in whose or per not in PERS:
            faults[f"whose-{number}"] = say("这一项不在上面选的那种记录里，请重新选")
        found[Key(whose, per, typed.get(f"anywhere-{number}") == "1")] = None
    if not found and item.pays:
        faults["whose-1"] = say("给钱的要说明多久一次：至少选一行")
    return tuple(found)


def _part(part: str, relation: str) -> str:
    """A part of a key as it is written; "" for a field of another relation."""
    if part == SUBJECT:
        return part
    of, _, field = part.partition(".")
    return f"{RECORD}{field}" if of == relation and field else ""
