"""Facts about one subject: a value for an attribute and a period, with its source and date. A missing key is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.domain.values.period import Period, Span


@dataclass(frozen=True, order=True)
class FactKey:
    """An attribute, and the period it speaks of where it has one. Written `name`, `name@2025`, `name@2025-06`
    or, for an interval fact, `name@2025-01-01/2026-01-01`."""

    attribute: str
    period: Period | Span | None = None

    @classmethod
    def parse(cls, text: str) -> FactKey:
        """Reads the written form. Raises InvariantBroken for a malformed period."""
        attribute, _, written = text.partition("@")
        if "/" in written:
            start, _, end = written.partition("/")
            return cls(attribute, Span(date.fromisoformat(start) if start else None, _end_of(end)))
        return cls(attribute, Period.parse(written) if written else None)

    def __str__(self) -> str:
        return self.attribute if self.period is None else f"{self.attribute}@{self.period}"


def _end_of(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class Fact:
    """A value (bool, int, Decimal, str, date, tuple of texts, or tuple of records), who says so, and as of which date.

    Numbers are exact: int or Decimal, money in fen. A relation's value is a tuple of records, each a Mapping from
    field to plain value; a field that a record leaves out is unknown.
    """

    value: Any
    source: str = ""
    observed_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """All that is known of one subject. `region` trees and code lists come with the dictionary, not with the facts."""

    known: Mapping[FactKey, Fact] = field(default_factory=dict)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Facts:
        """Facts from written keys to bare values, without sources: for tests and what-if questions."""
        return cls({FactKey.parse(key): Fact(value) for key, value in values.items()})

    def get(self, key: FactKey) -> Fact | None:
        """The fact, or None where it is unknown."""
        return self.known.get(key)

    def with_facts(self, more: Mapping[FactKey, Fact]) -> Facts:
        """These facts with others laid over them."""
        return Facts({**self.known, **more})

    def __iter__(self) -> Iterator[FactKey]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)
