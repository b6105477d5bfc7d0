"""One policy: its face, its plain words, its items, its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Pack
from zhida.domain.values import Span, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling.filing import topic_entries, topic_name
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import (
    AUDIENCES,
    claim_words,
    document_of,
    in_words,
    item_href,
    number_of,
    policy_href,
    requirement_title,
    state_of,
    window_of,
    window_words,
)
from zhida.surfaces.portal.presenters.margins import became_of
from zhida.surfaces.portal.records import Became, ClauseBlock, ItemLine, PolicyPage, Relative

MOST_CONDITIONS = 5


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
    record = _standing(pack_id, as_of)
    pack = catalogue.revision(record.id)
    today, topics = local_date(as_of), topic_entries()
    chain = _chain(pack_id, today)
    is_over = any(other.replaces == pack_id for other in catalogue.lineage(pack_id) if _has_begun(other, today))
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
        state="no" if is_over else mark,
        state_words=say("已被替代") if is_over else say("现行有效") if mark == "yes" else words,
        plain=in_words(record.plain_zh, record.plain_en),
        topics=tuple(topic_name(topic, topics) for topic in record.topics),
        items=tuple(lines.values()),
        clauses=_blocks(pack, lines),
        revision=record.id,
        fingerprint=say("第 {n} 版，{hash}", n=record.number, hash=record.hash[:16]),
        brief=_brief(pack, cards, today),
        chain=chain,
        is_over=is_over or mark == "no",
    )


def _standing(pack_id: str, as_of: datetime) -> RevisionRecord:
    """The revision in force, else the last one that stood: a policy that is over can still be read."""
    try:
        return catalogue.policy(pack_id, as_of=as_of)
    except ConflictError:
        past = (one for one in catalogue.revisions(pack_id) if one.withdrawn_at is None and one.published_at <= as_of)
        found = next(past, None)
        if found is None:
            raise
        return found


def _has_begun(record: RevisionRecord, today: date) -> bool:
    return record.valid_from is None or record.valid_from <= today


def _chain(pack_id: str, today: date) -> tuple[Relative, ...]:
    """What this policy replaced and what replaced it, itself among them; nothing where it stands alone."""
    line = catalogue.lineage(pack_id)
    if len(line) < 2:
        return ()
    replaced = {one.replaces for one in line if _has_begun(one, today)}
    return tuple(
        Relative(
            in_words(one.title_zh, one.title_en),
            policy_href(one.pack_id),
            one.document_number,
            say("已被替代") if one.pack_id in replaced else _validity(one),
            one.pack_id == pack_id,
        )
        for one in line
    )


def _brief(pack: Pack, cards: Sequence[ItemCard], today: date) -> tuple[tuple[str, Text | str], ...]:
    """Five plain lines: who, how much, on what condition, when, how."""
    if not cards:
        return ()
    audiences = dict.fromkeys(say(AUDIENCES[card.audience]) for card in cards)
    names = dict.fromkeys(name for item in pack.items.values() for name in item.requires)
    titles = [requirement_title(pack, name) for name in names][:MOST_CONDITIONS]
    much = [in_words(card.how_much_zh, card.how_much_en) for card in cards if card.how_much_zh]
    windows = dict.fromkeys(window_words(window_of(card), today) for card in cards)
    ways = dict.fromkeys(claim_words(card.claim) for card in cards)
    found: list[tuple[str, Text | str]] = [
        (say("给谁"), say("{place}的{who}", place=region_name(pack.region), who=say("、").join(audiences))),
        (say("给多少"), _joined(much)),
        (say("什么条件"), _joined(titles)),
        (say("什么时候"), say("；").join(windows)),
        (say("怎么领"), say("、").join(ways)),
    ]
    return tuple((name, words) for name, words in found if words)


def _joined(words: Sequence[Text]) -> Text | str:
    return Text(say("；").join(map(str, words)), words[0].lang) if words else ""


def _validity(record: RevisionRecord) -> str:
    if record.valid_from is None:
        return say("长期有效")
    if record.valid_to is None:
        return say("{date}起", date=record.valid_from.isoformat())
    last = date.fromordinal(record.valid_to.toordinal() - 1)
    return say("{start} 至 {end}", start=record.valid_from.isoformat(), end=last.isoformat())


def _blocks(pack: Pack, lines: Mapping[str, ItemLine]) -> tuple[ClauseBlock, ...]:
    """The issued text clause by clause, each with what it became in which item, or why it needs no rule."""
    became = {name: became_of(pack, item) for name, item in pack.items.items() if name in lines}
    blocks = []
    for clause in pack.clauses:
        items = tuple(
            Became(lines[name].title, lines[name].href, found[clause.anchor])
            for name, found in became.items()
            if clause.anchor in found
        )
        note = Text(pack.explained.get(clause.anchor, ""), "zh")
        number = number_of(pack, clause.anchor)
        heading = f"{clause.number}　{clause.heading}".strip("　") if clause.heading or not clause.text else ""
        heading = heading or (clause.number if "-" not in clause.anchor else "")
        body = clause.text.splitlines()
        if clause.number and not heading and body:
            body[0] = f"{clause.number}{body[0]}"
        blocks.append(ClauseBlock(clause.anchor, number, heading, tuple(body), items, note))
    return tuple(blocks)
