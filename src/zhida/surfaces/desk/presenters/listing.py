"""The list of a draft's entries in words: conditions, amounts, tables, values by date, items, header and words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.values import CodeTree
from zhida.services.authoring import checking
from zhida.services.authoring.entries import LOOKED_UP
from zhida.services.authoring.records import DraftRecord
from zhida.services.authoring.sheets import Sheet
from zhida.surfaces.desk.drafting_records import DraftHead
from zhida.surfaces.desk.presenters.drafts import head_of
from zhida.surfaces.desk.presenters.entries import HITS, KINDS, REQUIRED, amounts_of, entry_href
from zhida.surfaces.desk.presenters.formulas import standard_words
from zhida.surfaces.desk.presenters.saying import sentence
from zhida.surfaces.desk.presenters.series import own_series, values_said
from zhida.surfaces.desk.presenters.tables import grid_at, rows_said, table_result, table_title
from zhida.surfaces.desk.presenters.typed import Facing
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling.policies import CLAIMS

GROUPS = {
    "requirements": "条件和材料", "amounts": "金额", "tables": "查的表", "parameters": "按日期、地区定的值",
    "items": "事项", "header": "文号和日期", "words": "对外怎么说",
}  # fmt: skip
UNUSED = "还没有用上"
LISTED = (*KINDS[:4], "parameters", *KINDS[4:])


@dataclass(frozen=True)
class EntryLine:
    """One entry in the list, with what it says."""

    title: str
    href: str
    says: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class RulesPage:
    """Every entry of a draft."""

    head: DraftHead
    groups: tuple[tuple[str, str, tuple[EntryLine, ...]], ...]


def rules_page(draft: DraftRecord) -> RulesPage:
    """All entries of a sound draft; of one that is not, none."""
    reading = checking.read(draft)
    pack = reading.pack
    groups = []
    for kind in LISTED if pack else ():
        lines = tuple(_listed(draft, pack, kind, reading.root.dictionary)) if pack else ()
        if lines or (kind in LOOKED_UP and draft.is_open):
            groups.append((kind, say(GROUPS[kind]), lines))
    return RulesPage(head_of(draft, "rules"), tuple(groups))


def _listed(draft: DraftRecord, pack: Pack, kind: str, dictionary: Dictionary) -> Iterator[EntryLine]:
    words = pack.words.get(spoken()) or pack.words["zh"]
    if kind == "requirements":
        for name, one in pack.requirements.items():
            told = words.requirements.get(name)
            says = tuple(sentence(each.when, pack, dictionary) for each in one.alternatives)
            yield EntryLine(told.title if told else name, entry_href(draft, kind, name), says, say(REQUIRED[one.kind]))
    if kind == "amounts":
        for name, node in amounts_of(pack).items():
            yield EntryLine(name, entry_href(draft, kind, name), (node,), "")
    if kind == "tables":
        yield from _tables(draft, pack, dictionary)
    if kind == "parameters":
        yield from _values(draft, pack, dictionary)
    if kind == "items":
        for name, item in pack.items.items():
            told_item = words.items.get(name)
            title = told_item.title if told_item else name
            yield EntryLine(
                title,
                entry_href(draft, kind, name),
                (told_item.how_much if told_item else "",),
                say(CLAIMS[item.claim]),
            )
    if kind in ("header", "words"):
        yield _about(draft, pack, kind)


def _about(draft: DraftRecord, pack: Pack, kind: str) -> EntryLine:
    """The line of what concerns the whole document."""
    href = entry_href(draft, kind, "pack")
    if kind == "words":
        words = pack.words.get(spoken()) or pack.words["zh"]
        return EntryLine(words.title, href, (words.plain,), "")
    last = pack.valid.end - timedelta(1) if pack.valid.end else ""
    return EntryLine(pack.document.number, href, (f"{pack.valid.start or ''} – {last}".strip(" –"),), "")


def _tables(draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> Iterator[EntryLine]:
    """Each table by what it is looked up, with its rows in words."""
    facing, waiting = Facing(pack, dictionary), Sheet(draft).waiting
    for name, table in pack.schema.tables.items():
        grid = grid_at(pack, name)
        title = table_title(grid, facing) if grid else name
        says = rows_said(grid, facing, table_result(pack, name, grid)) if grid else ()
        href = reverse("desk:table", args=[draft.id, name])
        note = f"{name}　{say(HITS.get(table.hit, table.hit))}"
        yield EntryLine(title, href, says, f"{note}　{say(UNUSED)}" if name in waiting else note)


def _values(draft: DraftRecord, pack: Pack, dictionary: Dictionary) -> Iterator[EntryLine]:
    """Each value by date and region."""
    regions, waiting = dictionary.code_trees.get("region", CodeTree("region", {})), Sheet(draft).waiting
    for name, series in own_series(draft, pack).items():
        href, note = reverse("desk:parameter", args=[draft.id, name]), say(UNUSED) if name in waiting else ""
        yield EntryLine(standard_words(name, series), href, tuple(values_said(series, regions)), note)
