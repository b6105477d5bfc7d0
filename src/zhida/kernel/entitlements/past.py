"""What a subject has been granted before, as its next assessment must know it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Item
from zhida.domain.rules.engines.evaluation import Evaluation
from zhida.domain.rules.engines.subject import Subject
from zhida.domain.values import Fact, FactKey, Facts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.keys import held_keys, quota_stem
from zhida.kernel.entitlements.models import Entitlement, Uniqueness
from zhida.kernel.entitlements.stacking import Stacking, stacking_of

GRANTS = FactKey("grants")
_SOURCE = "zhida"
_AT_ONCE = 5_000

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Past:
    """For some items and one subject: who holds which key, where each group stands, which quotas are full."""

    subject_id: str
    day: date
    holders: Mapping[str, str]
    groups: Mapping[str, Stacking]
    full: frozenset[str]

    def holder_for_subject(self, item: Item) -> str:
        """The grant that holds one of the item's keys of this subject, or ""."""
        return self._holder(subject_keys(item, self.subject_id, self.day)) if self.holders else ""

    def holder_for_record(self, item: Item, record: Record) -> str:
        """The grant, of whomever, that holds a key of this record, or ""; "" too where the record does not know it."""
        return self._holder(record_keys(item, self.subject_id, self.day, record))

    def touches(self, item: Item) -> bool:
        """Whether what was granted before may change what the rules alone say of an item."""
        standing = self.groups.get(item.group)
        is_held = bool(item.for_each or item.counts or self.holder_for_subject(item))
        return is_held or item.id in self.full or bool(standing and standing.grant_ids)

    def _holder(self, keys: Sequence[str]) -> str:
        return next((self.holders[key] for key in held_keys(keys) if key in self.holders), "")


class Inquiry(NamedTuple):
    """Items to be assessed for one subject on a day, with what is known of it."""

    items: Collection[PublishedItem]
    subject_id: str
    facts: Facts
    day: date


def past_of(items: Collection[PublishedItem], subject_id: str, facts: Facts, day: date) -> Past:
    """Reads all that the items could collide with, in a few queries for any number of items."""
    return pasts_of([Inquiry(items, subject_id, facts, day)])[0]


def pasts_of(inquiries: Sequence[Inquiry]) -> tuple[Past, ...]:
    """What each inquiry's items could collide with; the keys that are held are asked for once."""
    wanted = {
        key
        for items, subject_id, facts, day in inquiries
        for published in items
        for key in _keys_of(published.item, subject_id, facts, day)
    }
    held = holders_of(held_keys(sorted(wanted)))
    quotas = {published.item.id: published.item for each in inquiries for published in each.items}
    full = frozenset(item.id for item in quotas.values() if is_full(item, places_taken(item)))
    return tuple(Past(each.subject_id, each.day, held, _standings(each), full) for each in inquiries)


def _standings(inquiry: Inquiry) -> dict[str, Stacking]:
    grouped = {published.item.group: published.revision_id for published in inquiry.items if published.item.group}
    return {
        name: stacking_of(catalogue.group_of(revision_id, name), inquiry.subject_id, inquiry.day)
        for name, revision_id in grouped.items()
    }


def holders_of(keys: Sequence[str]) -> dict[str, str]:
    """Which of these keys are held, and by which grant."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        found.update(Uniqueness.objects.filter(key__in=part).values_list("key", "entitlement_id"))
    return found


def places_taken(item: Item) -> int:
    """How many places of an item's quota are granted in this round."""
    return Uniqueness.objects.filter(key__startswith=quota_stem(item)).count() if item.quota else 0


def is_full(item: Item, taken: int) -> bool:
    """Whether an item limits its places and so many taken leave none."""
    return item.quota is not None and item.quota.n is not None and taken >= item.quota.n


def with_grants(facts: Mapping[str, Facts], day: date) -> dict[str, Facts]:
    """The facts of each subject with its living grants as the relation `grants`, complete by definition."""
    rows = Entitlement.objects.filter(subject_id__in=facts, revocation=None).order_by("id")
    records: dict[str, list[Record]] = {subject_id: [] for subject_id in facts}
    for subject_id, item, granted_on, amount_fen in rows.values_list("subject_id", "item", "granted_on", "amount_fen"):
        records[subject_id].append({"item": item, "granted_on": granted_on, "amount_fen": amount_fen or 0})
    return {
        subject_id: known.with_facts({GRANTS: Fact(tuple(records[subject_id]), _SOURCE, day)})
        for subject_id, known in facts.items()
    }


def without_used(item: Item, facts: Facts, past: Past) -> Facts:
    """The facts without those counted records that another grant has used up."""
    if item.counts is None:
        return facts
    key = FactKey(item.counts.relation)
    held = facts.get(key)
    if held is None:
        return facts
    left = tuple(record for record in held.value if not past.holder_for_record(item, record))
    return facts.with_facts({key: Fact(left, held.source, held.observed_on)})


def claim_keys(
    item: Item, subject_id: str, facts: Facts, day: date, *, record: Record | None = None, instalment: int = 1
) -> tuple[str, ...]:
    """The keys that a grant of the item takes: with `record` the one claimed, else those the item counts.

    Raises InvariantBroken where a record does not know a field that a key needs.
    """
    records = [record] if record is not None else counted(item, facts, day)
    return item.keys_of(subject_id, day, instalment=instalment, records=records)


def counted(item: Item, facts: Facts, day: date) -> tuple[Record, ...]:
    """The records that a grant of the item uses up: those for which its `counts.where` surely holds."""
    if item.counts is None:
        return ()
    held = facts.get(FactKey(item.counts.relation))
    records: tuple[Record, ...] = tuple(held.value) if held else ()
    where = item.counts.where
    if where is None:
        return records
    schema = item.program.schema
    evaluation = Evaluation(Subject(schema, facts, day), item.program.within)
    singular = schema.relations[item.counts.relation].singular
    members = evaluation.named(item.counts.relation).items
    return tuple(
        record
        for record, (member, _) in zip(records, members, strict=True)
        if evaluation.value(where, {**evaluation.scope, singular: member}) is True
    )


def subject_keys(item: Item, subject_id: str, day: date) -> tuple[str, ...]:
    """The keys that do not speak of a record."""
    return item.keys_of(subject_id, day, only=lambda parts: not _is_of_record(parts))


def record_keys(item: Item, subject_id: str, day: date, record: Record) -> tuple[str, ...]:
    """The keys that speak of a record; none where it does not know a field that they need."""
    try:
        return item.keys_of(subject_id, day, records=[record], only=_is_of_record)
    except InvariantBroken:
        return ()


def _keys_of(item: Item, subject_id: str, facts: Facts, day: date) -> Iterable[str]:
    yield from subject_keys(item, subject_id, day)
    relation = item.for_each or (item.counts.relation if item.counts else "")
    held = facts.get(FactKey(relation)) if relation else None
    for record in held.value if held else ():
        yield from record_keys(item, subject_id, day, record)


def _is_of_record(parts: Sequence[str]) -> bool:
    return any(part.startswith("record.") for part in parts)
