"""What an assessment says: an answer, an amount, the reason for each requirement, and what is missing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zhida.domain.values import FactKey


@dataclass(frozen=True)
class Unknown:
    """No value is known; `missing` are the facts that could tell. Never equal to a value, and not FEEL's null."""

    missing: tuple[FactKey, ...] = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false")


UNKNOWN = Unknown()


class Answer(StrEnum):
    """The answer to a person."""

    ENTITLED = "entitled"
    POSSIBLE = "possible"
    NOT = "not"


class AmountState(StrEnum):
    """Whether an amount is known; none where the item or its table gives none."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NONE = "none"


class Met(StrEnum):
    """The answer of one requirement or alternative."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Reserved(StrEnum):
    """Reasons that no pack writes: they come first, and only when not met (or not yet known)."""

    OUT_OF_FORCE = "out_of_force"
    WRONG_REGION = "wrong_region"
    ALREADY_GRANTED = "already_granted"
    EXCLUDED_BY_GROUP = "excluded_by_group"
    QUOTA = "quota"
    NO_RECORD = "no_record"


@dataclass(frozen=True)
class FactUse:
    """A fact that was read: its value or UNKNOWN, who says so and as of when, and what was needed (`>= 12`)."""

    key: FactKey
    value: Any
    source: str = ""
    observed_on: date | None = None
    needed: str = ""


@dataclass(frozen=True)
class ReasonAnswer:
    """One requirement's answer. `clauses` are those that decided it; `note` is what an outside decision said."""

    requirement: str
    kind: str
    answer: Met
    alternatives: tuple[tuple[str, Met, tuple[str, ...]], ...] = ()
    clauses: tuple[str, ...] = ()
    uses: tuple[FactUse, ...] = ()
    missing: tuple[FactKey, ...] = ()
    note: str = ""

    def record(self) -> dict[str, Any]:
        """The reason as the command line prints it; `words` are filled in by whoever speaks to people."""
        return {
            "requirement": str(self.requirement),
            "answer": str(self.answer),
            "clauses": list(self.clauses),
            "words": "",
        }


@dataclass(frozen=True)
class Assessment:
    """One item assessed for one subject. `amount_fen` is whole fen where the amount is known. `missing` are the facts
    that can still change the answer or the amount, none where the answer is not. `each` holds (record index,
    assessment) for an item with one claim per record."""

    item: str
    answer: Answer
    amount: AmountState
    amount_fen: int | None
    reasons: tuple[ReasonAnswer, ...]
    missing: tuple[FactKey, ...] = ()
    each: tuple[tuple[int, Assessment], ...] = ()
    amount_missing: tuple[FactKey, ...] = ()
    amount_uses: tuple[FactUse, ...] = ()

    @property
    def because(self) -> tuple[str, ...]:
        """The requirements that are not met."""
        return tuple(reason.requirement for reason in self.reasons if reason.answer is Met.NOT_MET)

    def record(self) -> dict[str, Any]:
        """The assessment as JSON-able values, the shape that the command line prints."""
        record: dict[str, Any] = {
            "item": self.item,
            "answer": str(self.answer),
            "amount": str(self.amount),
            "reasons": [reason.record() for reason in self.reasons],
            "missing": [str(key) for key in self.missing],
        }
        if self.amount_fen is not None:
            record["amount_fen"] = self.amount_fen
        if self.each:
            record["each"] = [{"index": index, **assessment.record()} for index, assessment in self.each]
        return record

    @property
    def digest(self) -> str:
        """SHA-256 in hex over the canonical JSON of the record and of every fact read: what the ledger keeps."""
        trace = {"record": self.record(), "uses": [_use(use) for reason in self.reasons for use in reason.uses]}
        trace["amount_uses"] = [_use(use) for use in self.amount_uses]
        written = json.dumps(trace, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(written.encode()).hexdigest()


def _use(use: FactUse) -> dict[str, str]:
    value = format(use.value, "f") if isinstance(use.value, Decimal) else str(_in_order(use.value))
    return {"key": str(use.key), "value": value, "source": use.source, "observed_on": str(use.observed_on or "")}


def _in_order(value: Any) -> Any:
    """Records with their fields in one order: stored and read again, they leave the same trace."""
    if isinstance(value, tuple):
        return tuple(dict(sorted(each.items())) if isinstance(each, Mapping) else each for each in value)
    return value


class Changes(StrEnum):
    """What a missing fact can still change."""

    ANSWER = "answer"
    AMOUNT = "amount"
    BOTH = "both"


@dataclass(frozen=True)
class Question:
    """A fact worth asking for. `settles` counts the requirements and amounts that have nothing unknown left once this
    question and those before it are answered."""

    key: FactKey
    changes: Changes
    settles: int
