"""Policies found: a page of what the index answers, every way to narrow it, and what to try where it is empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import ceil
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhida.domain.values import local_date
from zhida.kernel.catalogue.records import RevisionRecord
from zhida.kernel.search import queries as search
from zhida.kernel.search.records import Hit as Found
from zhida.kernel.search.records import Hits, Mark, Marked, Way, Why
from zhida.surfaces.look.language import Text, say, say_html, spoken
from zhida.surfaces.look.parts import Facet, FacetGroup, Page
from zhida.surfaces.look.telling.filing import DOCUMENT_KINDS, LEVELS, Entries, topic_entries, topic_name
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    AUDIENCES,
    CLAIMS,
    document_of_record,
    in_words,
    policy_href,
)
from zhida.surfaces.portal.presenters.policies import item_line
from zhida.surfaces.portal.presenters.shelving import Shelved, deadlines, shelved
from zhida.surfaces.portal.records import Hit, PolicyList

PER_PAGE = 20
MOST_PAGES = 500
AT_ONCE = 500
SHOWN = 8
ITEMS_SHOWN = 6
"""Of a policy in a list; its own page shows all."""
FACETS = {
    "audience": "对象",
    "claim": "怎么领",
    "state": "时间",
    "level": "层级",
    "region": "地区",
    "topic": "主题",
    "issuer": "发文机关",
    "document": "文种",
    "year": "发文年份",
}
STATES = {"open": "现在可办", "coming": "即将开始", "ended": "已截止"}
STATE_MARKS = {"yes": "open", "near": "coming", "no": "ended"}
SORTS = {"": "相符的在前", "deadline": "快截止的在前"}
TABLES: Mapping[str, Mapping[str, str]] = {
    "audience": AUDIENCES,
    "claim": CLAIMS,
    "state": STATES,
    "level": LEVELS,
    "document": DOCUMENT_KINDS,
}
Linker = Callable[[Mapping[str, str]], str]
WORDS = {
    Why.NUMBER: "文号相符",
    Why.SOUND: "读音相符",
    Why.NAMES: "发文机关、地区或事项相符",
    Why.SIMILAR: "名字相近",
}


def policy_list(query: Mapping[str, str], as_of: datetime) -> PolicyList:
    """The policies that a search and its facets leave, a page at a time; every facet tells how many it would leave."""
    today = local_date(as_of)
    text = f"{query.get('q', '')} {query.get('number', '')}".strip()
    chosen = {name: query[name] for name in FACETS if query.get(name)}
    narrowed = narrowing(query)
    number = _page_number(query)
    found = search.search(text, as_of=as_of, facets=narrowed, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    count = max(1, ceil(found.total / PER_PAGE))
    if query.get("sort") == "deadline":
        number = min(number, count)
        found = search.search(text, as_of=as_of, facets=narrowed, limit=AT_ONCE)
        found = replace(found, hits=_by_deadline(found.hits, number, as_of))
    elif number > count:
        number = count
        found = search.search(text, as_of=as_of, facets=narrowed, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    hits = _hits(found, query.get("q", ""), as_of, today)
    link = linker(query)
    items = search.search(text, as_of=as_of, facets={**narrowed, "kind": ("item",)}, limit=1)
    return PolicyList(
        text=query.get("q", "").strip(),
        total=found.total,
        item_total=items.total,
        groups=_groups(found, chosen, query.get("sort", ""), link),
        chosen=_chosen(query, chosen, link),
        hits=hits,
        page=Page(
            number,
            count,
            link({"page": str(number - 1)}) if number > 1 else "",
            link({"page": str(number + 1)}) if number < count else "",
        ),
        is_loose=found.way is not Way.EXACT,
        details=link({}),
        instead=() if found.total else _instead(text, chosen, link, as_of),
    )


def narrowing(query: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What an address narrows a search of policies to; years may be given as a span."""
    found: dict[str, tuple[str, ...]] = {name: (query[name],) for name in FACETS if query.get(name)}
    first, last = (_year(query.get(name, "")) for name in ("from", "to"))
    if (first or last) and "year" not in found:
        found["year"] = tuple(map(str, range(first or 1949, (last or 2100) + 1)))
    return {"kind": ("policy",), **found}


def _year(written: str) -> int | None:
    return int(written) if written.isdecimal() and 1949 <= int(written) <= 2100 else None


def linker(query: Mapping[str, str]) -> Linker:
    """The address of this search with something changed: what it says reproduces the result."""
    kept = {name: value for name, value in query.items() if name in ("q", "number", "from", "to", "sort", *FACETS)}

    def link(change: Mapping[str, str]) -> str:
        return "?" + urlencode({name: value for name, value in {**kept, **change}.items() if value})

    return link


def _page_number(query: Mapping[str, str]) -> int:
    written = query.get("page", "1")
    return min(max(1, int(written)), MOST_PAGES) if written.isdecimal() else 1


def _by_deadline(hits: Sequence[Found], number: int, as_of: datetime) -> tuple[Found, ...]:
    """A page of the hits, that whose next item closes first before the others."""
    ends = deadlines(as_of)
    ordered = sorted(hits, key=lambda hit: ends.get(hit.id, date.max))
    return tuple(ordered[(number - 1) * PER_PAGE : number * PER_PAGE])


