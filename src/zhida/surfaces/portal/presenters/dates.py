"""The calendar: when items open and close, and when lists on public notice end; as a page and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.values import Span, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import ONE_PAGE, Facet
from zhida.surfaces.look.telling.policies import AUDIENCES, in_words, item_href, window_of
from zhida.surfaces.look.templatetags.look import year_month
from zhida.surfaces.portal.ical import DayEvent, calendar_file
from zhida.surfaces.portal.presenters.paging import page_of
from zhida.surfaces.portal.presenters.publicity import public_lists
from zhida.surfaces.portal.records.dates import CalendarPage, Dated, Month

AHEAD = timedelta(days=366)
MANY = 100
"""Dates that one page shows; where a year has more, a page shows one month of it at most."""
MOST_IN_FILE = 1_000
"""Dates that a calendar program is given at once."""
WINDOWS = (366, 92, 31, 7)
"""How many days ahead the file looks: the first of these that hold no more."""
KINDS = {"closes": "截止", "opens": "开始", "notice": "公示结束"}


def calendar_page(query: Mapping[str, str], as_of: datetime, host: str) -> CalendarPage:
    """The dates of the year ahead, those of one audience or kind where the address says so; of many one month."""
    today = local_date(as_of)
    only = _month(query, today) if len(_cards(query, as_of, _ahead(today), MANY + 1)) > MANY else None
    dates = dates_ahead(query, as_of, only)
    own, page = page_of(dates, "dates", query, MANY) if only else (dates, ONE_PAGE)
    months = tuple(Month(group[0].on.replace(day=1), tuple(group)) for group in _by_month(own))
    subscribe = f"{reverse('portal:calendar_file')}{_link(query, {'month': ''})}"
    by_month = ((say("月份"), _months(query, today, only)),) if only else ()
    return CalendarPage(
        today=today,
        months=months,
        groups=(
            (say("对象"), _ways(query, "audience", AUDIENCES)),
            (say("看哪些"), _ways(query, "kind", KINDS)),
            *by_month,
        ),
        subscribe=subscribe,
        webcal=f"webcal://{host}{subscribe}",
        count=len(dates),
        name=_name(query),
        only=only,
        page=page,
    )


def calendar_bytes(query: Mapping[str, str], as_of: datetime, base: str) -> bytes:
    """The same dates as an iCalendar file; `base` is this site's own address, before every link.

    It holds MOST_IN_FILE dates at most: where a year has more, the days nearest to today, down to a week; the file says
    how far it goes, and whoever subscribes gets the next days as they come nearer.
    """
    days = _days_in_file(query, as_of)
    span = Span(local_date(as_of), local_date(as_of) + timedelta(days=days))
    events = (
        DayEvent(
            uid=f"{one.key}@zhida",
            on=one.on,
            summary=say("{kind}：{title}", kind=one.kind_words, title=one.title),
            description=f"{one.note}\n{base}{one.href}",
            url=f"{base}{one.href}",
        )
        for one in _dates_within(query, as_of, span)[:MOST_IN_FILE]
    )
    return calendar_file(_name(query), events, as_of, say("今天起 {n} 天内的日期", n=days))


def _days_in_file(query: Mapping[str, str], as_of: datetime) -> int:
    """How many days ahead the file looks: as far as no more items change than it holds."""
    today = local_date(as_of)
    for days in WINDOWS:
        span = Span(today, today + timedelta(days=days))
        if len(_cards(query, as_of, span, MOST_IN_FILE + 1)) <= MOST_IN_FILE:
            return days
    return WINDOWS[-1]


def dates_ahead(query: Mapping[str, str], as_of: datetime, month: date | None = None) -> tuple[Dated, ...]:
    """Every date from today on, at most a year ahead or within a month, the nearest first. An `item` in the query
    leaves only its own."""
    today = local_date(as_of)
    return _dates_within(query, as_of, _within(month, today) if month else _ahead(today))


def _dates_within(query: Mapping[str, str], as_of: datetime, span: Span) -> tuple[Dated, ...]:
    """Every date of some days, the nearest first."""
    today = local_date(as_of)
    notices = () if _audience(query) else _of_notices(as_of, today)
    found = [*_of_cards(_cards(query, as_of, span), today), *notices]
    item, kind = query.get("item", ""), query.get("kind", "")
    kept = [
        one for one in found
        if one.on in span and item in ("", one.key.partition("#")[0]) and kind in ("", one.kind)
    ]  # fmt: skip
    return tuple(sorted(kept, key=lambda one: (one.on, one.key)))


def _ahead(today: date) -> Span:
    return Span(today, today + AHEAD)


def _within(month: date, today: date) -> Span:
    """The days of a month that are ahead."""
    ahead = _ahead(today)
    return Span(max(month, today), min(_next(month), ahead.end or date.max))


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _month(query: Mapping[str, str], today: date) -> date:
    """The month that the address names, if it is ahead; else this one."""
    wanted = query.get("month", "")
    return next((one for one in _months_ahead(today) if f"{one:%Y-%m}" == wanted), today.replace(day=1))


def _months_ahead(today: date) -> Sequence[date]:
    found = [today.replace(day=1)]
    while _next(found[-1]) < today + AHEAD:
        found.append(_next(found[-1]))
    return found


def _months(query: Mapping[str, str], today: date, only: date) -> tuple[Facet, ...]:
    return tuple(
        Facet(year_month(one), _link(query, {"month": f"{one:%Y-%m}"}), is_chosen=one == only)
        for one in _months_ahead(today)
    )


def _audience(query: Mapping[str, str]) -> SubjectKind | None:
    wanted = query.get("audience", "")
    return SubjectKind(wanted) if wanted in tuple(SubjectKind) else None


def _cards(query: Mapping[str, str], as_of: datetime, span: Span, limit: int | None = None) -> tuple[ItemCard, ...]:
    """The items that may open or close within some days; of the item that the address names those of its policy."""
    pack = query.get("item", "").rpartition("/")[0]
    return catalogue.item_cards(as_of=as_of, audience=_audience(query), pack_id=pack, changing=span, limit=limit)


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
    kept = {name: query.get(name, "") for name in ("audience", "kind", "item", "month")} | dict(change)
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
