"""What an evaluation tells. A count of fewer than `bound` is HIDDEN, and so is whatever would give it away."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from zhida.domain.proofs import canonical_json
from zhida.domain.scenarios import Cell

HIDDEN = -1


@dataclass(frozen=True)
class Forecast:
    """What a simulation of an item foretold for the year: subjects and fen, and the range of what is asked for."""

    simulation: str
    made_on: date
    subjects: int
    fen: int
    low_fen: int
    high_fen: int


@dataclass(frozen=True)
class Voices:
    """What people said of a policy in the year: messages by kind, those that still wait, ratings and their mean."""

    kinds: Mapping[str, int]
    waiting: int
    ratings: int = 0
    mean: float = 0.0


@dataclass(frozen=True)
class Came:
    """What came of an item's claims of a year: how many were handed in, granted, refused, paid, are under way, how many
    no person decided; fen granted and paid."""

    claims: int
    granted: int
    refused: int
    running: int
    automatic: int
    paid: int
    granted_fen: int
    paid_fen: int


@dataclass(frozen=True)
class Refusal:
    """A requirement, and how many refusals name it."""

    requirement: str
    count: int


@dataclass(frozen=True)
class Days:
    """Working days from handing in to the decision: of how many cases, half and nine of ten of which took no longer;
    steps that had a day to be done by, and those of them that were late."""

    cases: int
    half: int
    most: int
    steps: int
    late: int


class Speaks(StrEnum):
    """Whether a source still speaks."""

    ALIVE = "alive"
    OLD = "old"
    NONE = "none"


@dataclass(frozen=True)
class SourceStanding:
    """A fact that the rules read, the office that owns it and its source; `known` subjects of `subjects` in the newest
    snapshot. OLD where any of it is older than the dictionary allows, NONE where nobody has ever told it."""

    attribute: str
    owner: str
    source: str
    speaks: Speaks
    known: int
    subjects: int


@dataclass(frozen=True)
class Review:
    """When a policy ends and is to be looked at again: half a year before its end, or at the end of each year where it
    has none; `is_due` by the day of the evaluation."""

    ends_on: date | None
    review_by: date
    is_due: bool


@dataclass(frozen=True)
class ItemYear:
    """One item: its title in both languages, what was forecast and what came, by place, why claims were refused."""

    item: str
    titles: Mapping[str, str]
    forecast: Forecast | None
    came: Came
    places: Cell
    refusals: tuple[Refusal, ...]
    days: Days | None


@dataclass(frozen=True)
class Evaluation:
    """A policy in one year, as it stood on a day."""

    pack_id: str
    revision: str
    titles: Mapping[str, str]
    number: str
    year: int
    on: date
    bound: int
    items: tuple[ItemYear, ...]
    voices: Voices
    sources: tuple[SourceStanding, ...]
    review: Review

    def record(self) -> dict[str, Any]:
        """As JSON values; -1 stands for what is told of too few."""
        told: dict[str, Any] = _plain(asdict(self))
        for shown, item in zip(told["items"], self.items, strict=True):
            shown["places"] = item.places.record()
        return told

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the record."""
        return hashlib.sha256(canonical_json(self.record())).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, float) else value


def shielded(came: Came, bound: int) -> Came:
    """What came, without small counts: where one part of the claims is small, the next smallest is hidden too, so that
    it cannot be told from the rest; sums go with their counts."""
    if 0 < came.claims < bound:
        return Came(*[HIDDEN] * 8)
    parts = {name: getattr(came, name) for name in ("granted", "refused", "running")}
    hidden = set(_small(parts, bound))
    for name, whole in (("paid", came.granted), ("automatic", came.granted + came.refused)):
        value = getattr(came, name)
        if 0 < value < bound or 0 < whole - value < bound:
            hidden.add(name)
    fen = {"granted_fen"} if "granted" in hidden else set()
    fen |= {"paid_fen"} if hidden & {"paid", "granted"} else set()
    hidden |= {"paid"} if "granted" in hidden else set()
    return Came(*(HIDDEN if name in hidden | fen else value for name, value in vars(came).items()))


def _small(parts: Mapping[str, int], bound: int) -> Sequence[str]:
    small = [name for name, count in parts.items() if 0 < count < bound]
    others = sorted((count, name) for name, count in parts.items() if count >= bound)
    return [*small, *(name for _, name in others[:1])] if len(small) == 1 else small
