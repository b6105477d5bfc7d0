"""Frozen records that entitlements hand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Grant:
    """A benefit granted; `amount_fen` is None where the benefit is no money, `revoked_at` None while it stands."""

    id: str
    case_id: str
    subject_id: str
    item_id: str
    group: str
    revision_id: str
    amount_fen: int | None
    period: str
    keys: tuple[str, ...]
    granted_at: datetime
    granted_on: date
    revoked_at: datetime | None
    revoked_because: str


@dataclass(frozen=True)
class Run:
    """One screening. `inputs` name the snapshots, the overlay watermark, the plan and the date; `root` proves the rest.

    `fallbacks` count the rows that the exact engine decided, by the expression that columns could not do.
    """

    id: str
    as_of_on: date
    inputs: Mapping[str, Any]
    root: str
    subjects: int
    items: int
    entitled: int
    possible: int
    overlaid: int
    fallbacks: Mapping[str, int]
    ran_at: datetime
    entry_id: str


@dataclass(frozen=True)
class Count:
    """One item in one region: how many are entitled and possible, and the known amounts in fen.

    `amount_unknown` counts the entitled whose amount is not known.
    """

    item_id: str
    owner_office: str
    region: str
    entitled: int
    possible: int
    amount_unknown: int
    amount_fen: int


@dataclass(frozen=True)
class Screened:
    """One item of a run over all regions of the scope, with zeros where nobody was found; amounts in fen."""

    item_id: str
    owner_office: str
    revision_id: str
    audience: str
    entitled: int
    possible: int
    amount_unknown: int
    amount_fen: int


@dataclass(frozen=True)
class Result:
    """One subject and one item of a run; `amount_fen` is None where the amount is unknown or there is none."""

    subject_id: str
    item_id: str
    region: str
    is_entitled: bool
    amount_fen: int | None


class Change(StrEnum):
    """How a subject's standing differs between two runs."""

    NEWLY_ENTITLED = "newly_entitled"
    NO_LONGER = "no_longer"
    AMOUNT_CHANGED = "amount_changed"
    NOW_KNOWN = "now_known"


@dataclass(frozen=True)
class Difference:
    """One subject whose standing changed for one item. Amounts are fen, None where unknown or not entitled."""

    subject_id: str
    item_id: str
    region: str
    change: Change
    amount_fen: int | None
    amount_before_fen: int | None


@dataclass(frozen=True)
class Reached:
    """Whom an item reaches among everyone of a run: how many, the known amounts in fen, and for how many the item's
    standing in that run would change how."""

    run_id: str
    entitled: int
    possible: int
    amount_fen: int
    changes: Mapping[Change, int]
