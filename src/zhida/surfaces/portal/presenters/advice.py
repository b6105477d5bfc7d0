"""Advice: the nearest thing that would make a subject eligible, and what pays it most where items clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Dictionary
from zhida.domain.scenarios.changing import Change
from zhida.domain.values import Facts, yuan
from zhida.kernel.catalogue.records import PublishedItem
from zhida.services.simulation import single
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.policies import title_of
from zhida.surfaces.portal.records import Entry

AT_MOST = 12
"""How many refusals of one page are looked into."""


def with_ways(
    refused: Sequence[tuple[PublishedItem, Entry]], facts: Facts, today: date, shared: Dictionary
) -> tuple[Entry, ...]:
    """The refusals, each with the nearest change that would help, where one that somebody can act on does."""
    looked_into = [one.item.id for one, entry in refused if not entry.change][:AT_MOST]
    return tuple(
        replace(entry, change=_nearest(one, facts, today, shared)) if one.item.id in looked_into else entry
        for one, entry in refused
    )


def _nearest(published: PublishedItem, facts: Facts, today: date, shared: Dictionary) -> str:
    dictionary = single.dictionary_of(published, shared)
    ways = single.ways_with(published, facts, today, dictionary)
    if not ways:
        return ""
    changes = say("，并且").join(_change(one, published, dictionary) for one in ways[0].changes)
    return say("{changes}，就符合了", changes=changes)


def _change(change: Change, published: PublishedItem, dictionary: Dictionary) -> str:
    name = change.key.attribute
    kind = fact_words.fact_type(dictionary, name, published.pack)
    choices = fact_words.choices_of(name, dictionary, published.pack)
    label = fact_words.label(dictionary, change.key, published.pack)
    before, after = (fact_words.written(value, kind, dictionary, choices) for value in (change.before, change.after))
    if change.before is None:
        return say("{label}是{after}", label=label, after=after)
    return say("{label}从{before}变成{after}", label=label, before=before, after=after)


def together(entitled: Sequence[PublishedItem], facts: Facts, today: date, total_fen: int) -> str:
    """What the items pay together where they cannot all be had; "" where they can."""
    try:
        found = single.combination_with(entitled, facts, today)
    except ConflictError:
        return ""
    if not found.left or found.total_fen >= total_fen:
        return ""
    titles = {one.item.id: str(title_of(one.pack, one.item)) for one in entitled}
    names = say("、").join(titles[one.item] for one in found.taken)
    return say("有的不能同时享受。合起来最多 {amount} 元：{names}。", amount=yuan(found.total_fen), names=names)
