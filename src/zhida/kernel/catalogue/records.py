"""Frozen records that the catalogue hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.domain.packs import Item, Pack


@dataclass(frozen=True)
class PublishedItem:
    """An item in force, with the pack it stands in and the revision that a case would pin."""

    item: Item
    pack: Pack
    revision_id: str


@dataclass(frozen=True)
class RevisionRecord:
    """A revision of a policy and its searchable face. Dates are half-open; `withdrawn_at` is None while it stands."""

    id: str
    pack_id: str
    number: int
    hash: str
    tier: str
    region: str
    owner_office: str
    issuer_office: str
    replaces: str
    document_number: str
    document_title: str
    title_zh: str
    title_en: str
    plain_zh: str
    plain_en: str
    topics: tuple[str, ...]
    issued_on: date | None
    valid_from: date | None
    valid_to: date | None
    published_at: datetime
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_because: str


@dataclass(frozen=True)
class ItemCard:
    """What a list shows of an item: no rules, no parse. Dates are half-open."""

    item_id: str
    pack_id: str
    revision_id: str
    tier: str
    audience: str
    claim: str
    benefit: str
    region: str
    owner_office: str
    title_zh: str
    title_en: str
    how_much_zh: str
    how_much_en: str
    group: str
    measure: str
    budget_line: str
    window_from: date | None
    window_to: date | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True)
class ClauseRecord:
    """A clause of the issued text."""

    anchor: str
    number: str
    heading: str
    text: str
