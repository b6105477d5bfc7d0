"""Policies in a list and one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from urllib.parse import urlencode

from zhida.domain.packs import Pack
from zhida.domain.values import Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Facet, FacetGroup, Page
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    AUDIENCES,
    CLAIMS,
    claim_words,
    document_of,
    document_of_record,
    in_words,
    item_href,
    number_of,
    policy_href,
    state_of,
    window_of,
    window_words,
)
from zhida.surfaces.portal.presenters.finding import found_packs
from zhida.surfaces.portal.records import ClauseBlock, Hit, ItemLine, PolicyList, PolicyPage

PER_PAGE = 20
FACETS = ("audience", "claim", "region", "topic", "state")
STATES = {"open": "现在可办", "coming": "即将开始", "ended": "已截止"}
STATE_MARKS = {"yes": "open", "near": "coming", "no": "ended"}
SORTS = {"": "新发布的在前", "deadline": "快截止的在前"}
FAR = date.max


@dataclass(frozen=True)
class Found:
    """A policy with its items, and what each facet says of it."""

    record: RevisionRecord
    cards: tuple[ItemCard, ...]
    state: str
    why: str = ""

    def values(self, facet: str) -> frozenset[str]:
        """What this policy answers to a facet."""
        if facet == "audience":
            return frozenset(card.audience for card in self.cards)
        if facet == "claim":
            return frozenset(card.claim for card in self.cards)
        if facet == "topic":
            return frozenset(self.record.topics)
        return frozenset({self.record.region if facet == "region" else self.state})


def policy_list(query: Mapping[str, str], as_of: datetime) -> PolicyList:
    """The policies that a search and its facets leave, a page at a time; every facet tells how many it would leave."""
    today = local_date(as_of)
    text = query.get("q", "").strip()
    found = _all_found(text, as_of, today)
    chosen = {name: query[name] for name in FACETS if query.get(name)}
    kept = [one for one in found if _matches(one, chosen)]
    if query.get("sort") == "deadline":
        kept.sort(key=lambda one: min((window_of(card).end or FAR for card in one.cards), default=FAR))
    number, count = _page_number(query), max(1, ceil(len(kept) / PER_PAGE))
    number = min(number, count)
    shown = kept[(number - 1) * PER_PAGE : number * PER_PAGE]
    link = _linker(query)
    return PolicyList(
        text=text,
        total=len(kept),
        item_total=sum(len(one.cards) for one in kept),
        groups=_groups(found, chosen, query.get("sort", ""), link),
        chosen=tuple(Facet(_label(name, value), link({name: ""})) for name, value in chosen.items()),
        hits=tuple(_hit(one, today) for one in shown),
        page=Page(
            number,
            count,
            link({"page": str(number - 1)}) if number > 1 else "",
            link({"page": str(number + 1)}) if number < count else "",
        ),
    )


def _all_found(text: str, as_of: datetime, today: date) -> list[Found]:
    cards: dict[str, list[ItemCard]] = defaultdict(list)
    for card in catalogue.item_cards(as_of=as_of):
        cards[card.pack_id].append(card)
    records = {record.pack_id: record for record in catalogue.policies(as_of=as_of)}
    order = found_packs(text, as_of) if text else dict.fromkeys(records, "")
    return [
        Found(records[pack_id], tuple(cards[pack_id]), _state(cards[pack_id], today), why)
        for pack_id, why in order.items()
        if pack_id in records
    ]


def _state(cards: Iterable[ItemCard], today: date) -> str:
    marks = {state_of(window_of(card), today)[0] for card in cards}
    return next((STATE_MARKS[mark] for mark in ("yes", "near", "no") if mark in marks), "open")


def _matches(found: Found, chosen: Mapping[str, str]) -> bool:
    return all(value in found.values(name) for name, value in chosen.items())


def _linker(query: Mapping[str, str]) -> Callable[[Mapping[str, str]], str]:
    def link(change: Mapping[str, str]) -> str:
        kept = {name: value for name, value in query.items() if name in ("q", "sort", *FACETS)}
        return "?" + urlencode({name: value for name, value in {**kept, **change}.items() if value})

    return link


def _groups(
    found: list[Found], chosen: Mapping[str, str], sort: str, link: Callable[[Mapping[str, str]], str]
) -> tuple[FacetGroup, ...]:
    names = {"audience": "对象", "claim": "怎么领", "state": "时间", "region": "地区", "topic": "主题"}
    groups = []
    for name, title in names.items():
        others = {other: value for other, value in chosen.items() if other != name}
        left = [one for one in found if _matches(one, others)]
        counts = Counter(value for one in left for value in one.values(name))
        facets = tuple(
            Facet(_label(name, value), link({name: "" if chosen.get(name) == value else value}), count,
                  chosen.get(name) == value)
            for value, count in counts.most_common(12)
        )  # fmt: skip
        if facets:
            groups.append(FacetGroup(say(title), facets))
    sorts = tuple(Facet(say(words), link({"sort": value}), None, sort == value) for value, words in SORTS.items())
    return (*groups, FacetGroup(say("排序"), sorts))


def _label(facet: str, value: str) -> Text | str:
    if facet == "region":
        return region_name(value)
    table = {"audience": AUDIENCES, "claim": CLAIMS, "state": STATES}.get(facet, {})
    return say(table[value]) if value in table else Text(value.rpartition("/")[2])


def _page_number(query: Mapping[str, str]) -> int:
    written = query.get("page", "1")
    return max(1, int(written)) if written.isdigit() else 1


def _hit(found: Found, today: date) -> Hit:
    record = found.record
    mark = next(mark for mark, state in STATE_MARKS.items() if state == found.state)
    return Hit(
        title=in_words(record.title_zh, record.title_en),
        href=policy_href(record.pack_id),
        document=document_of_record(record),
        issuer=office_name(record.issuer_office),
        issued_on=record.issued_on or today,
        plain=in_words(record.plain_zh, record.plain_en),
        state=mark,
        state_words=say(STATES[found.state]),
        items=tuple(item_line(card, today) for card in found.cards),
        why=found.why,
    )


def item_line(card: ItemCard, today: date) -> ItemLine:
    """An item in a list."""
    return ItemLine(
        in_words(card.title_zh, card.title_en),
        item_href(card.item_id),
        in_words(card.how_much_zh, card.how_much_en),
        claim_words(card.claim),
        window_words(window_of(card), today),
    )


def policy_page(pack_id: str, as_of: datetime) -> PolicyPage:
    """One policy. Raises ConflictError `not_published`."""
    record = catalogue.policy(pack_id, as_of=as_of)
    pack = catalogue.revision(record.id)
    today = local_date(as_of)
    cards = catalogue.item_cards(as_of=as_of, pack_id=pack_id)
    lines = {card.item_id.rpartition("/")[2]: item_line(card, today) for card in cards}
    mark, words = state_of(Span(record.valid_from, record.valid_to), today)
    issued, called = Text(pack.document.title), in_words(record.title_zh, record.title_en)
    title, name = (issued, called) if called.lang == issued.lang else (called, issued)
    return PolicyPage(
        title=title,
        name=name,
        document=document_of(pack),
        issuer=office_name(record.issuer_office),
        owner=office_name(record.owner_office),
        region=region_name(record.region),
        issued_on=record.issued_on or today,
        validity=_validity(record),
        state=mark,
        state_words=say("现行有效") if mark == "yes" else words,
        plain=in_words(record.plain_zh, record.plain_en),
        topics=tuple(map(Text, record.topics)),
        items=tuple(lines.values()),
        clauses=_blocks(pack, lines),
        revision=record.id,
        fingerprint=say("第 {n} 版，{hash}", n=record.number, hash=record.hash[:16]),
        follows=pack.follows,
    )


def _validity(record: RevisionRecord) -> str:
    if record.valid_from is None:
        return say("长期有效")
    if record.valid_to is None:
        return say("{date}起", date=record.valid_from.isoformat())
    last = date.fromordinal(record.valid_to.toordinal() - 1)
    return say("{start} 至 {end}", start=record.valid_from.isoformat(), end=last.isoformat())


def _blocks(pack: Pack, lines: Mapping[str, ItemLine]) -> tuple[ClauseBlock, ...]:
    """The issued text clause by clause, each with the items that rest on it, or why it needs no rule."""
    resting = _resting(pack)
    blocks = []
    for clause in pack.clauses:
        items = tuple(lines[name] for name in pack.items if name in lines and clause.anchor in resting[name])
        note = say("不用计算：{why}", why=pack.explained[clause.anchor]) if clause.anchor in pack.explained else ""
        number = number_of(pack, clause.anchor)
        heading = f"{clause.number}　{clause.heading}".strip("　") if clause.heading or not clause.text else ""
        heading = heading or (clause.number if "-" not in clause.anchor else "")
        body = clause.text.splitlines()
        if clause.number and not heading and body:
            body[0] = f"{clause.number}{body[0]}"
        blocks.append(ClauseBlock(clause.anchor, number, heading, tuple(body), items, note))
    return tuple(blocks)


def _resting(pack: Pack) -> dict[str, frozenset[str]]:
    """Item name to the anchors that it, its requirements or its amounts cite."""
    found = {}
    for name, item in pack.items.items():
        cited = set(item.cites)
        for requirement in item.program.requires:
            cited.update(requirement.cites)
            cited.update(anchor for alternative in requirement.alternatives for anchor in alternative.cites)
        if item.benefit.amount:
            for amount in pack.schema.amounts.values():
                cited.update(amount.cites)
            for table in pack.schema.tables.values():
                cited.update(table.cites)
        found[name] = frozenset(cited)
    return found
