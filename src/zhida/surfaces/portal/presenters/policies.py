"""One policy: its face, its plain words, its items, its text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from zhida.domain.packs import Pack
from zhida.domain.values import Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.filing import topic_name
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    claim_words,
    document_of,
    in_words,
    item_href,
    number_of,
    state_of,
    window_of,
    window_words,
)
from zhida.surfaces.portal.records import ClauseBlock, ItemLine, PolicyPage


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
        topics=tuple(map(topic_name, record.topics)),
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
