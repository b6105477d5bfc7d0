"""Facts about one subject: a value for an attribute and a period, with source and date. A missing key is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.values.period import Period, Span


@dataclass(frozen=True)
class FactKey:
    """An attribute, and the period it speaks of where it has one. Written `name`, `name@2025`, `name@2025-06`
    or, for an interval fact, `name@2025-01-01/2026-01-01`. Keys sort as they are written."""

    attribute: str
    period: Period | Span | None = None

    @classmethod
    def parse(cls, text: str) -> FactKey:
        """Reads the written form. Raises InvariantBroken for anything else, a malformed period above all."""
        attribute, at, written = text.partition("@")
        key = cls(attribute, _period_of(written) if at else None)
        if not attribute or str(key) != text:
            raise InvariantBroken("malformed_fact_key", f"{text!r} is not <attribute> or <attribute>@<period>")
        return key

    def __lt__(self, other: FactKey) -> bool:
        return str(self) < str(other)

    def __str__(self) -> str:
        return self.attribute if self.period is None else f"{self.attribute}@{self.period}"


def _period_of(written: str) -> Period | Span:
    if "/" not in written:
        return Period.parse(written)
    start, _, end = written.partition("/")
    try:
        return Span(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)
    except ValueError as error:
        raise InvariantBroken("malformed_period", f"{written!r} is not a span of dates") from error


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
