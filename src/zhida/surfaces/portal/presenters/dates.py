"""The calendar: when items open and close, and when lists on public notice end; as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.values import Span, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Facet
from zhida.surfaces.look.telling.policies import AUDIENCES, in_words, item_href, window_of
from zhida.surfaces.portal.ical import DayEvent, calendar_file
from zhida.surfaces.portal.presenters.publicity import public_lists
from zhida.surfaces.portal.records.dates import CalendarPage, Dated, Month

AHEAD = timedelta(days=366)
KINDS = {"closes": "截止", "opens": "开始", "notice": "公示结束"}


def calendar_page(query: Mapping[str, str], as_of: datetime, host: str) -> CalendarPage:
    """The dates of the year ahead, those of one audience or kind where the address says so."""
    today = local_date(as_of)
    dates = dates_ahead(query, as_of)
    months = tuple(Month(group[0].on.replace(day=1), tuple(group)) for group in _by_month(dates))
    subscribe = f"{reverse('portal:calendar_file')}{_link(query, {})}"
    return CalendarPage(
        today=today,
        months=months,
        groups=(
            (say("对象"), _ways(query, "audience", AUDIENCES)),
            (say("看哪些"), _ways(query, "kind", KINDS)),
        ),
        subscribe=subscribe,
        webcal=f"webcal://{host}{subscribe}",
        count=len(dates),
        name=_name(query),
    )


def calendar_bytes(query: Mapping[str, str], as_of: datetime, base: str) -> bytes:
    """The same dates as an iCalendar file; `base` is this site's own address, before every link."""
    events = (
        DayEvent(
            uid=f"{one.key}@zhida",
            on=one.on,
            summary=say("{kind}：{title}", kind=one.kind_words, title=one.title),
            description=f"{one.note}\n{base}{one.href}",
            url=f"{base}{one.href}",
        )
        for one in dates_ahead(query, as_of)
    )
    return calendar_file(_name(query), events, as_of)


def dates_ahead(query: Mapping[str, str], as_of: datetime) -> tuple[Dated, ...]:
    """Every date from today on, at most a year ahead, the nearest first. An `item` in the query leaves only its own."""
    today = local_date(as_of)
    span = Span(today, today + AHEAD)
    wanted = query.get("audience", "")
    audience = SubjectKind(wanted) if wanted in tuple(SubjectKind) else None
    cards = catalogue.item_cards(as_of=as_of, audience=audience, changing=span)
    found = [*_of_cards(cards, today), *(() if audience else _of_notices(as_of, today))]
    item, kind = query.get("item", ""), query.get("kind", "")
    kept = [
        one for one in found
        if today <= one.on < today + AHEAD and item in ("", one.key.partition("#")[0]) and kind in ("", one.kind)
    ]  # fmt: skip
    return tuple(sorted(kept, key=lambda one: (one.on, one.key)))


def _of_cards(cards: Iterable[ItemCard], today: date) -> Iterable[Dated]:
    for card in cards:
        window = window_of(card)
        if window.start is not None:
            yield _dated(card, "opens", window.start, today)
        if window.end is not None:
            yield _dated(card, "closes", window.end - timedelta(days=1), today)


def _dated(card: ItemCard, kind: str, on: date, today: date) -> Dated:
    return Dated(
        key=f"{card.item_id}#{kind}",
        kind=kind,
        kind_words=say(KINDS[kind]),
        on=on,
        days=(on - today).days + (kind == "closes"),
        title=in_words(card.title_zh, card.title_en),
        href=item_href(card.item_id),
        note=in_words(card.how_much_zh, card.how_much_en),
        subscribe=f"{reverse('portal:calendar_file')}?{urlencode({'item': card.item_id})}",
    )


def _of_notices(as_of: datetime, today: date) -> Iterable[Dated]:
    for listed in public_lists(as_of):
        names = say("{n} 个名字，可以提异议", n=len(listed.lines))
        key = f"{listed.href.removeprefix('/items/').strip('/')}#notice-{listed.closes_on}"
        href = reverse("portal:publicity")
        words = say(KINDS["notice"])
        yield Dated(key, "notice", words, listed.closes_on, (listed.closes_on - today).days, listed.title, href, names)


def _by_month(dates: Iterable[Dated]) -> Iterable[list[Dated]]:
    return (list(group) for _, group in groupby(dates, key=lambda one: (one.on.year, one.on.month)))


def _link(query: Mapping[str, str], change: Mapping[str, str]) -> str:
    kept = {name: query.get(name, "") for name in ("audience", "kind", "item")} | dict(change)
    said = urlencode({name: value for name, value in kept.items() if value})
    return f"?{said}" if said else ""


def _ways(query: Mapping[str, str], name: str, words: Mapping[str, str]) -> tuple[Facet, ...]:
    chosen = query.get(name, "")
    everything = Facet(say("全部"), _link(query, {name: ""}) or "?", is_chosen=chosen not in words)
    return (everything, *(Facet(say(text), _link(query, {name: value}), is_chosen=chosen == value)
                          for value, text in words.items()))  # fmt: skip


def _name(query: Mapping[str, str]) -> str:
    audience = query.get("audience", "")
    if audience in AUDIENCES:
        return say("直达日历：{audience}", audience=say(AUDIENCES[audience]))
    return say("直达日历")