def _hits(found: Hits, text: str, as_of: datetime, today: date) -> tuple[Hit, ...]:
    known = shelved([hit.id for hit in found.hits], as_of)
    return tuple(_hit(hit, known[hit.id], text.split(), found.way, today) for hit in found.hits if hit.id in known)


def _hit(hit: Found, known: Shelved, words: Sequence[str], way: Way, today: date) -> Hit:
    record = known.record
    first = sorted(known.cards, key=lambda card: not any(word in card.title_zh for word in words))[:ITEMS_SHOWN]
    return Hit(
        title=_title(hit, record),
        href=policy_href(record.pack_id),
        document=document_of_record(record),
        issuer=office_name(record.issuer_office),
        issued_on=record.issued_on or today,
        plain=in_words(record.plain_zh, record.plain_en),
        state=known.mark,
        state_words=say(STATES[STATE_MARKS[known.mark]]),
        items=tuple(item_line(card, today) for card in first),
        more=len(known.cards) - len(first),
        why=why(_without(hit, record.plain_zh), way),
    )


def _title(hit: Found, record: RevisionRecord) -> SafeString | Text:
    words = in_words(record.title_zh, record.title_en)
    said = hit.title_en if words.lang == "en" else hit.title
    if not said.marks or said.text != words.text:
        return words
    if words.lang == spoken():
        return marked(said)
    return format_html('<span lang="zh-CN">{}</span>', marked(said))


def _without(hit: Found, plain: str) -> Found:
    """The hit without the part of its snippet that is the summary: that stands above it anyway."""
    said, size = hit.snippet, len(plain)
    if not plain or not said.text.startswith(plain):
        return hit
    marks = tuple(Mark(mark.start - size, mark.end - size) for mark in said.marks if mark.start >= size)
    return replace(hit, snippet=Marked(said.text[size:], marks))


def why(hit: Found, way: Way) -> SafeString | str:
    """Why a hit answers: the place of its text with the words marked, else what of it answers."""
    if hit.snippet.marks:
        words = "原文：{text}" if way is Way.EXACT else "相近：{text}"
        return say_html(words, text=format_html('<span lang="zh-CN">{}</span>', marked(hit.snippet)))
    return say_html(next((WORDS[each] for each in hit.why if each in WORDS), ""))


def marked(words: Marked) -> SafeString:
    """A text with the places that answer marked."""
    told = SafeString("")
    at = 0
    for mark in words.marks:
        told = format_html("{}{}<mark>{}</mark>", told, words.text[at : mark.start], words.text[mark.start : mark.end])
        at = mark.end
    return format_html("{}{}", told, words.text[at:])


def _groups(found: Hits, chosen: Mapping[str, str], sort: str, link: Linker) -> tuple[FacetGroup, ...]:
    groups, topics = [], topic_entries()
    for name, title in FACETS.items():
        counts = sorted(found.facets.get(name, {}).items(), key=lambda one: (-one[1], one[0]))
        if name == "topic":
            counts = [(value, count) for value, count in counts if "/" in value or value == chosen.get(name)]
        if name == "year":
            counts.sort(reverse=True)
        facets = tuple(
            Facet(label(name, value, topics), link({name: "" if chosen.get(name) == value else value}), count,
                  chosen.get(name) == value)
            for value, count in counts[:SHOWN]
        )  # fmt: skip
        if len(facets) > 1 or name in chosen:
            groups.append(FacetGroup(say(title), facets))
    sorts = tuple(Facet(say(words), link({"sort": value}), None, sort == value) for value, words in SORTS.items())
    return (*groups, FacetGroup(say("排序"), sorts)) if found.total else ()


def _chosen(query: Mapping[str, str], chosen: Mapping[str, str], link: Linker) -> tuple[Facet, ...]:
    others = {"number": "文号 {value}", "from": "{value} 年起", "to": "到 {value} 年"}
    typed = [
        Facet(say(words, value=query[name]), link({name: ""})) for name, words in others.items() if query.get(name)
    ]
    return (*(Facet(label(name, value), link({name: ""})) for name, value in chosen.items()), *typed)


def label(facet: str, value: str, topics: Entries | None = None) -> Text | str:
    """What people call a facet's value; `topics` are those of the dictionary, asked for where they are not given."""
    if facet == "region":
        return region_name(value)
    if facet == "issuer":
        return office_name(value)
    if facet == "topic":
        return topic_name(value, topics)
    known = TABLES.get(facet, {})
    return say(known[value]) if value in known else Text(value)


def _instead(text: str, chosen: Mapping[str, str], link: Linker, as_of: datetime) -> tuple[Facet, ...]:
    """Ways on where nothing answers: each choice taken back that leads somewhere, with how many it finds."""
    ways = []
    for name, value in chosen.items():
        others = {other: (kept,) for other, kept in chosen.items() if other != name}
        left = search.search(text, as_of=as_of, facets={"kind": ("policy",), **others}, limit=1).total
        if left:
            ways.append(Facet(say("不限“{value}”", value=label(name, value)), link({name: ""}), left))
    return tuple(ways)
