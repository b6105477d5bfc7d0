"""Policies as lists show them, kept by a process while the catalogue stands: a list reads only those it has not had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.values import local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard, RevisionRecord
from zhida.surfaces.look.kept_pages import standing
from zhida.surfaces.look.parts import NEAR, NO, YES
from zhida.surfaces.look.recent import Recent
from zhida.surfaces.look.telling.policies import state_of, window_of

MOST_CARDS = 10_000


@dataclass(frozen=True)
class Shelved:
    """A policy in force with its items, and the mark of the day: open where one of its items is."""

    record: RevisionRecord
    cards: tuple[ItemCard, ...]
    mark: str


_shelf: Recent[Shelved] = Recent(MOST_CARDS)
_deadlines: Recent[dict[str, date]] = Recent(2)


def shelved(pack_ids: Collection[str], as_of: datetime) -> dict[str, Shelved]:
    """Those of some policies that are in force, by id; two queries where one of them has not been read before."""
    stands = standing(as_of)
    found = {name: kept for name in pack_ids if (kept := _shelf.get((stands, name))) is not None}
    missing = [name for name in pack_ids if name not in found]
    if not missing:
        return found
    cards: dict[str, list[ItemCard]] = defaultdict(list)
    for card in catalogue.item_cards(as_of=as_of, pack_ids=missing):
        cards[card.pack_id].append(card)
    for record in catalogue.policies(as_of=as_of, pack_ids=missing):
        own = tuple(cards[record.pack_id])
        one = Shelved(record, own, _mark(own, local_date(as_of)))
        found[record.pack_id] = _shelf.put((stands, record.pack_id), one, size=len(own) + 1)
    return found


def deadlines(as_of: datetime) -> dict[str, date]:
    """As the catalogue tells them, asked once while it stands."""
    return _deadlines.take(standing(as_of), lambda: catalogue.deadlines(as_of=as_of))


def _mark(cards: Collection[ItemCard], today: date) -> str:
    marks = {state_of(window_of(card), today)[0] for card in cards}
    return next((mark for mark in (YES, NEAR, NO) if mark in marks), YES)
