"""Packs in a person's words: titles, clauses, reasons, audiences, windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from django.urls import reverse

from zhida.domain.packs import Claim, Item, Pack, how_much, reason_words, title
from zhida.domain.rules import Met, ReasonAnswer
from zhida.domain.values import Span
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.language import Text, say, spoken
from zhida.surfaces.look.parts import NEAR, NO, YES, Clause, Document, Reason

AUDIENCES = {"organisation": "企业", "person": "个人", "household": "家庭"}
CLAIMS = {"automatic": "免申即享", "instant": "即时办结", "applied": "申报"}
UNDECIDED = {"wrong_region": "还不知道在不在政策适用的地区", "quota": "名额有限，等遴选结果"}
A_YEAR = 366
MARKS = {Met.MET: YES, Met.UNKNOWN: NEAR, Met.NOT_MET: NO}


def in_words(zh: str, en: str = "") -> Text:
    """The text of the page's language, else the Chinese one."""
    return Text(en, "en") if en and spoken() == "en" else Text(zh)


def policy_href(pack_id: str, anchor: str = "") -> str:
    """Where a policy is read."""
    return _address("portal:policy", pack_id) + (f"#{anchor}" if anchor else "")


def item_href(item_id: str, name: str = "portal:item") -> str:
    """Where an item is explained."""
    return _address(name, item_id)


@lru_cache(maxsize=8_192)
def _address(name: str, identity: str) -> str:
    """A page of answers links to hundreds."""
    return reverse(name, args=identity.split("/"))


def document_of(pack: Pack) -> Document:
    """The issued document of a pack."""
    return Document(pack.document.number, policy_href(pack.id))


def document_of_record(record: RevisionRecord) -> Document:
    """The issued document of a revision."""
    return Document(record.document_number, policy_href(record.pack_id))


def clauses_of(pack: Pack, anchors: Iterable[str]) -> tuple[Clause, ...]:
    """Clauses by anchor, each once, as they are cited: `第三条（一）`."""
    found = (pack.clause(anchor) for anchor in dict.fromkeys(anchors))
    return tuple(Clause(number_of(pack, one.anchor), policy_href(pack.id, one.anchor)) for one in found if one)


def number_of(pack: Pack, anchor: str) -> str:
    """A clause's full number: an item in a clause carries the number of the clause it stands in."""
    clause = pack.clause(anchor)
    if clause is None:
        return anchor
    above = pack.clause(anchor.rpartition("-")[0]) if "-" in anchor else None
    return f"{above.number if above else ''}{clause.number}" or clause.heading or anchor


def quotes_of(pack: Pack, anchors: Iterable[str]) -> tuple[str, ...]:
    """The clauses' own words."""
    found = (pack.clause(anchor) for anchor in dict.fromkeys(anchors))
    return tuple(clause.text for clause in found if clause and clause.text)


def title_of(pack: Pack, item: Item) -> Text:
    """An item's title."""
    lang = spoken() if spoken() in pack.words else "zh"
    return Text(title(pack, item, lang), lang)


def how_much_of(pack: Pack, item: Item) -> Text:
    """What an item gives, in a few words."""
    lang = spoken() if spoken() in pack.words else "zh"
    return Text(how_much(pack, item, lang), lang)


def reason_of(pack: Pack, reason: ReasonAnswer, as_of: date) -> Reason:
    """One requirement's answer in words, with its clauses."""
    lang = spoken() if spoken() in pack.words else "zh"
    if reason.answer is Met.UNKNOWN and reason.requirement in UNDECIDED:
        return Reason(NEAR, Text(say(UNDECIDED[reason.requirement]), spoken()), clauses_of(pack, reason.clauses))
    if reason.kind == "relation":
        record = say("还没有收到：{fact}", fact=catalogue.root().dictionary.named(reason.requirement, spoken()))
        return Reason(MARKS[reason.answer], Text(record, spoken()))
    words = Text(reason_words(pack, replace(reason, note=""), lang, as_of=as_of), lang)
    return Reason(MARKS[reason.answer], words, clauses_of(pack, reason.clauses))


def requirement_title(pack: Pack, name: str) -> Text:
    """What a requirement is called; its words where it is not met say it when the pack gives no title."""
    for lang in dict.fromkeys((spoken(), "zh")):
        words = pack.words[lang].requirements.get(name) if lang in pack.words else None
        if words is not None and words.title:
            return Text(words.title, lang)
    return Text(name, "en")


def claim_words(claim: Claim | str) -> str:
    """How a claim begins."""
    return say(CLAIMS[str(claim)])


def window_words(window: Span, as_of: date) -> str:
    """When an item can be claimed, as seen from a day."""
    if window.start and as_of < window.start:
        return say("{date}起", date=window.start.isoformat())
    if window.end is None:
        return say("常年可办")
    days = (window.end - as_of).days
    if days <= 0:
        return say("已截止")
    last = date.fromordinal(window.end.toordinal() - 1)
    if days > A_YEAR:
        return say("{date}止", date=last.isoformat())
    return say("{date}止，还有 {n} 天", date=last.isoformat(), n=days)


def state_of(window: Span, as_of: date) -> tuple[str, str]:
    """Open, coming or ended: the mark and its word."""
    if window.start and as_of < window.start:
        return NEAR, say("即将开始")
    if window.end and as_of >= window.end:
        return NO, say("已截止")
    return YES, say("可办")


def window_of(card: ItemCard) -> Span:
    """The days on which an item can be claimed: its window within its policy's validity."""
    starts = [day for day in (card.window_from, card.valid_from) if day]
    ends = [day for day in (card.window_to, card.valid_to) if day]
    return Span(max(starts, default=None), min(ends, default=None))
