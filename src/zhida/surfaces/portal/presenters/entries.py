"""One item's answer for one subject, ready to print: amount, reasons, clauses, sources, what would change it."""

from __future__ import annotations

from datetime import date

from zhida.domain.packs import Claim, Dictionary, Pack
from zhida.domain.rules import AmountState, Answer, Assessment, FactUse, Met
from zhida.domain.values import Facts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.surfaces.look.charts import Ruler
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.amounts import distance, equation
from zhida.surfaces.look.telling.policies import (
    clauses_of,
    document_of,
    how_much_of,
    item_href,
    reason_of,
    title_of,
    window_words,
)
from zhida.surfaces.portal.records import Entry

PROMISED = ("undertaken",)


def entry_of(published: PublishedItem, found: Assessment, facts: Facts, as_of: date) -> Entry:
    """One answer as an entry of a result."""
    item, pack = published.item, published.pack
    dictionary = catalogue.root(published.revision_id).dictionary
    is_known = found.amount is AmountState.KNOWN and found.answer is not Answer.NOT
    fen = found.amount_fen if is_known else None
    reasons = [reason for reason in found.reasons if found.answer is not Answer.NOT or reason.answer is Met.NOT_MET]
    line, change = _nearest(found, pack, dictionary)
    uses: list[FactUse] = [use for reason in reasons for use in reason.uses]
    return Entry(
        title=title_of(pack, item),
        href=item_href(item.id),
        amount_fen=fen,
        how_much=how_much_of(pack, item),
        reasons=tuple(reason_of(pack, reason, as_of) for reason in reasons),
        document=document_of(pack),
        clauses=clauses_of(pack, (anchor for reason in reasons for anchor in reason.clauses)),
        sources=_sources([*uses, *found.amount_uses], pack, dictionary),
        equation=equation(item.program, facts, as_of, fen, pack, dictionary) if fen else None,
        ruler=line,
        change=change or _missing(found, pack, dictionary),
        act_href=item_href(item.id, "portal:claim") if found.answer is not Answer.NOT else "",
        act_words=say("去确认") if item.claim is Claim.AUTOMATIC else say("去申报"),
        note=_note(published, as_of) if found.answer is not Answer.NOT else "",
        pays=item.pays,
    )


def _sources(uses: list[FactUse], pack: Pack, dictionary: Dictionary) -> tuple[FactLine, ...]:
    lines = fact_words.used_lines(uses, dictionary, pack)
    return tuple(line for line in lines if line.source)


def _nearest(found: Assessment, pack: Pack, dictionary: Dictionary) -> tuple[Ruler | None, str]:
    """Where one number alone stands in the way: how far it is."""
    failed = [reason for reason in found.reasons if reason.answer is Met.NOT_MET]
    if found.answer is not Answer.NOT or len(failed) != 1:
        return None, ""
    for use in failed[0].uses:
        kind = fact_words.fact_type(dictionary, use.key.attribute, pack)
        near = distance(use, kind, fact_words.label(dictionary, use.key, pack))
        if near is not None:
            return near
    return None, ""


def _missing(found: Assessment, pack: Pack, dictionary: Dictionary) -> str:
    """What has to be known before the answer or the amount is."""
    if found.answer is Answer.NOT or not found.missing:
        return ""
    names = say("、").join(fact_words.label(dictionary, key, pack) for key in found.missing)
    if found.answer is Answer.ENTITLED:
        return say("资格成立；知道{names}，就能算出金额", names=names)
    return say("还缺：{names}", names=names)


def _note(published: PublishedItem, as_of: date) -> str:
    if published.item.claim is Claim.AUTOMATIC:
        return say("免申即享，点一次确认")
    ends = [span.end for span in (published.item.window, published.pack.valid) if span.end]
    return window_words(type(published.item.window)(None, min(ends, default=None)), as_of)
