"""What stands between an item and 免申即享: each fact that no source answers, each judgement that only a person makes,
which office most likely holds what is missing, and how many of a population are decided without asking anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pyarrow as pa

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.items import Claim, Item
from zhida.domain.packs.likeness import pairs_of, share_of
from zhida.domain.packs.pack import Pack
from zhida.domain.rules import Requirement, keys_read, screen

_LIKELY = 0.6


class Barrier(StrEnum):
    """What kind of thing is in the way."""

    ASKED = "asked"
    UNSOURCED = "unsourced"
    EVIDENCED = "evidenced"
    JUDGED = "judged"
    UNDERTAKEN = "undertaken"
    SELECTED = "selected"


@dataclass(frozen=True)
class Holder:
    """An office that may hold what is missing, by the attribute of its own that is most like it ("" for none)."""

    office: str
    attribute: str
    likeness: float


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way: a fact or a requirement by name, what people call it, and who may hold it."""

    kind: Barrier
    name: str
    zh: str
    en: str
    holder: Holder | None


@dataclass(frozen=True)
class Decided:
    """A population on a day: how many subjects, and how many of them are entitled with a known amount, refused, or
    still open, before anybody is asked."""

    subjects: int
    entitled: int
    refused: int
    open: int

    @property
    def share(self) -> float:
        """The part that is decided, from 0 to 1."""
        return (self.entitled + self.refused) / self.subjects if self.subjects else 0.0


@dataclass(frozen=True)
class Readiness:
    """One item: how it is claimed now, what is in its way, the facts that offices answer, and what a population says
    (None where none was given). `could_be` is the best claim that the obstacles leave."""

    item: str
    claim: Claim
    could_be: Claim
    obstacles: tuple[Obstacle, ...]
    held: tuple[tuple[str, str], ...]
    decided: Decided | None


def readiness_of(
    pack: Pack, item: Item, dictionary: Dictionary, *, as_of: date, rows: pa.Table | None = None
) -> Readiness:
    """What stands between an item and 免申即享.

    `rows` are subjects of the item's kind in columns named by written fact keys, as `rules.screen` takes them; a fact
    without a column, or with nothing in it, counts as one that no source answers.
    """
    obstacles = (*_asked(pack, item, dictionary), *_ruled(pack, item, dictionary), *_selected(item))
    keys = keys_read([item.program], as_of)
    if rows is not None:
        obstacles += tuple(_unsourced(pack, item, dictionary, rows, as_of))
    held = {key.attribute: dictionary.owner_of(key.attribute) for key in keys}
    return Readiness(
        item.id,
        item.claim,
        _could_be(obstacles),
        obstacles,
        tuple((name, owner) for name, owner in held.items() if owner),
        _decided(item, rows, as_of) if rows is not None else None,
    )


def _asked(pack: Pack, item: Item, dictionary: Dictionary) -> Iterator[Obstacle]:
    for name in pack.form.questions:
        if name in item.reads:
            told = {lang: words.questions.get(name, name) for lang, words in pack.words.items()}
            zh = told.get("zh", name)
            holder = _holder(zh + _clauses(pack, name), item, dictionary)
            yield Obstacle(Barrier.ASKED, name, zh, told.get("en", name), holder)


def _ruled(pack: Pack, item: Item, dictionary: Dictionary) -> Iterator[Obstacle]:
    for requirement in item.program.requires:
        if requirement.kind == "computed":
            continue
        zh, en = _title(pack, requirement.name, "zh"), _title(pack, requirement.name, "en")
        needs_holder = requirement.kind == "evidenced"
        holder = _holder(zh + _cited(pack, requirement), item, dictionary) if needs_holder else None
        yield Obstacle(Barrier(requirement.kind), requirement.name, zh, en, holder)


def _selected(item: Item) -> Iterator[Obstacle]:
    if item.program.quota:
        zh, en = "名额有限，须经遴选", "places are limited: a selection decides"
        yield Obstacle(Barrier.SELECTED, "quota", zh, en, None)


def _unsourced(pack: Pack, item: Item, dictionary: Dictionary, rows: pa.Table, as_of: date) -> Iterator[Obstacle]:
    """Facts of the dictionary that the rows have no value of, for any subject and any period that counts."""
    filled = {name for name in rows.column_names if rows.column(name).null_count < rows.num_rows}
    attributes = {name.partition("@")[0] for name in filled}
    named = {str(key) for key in keys_read([item.program], as_of) if key.period is not None}
    for key in dict.fromkeys(keys_read([item.program], as_of)):
        fact = pack.schema.facts.get(key.attribute)
        is_interval = fact is not None and fact.period == "interval"
        is_there = key.attribute in attributes if is_interval or str(key) not in named else str(key) in filled
        owner = dictionary.owner_of(key.attribute)
        if owner and not is_there and (fact is None or fact.expression is None) and key.attribute != "grants":
            zh, en = dictionary.named(key.attribute, "zh"), dictionary.named(key.attribute, "en")
            yield Obstacle(Barrier.UNSOURCED, str(key), zh, en, Holder(owner, key.attribute, 1.0))


def _decided(item: Item, rows: pa.Table, as_of: date) -> Decided:
    (found,) = screen([item.program], rows, as_of).results
    entitled = int(np.count_nonzero(found.sure & (found.amount_known | found.amount_none)))
    refused = rows.num_rows - int(np.count_nonzero(found.sure | found.possible))
    return Decided(rows.num_rows, entitled, refused, rows.num_rows - entitled - refused)


def _could_be(obstacles: tuple[Obstacle, ...]) -> Claim:
    kinds = {each.kind for each in obstacles}
    if kinds & {Barrier.EVIDENCED, Barrier.JUDGED, Barrier.SELECTED}:
        return Claim.APPLIED
    return Claim.INSTANT if kinds & {Barrier.ASKED, Barrier.UNDERTAKEN} else Claim.AUTOMATIC


def _holder(text: str, item: Item, dictionary: Dictionary) -> Holder | None:
    """The office whose attribute, by its name and its source, stands most in the words of what is missing."""
    wanted, best = pairs_of(text), None
    for name, attribute in dictionary.attributes.items():
        if item.audience in attribute.audience:
            words = attribute.words.get("zh", "")
            likeness = max(share_of(words, wanted), share_of(words + attribute.source, wanted))
            if likeness >= _LIKELY and (best is None or likeness > best.likeness):
                best = Holder(attribute.fact.owner, name, round(likeness, 2))
    return best


def _title(pack: Pack, name: str, lang: str) -> str:
    words = pack.words.get(lang) or pack.words.get("zh")
    told = words.requirements.get(name) if words else None
    return told.title if told else name


def _cited(pack: Pack, requirement: Requirement) -> str:
    return "".join(clause.text for clause in pack.clauses if clause.anchor in requirement.cites)


def _clauses(pack: Pack, fact: str) -> str:
    """The words of the clauses whose requirements read a fact."""
    readers = [each for each in pack.requirements.values() if any(fact in str(a.when) for a in each.alternatives)]
    return "".join(_cited(pack, each) for each in readers)
