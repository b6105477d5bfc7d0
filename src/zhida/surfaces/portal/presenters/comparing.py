"""The same measure of several places side by side: whom it reaches, how much, until when, in how many days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.urls import reverse

from zhida.domain.packs import Dictionary, Item, Pack
from zhida.domain.process import Process
from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, PublishedItem
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.filing import measure_name
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    AUDIENCES,
    claim_words,
    how_much_of,
    in_words,
    item_href,
    policy_href,
    requirement_title,
    window_of,
    window_words,
)
from zhida.surfaces.portal.presenters.standards import by_choice, tables_of
from zhida.surfaces.portal.records.comparing import Aspect, Comparison, MeasureLine, Place

AT_MOST = 4
Cells = Sequence[Text | str]


def measures(as_of: datetime) -> tuple[MeasureLine, ...]:
    """Every measure that more than one place has, with its places."""
    entries = catalogue.root().dictionary.measures
    cards_of: dict[str, list[ItemCard]] = defaultdict(list)
    for card in catalogue.item_cards(as_of=as_of, measures=entries):
        cards_of[card.measure].append(card)
    found = []
    for name, cards in cards_of.items():
        if len(cards) > 1:
            places = tuple(dict.fromkeys(region_name(card.region) for card in cards))
            href = reverse("portal:compared", args=[name])
            found.append(MeasureLine(measure_name(name, entries), href, say("、").join(places), len(cards)))
    return tuple(sorted(found, key=lambda line: (-line.count, str(line.name))))


def comparison(measure: str, wanted: Collection[str], as_of: datetime) -> Comparison | None:
    """Two to four items of a measure, those of the wanted items or the first; None where no place has it."""
    cards = catalogue.item_cards(as_of=as_of, measures=[measure])
    if not cards:
        return None
    chosen = [card for card in cards if card.item_id in wanted][:AT_MOST] or list(cards[:AT_MOST])
    items = [catalogue.item(card.item_id, as_of=as_of) for card in chosen]
    return Comparison(
        name=measure_name(measure),
        as_of=local_date(as_of),
        offered=tuple(_place(card, card in chosen) for card in cards),
        places=tuple(_place(card, True) for card in chosen),
        aspects=tuple(_aspects(chosen, items, as_of)),
        calculator_href=reverse("portal:calculator"),
    )


def _place(card: ItemCard, is_chosen: bool) -> Place:
    title = in_words(card.title_zh, card.title_en)
    return Place(card.item_id, region_name(card.region), title, item_href(card.item_id), is_chosen)


def _aspects(cards: Sequence[ItemCard], items: Sequence[PublishedItem], as_of: datetime) -> Iterable[Aspect]:
    today = local_date(as_of)
    packs = [one.pack for one in items]
    yield _aspect(say("给多少"), [how_much_of(one.pack, one.item) for one in items])
    yield from _amounts(items)
    yield _aspect(say("对象"), [say(AUDIENCES[card.audience]) for card in cards])
    yield from _conditions(items)
    yield _aspect(say("怎么领"), [claim_words(card.claim) for card in cards])
    yield _aspect(say("办理时间"), [window_words(window_of(card), today) for card in cards])
    yield _aspect(say("承诺"), [_promise(pack) for pack in packs])
    yield _aspect(say("材料"), [_papers(one) for one in items])
    yield _aspect(say("不能重复享受的"), [_stacking(one) for one in items])
    yield _plain(say("负责部门"), [office_name(pack.owner) for pack in packs])
    numbers = [Text(pack.document.number) for pack in packs]
    yield _plain(say("依据"), numbers, [policy_href(pack.id) for pack in packs])


def _aspect(name: str, cells: Cells) -> Aspect:
    return Aspect(name, tuple((cell, "") for cell in cells), len({str(cell) for cell in cells}) > 1)


def _plain(name: str, cells: Cells, hrefs: Sequence[str] = ()) -> Aspect:
    """A row that is never alike, so that a difference says nothing."""
    return Aspect(name, tuple(zip(cells, hrefs or [""] * len(cells), strict=True)), False)


def _amounts(items: Sequence[PublishedItem]) -> Iterable[Aspect]:
    """Where the amount goes by one thing, a row for each of its cases."""
    tables = [_standards(one.item, one.pack, catalogue.root(one.revision_id).dictionary) for one in items]
    for case in dict.fromkeys(case for table in tables for case in table):
        given = [table.get(case, "0") for table in tables]
        if set(given) != {"0"}:
            yield _aspect(say("给多少：{case}", case=case), [say("不给") if one == "0" else one for one in given])


def _standards(item: Item, pack: Pack, dictionary: Dictionary) -> dict[str, str]:
    found = tables_of(item.program)
    return by_choice(found[0], pack, dictionary) if len(found) == 1 else {}


def _conditions(items: Sequence[PublishedItem]) -> Iterable[Aspect]:
    told = [[requirement_title(one.pack, name) for name in one.item.requires] for one in items]
    words = [Text(say("；").join(map(str, names)), names[0].lang) if names else say("没有另外的条件") for names in told]
    yield _aspect(say("条件"), words)


def _promise(pack: Pack) -> str:
    steps = (pack.process or Process()).steps
    days = sum(step.within_working_days or getattr(step, "working_days", None) or 0 for step in steps)
    return say("{n} 个工作日办结", n=days) if days else say("没有另行承诺")


def _papers(one: PublishedItem) -> str:
    count = sum(name in one.item.requires for name in one.pack.form.papers)
    return say("{n} 份", n=count) if count else say("0 份，数据已有")


def _stacking(one: PublishedItem) -> Text | str:
    if not one.item.group:
        return say("没有写")
    words = catalogue.group_of(one.revision_id, one.item.group).words
    return in_words(words["zh"], words.get("en", ""))
