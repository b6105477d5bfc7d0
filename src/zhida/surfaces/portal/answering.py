"""What a subject is, or may be, entitled to: found among everything in force by columns, explained one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import islice

from zhida.domain.rules import Answer, Assessment
from zhida.domain.values import Facts, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.past import Inquiry
from zhida.kernel.registry.records import SubjectRecord
from zhida.surfaces.look.kept_pages import standing
from zhida.surfaces.look.recent import Recent

FEW, POSSIBLE, NEIGHBOURS = 300, 60, 12
MOST_ITEMS = 20_000


@dataclass(frozen=True)
class Answered:
    """One item's answer, and the sum in fen that it surely gives (else None); `found` gives the whole with reasons."""

    published: PublishedItem
    answer: Answer
    amount_fen: int | None
    assess: Callable[[], Assessment]

    @cached_property
    def found(self) -> Assessment:
        """The assessment, made when a page shows it."""
        return self.assess()


_items: Recent[dict[str, PublishedItem]] = Recent(1)
_counts: Recent[int] = Recent(16)


def answers(subject: SubjectRecord, facts: Facts, as_of: datetime) -> tuple[Answered, ...]:
    """By item id all that the subject is entitled to or may be, its grants counted; what it is refused is left out.

    Only what earlier grants could change is asked one by one: of the rest the answer over columns is the answer.
    """
    screened = entitlements.screen_facts(subject.kind, facts, as_of=as_of)
    items = in_force({*screened.entitled, *screened.possible}, as_of)
    day = local_date(as_of)
    (past,) = entitlements.pasts_of([Inquiry(items, subject.id, facts, day)])
    told = []
    for one in items:
        fen = screened.entitled.get(one.item.id, -1)
        answer = Answer.ENTITLED if one.item.id in screened.entitled else Answer.POSSIBLE
        whole = partial(entitlements.assess_facts, one, subject.id, facts, day, past=past)
        if past.touches(one.item):
            found = whole()
            answer, fen = found.answer, -1 if found.amount_fen is None else found.amount_fen
        told.append(Answered(one, answer, fen if fen >= 0 and answer is Answer.ENTITLED else None, whole))
    return tuple(each for each in told if each.answer is not Answer.NOT)


def considered(kind: SubjectKind, known: Collection[Facts], as_of: datetime) -> tuple[PublishedItem, ...]:
    """The items that a calculator asks one by one, by item id: every one where few are in force for the kind.

    Where there are more than 300: what somebody with one of these facts is entitled to, at most 60 that it may be, and
    a dozen neighbours of those in the same policies, to show what refuses.
    """
    if _count(kind, as_of) <= FEW:
        return catalogue.items(as_of=as_of, audience=kind)
    wanted: set[str] = set()
    for facts in known:
        found = entitlements.screen_facts(kind, facts, as_of=as_of)
        wanted |= {*found.entitled, *sorted(found.possible)[:POSSIBLE]}
    items = in_force(wanted, as_of)
    near = islice(_neighbours(items, wanted), NEIGHBOURS)
    return tuple(sorted((*items, *near), key=lambda one: one.item.id))


def in_force(item_ids: Collection[str], as_of: datetime) -> tuple[PublishedItem, ...]:
    """Those of some items that are in force, by item id; kept by a process while the catalogue stands."""
    held = _items.take(standing(as_of), dict)
    if len(held) > MOST_ITEMS:
        held.clear()
    found = {name: one for name in item_ids if (one := held.get(name)) is not None}
    missing = [name for name in item_ids if name not in found]
    fresh = catalogue.items(as_of=as_of, item_ids=missing) if missing else ()
    held.update((one.item.id, one) for one in fresh)
    return tuple(sorted((*found.values(), *fresh), key=lambda one: one.item.id))


def _count(kind: SubjectKind, as_of: datetime) -> int:
    """How many items are in force for a kind, as far as it matters."""
    limit = FEW + 1
    key = (standing(as_of), kind)
    return _counts.take(key, lambda: len(catalogue.item_cards(as_of=as_of, audience=kind, limit=limit)))


def _neighbours(items: Collection[PublishedItem], but: Collection[str]) -> Iterator[PublishedItem]:
    packs = {one.revision_id: one for one in items}
    for one in packs.values():
        others = (item for item in one.pack.items.values() if item.audience == one.item.audience)
        yield from (PublishedItem(item, one.pack, one.revision_id) for item in others if item.id not in but)
