"""One subject's facts as an evaluation reads them: by period, by age, typed, and remembering what was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import UNKNOWN, FactUse, Unknown
from zhida.domain.rules.engines.values import Members, Record, plain
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import Fact, FactKey, Facts, Period, Span


class Subject:
    """Reads facts for one as_of. `touched` gathers the keys read since it was last emptied."""

    def __init__(self, schema: Schema, facts: Facts, as_of: date) -> None:
        self.schema = schema
        self.facts = facts
        self.as_of = as_of
        self.touched: dict[FactKey, None] = {}
        self.values: dict[FactKey, tuple[Any, Fact | None]] = {}
        self.memory: dict[object, tuple[Any, dict[FactKey, None]]] = {}

    def remember(self, name: object, compute: Callable[[], Any]) -> Any:
        """Computes a named value once, so that no chain of names costs more than its length. What it read counts as
        read again at each use. A name inside itself is unknown, where the checker has not refused it."""
        if name in self.memory:
            value, keys = self.memory[name]
            self.touched.update(keys)
            return value
        outer, self.touched = self.touched, {}
        self.memory[name] = (UNKNOWN, {})
        value = compute()
        self.memory[name] = (value, self.touched)
        outer.update(self.touched)
        self.touched = outer
        return value

    def stored(self, fact: FactType, period: Period | Span | None) -> Any:
        """The stored value of a fact, or UNKNOWN naming its key where it is missing or too old."""
        key = fact.key if period is None else FactKey(fact.name, period)
        self.touched[key] = None
        if (held := self.values.get(key)) is not None:
            return held[0]
        found = self.facts.known.get(key) if fact.period != "interval" else self._holding(key)
        if found is None or (fact.stale_after_days is not None and self._is_stale(fact, found)):
            value: Any = Unknown((key,))
        else:
            value = self._typed(fact, found.value, key)
        self.values[key] = (value, found)
        return value

    def _typed(self, fact: FactType, value: Any, key: FactKey) -> Any:
        if fact.kind != "relation":
            return plain(fact, value, self.schema.code_trees, key)
        relation = self.schema.relations[fact.name]
        if not isinstance(value, list | tuple) or not all(isinstance(fields, Mapping) for fields in value):
            raise InvariantBroken("fact_of_wrong_type", f"{fact.name} is declared as relation, but holds {value!r}")
        return Members.of(Record(relation, fields, self.schema.code_trees) for fields in value)

    def _holding(self, key: FactKey) -> Fact | None:
        """The fact whose span holds the day of `key`; of several the one that begins last."""
        day = key.period.start if isinstance(key.period, Span) else None
        if day is None:
            raise InvariantBroken("interval_without_day", f"{key} names no day to look at")
        spans = [
            (held.period.start or date.min, str(held), fact)
            for held, fact in self.facts.known.items()
            if held.attribute == key.attribute and isinstance(held.period, Span) and day in held.period
        ]
        return max(spans, key=lambda span: span[:2])[2] if spans else None

    def _is_stale(self, fact: FactType, found: Fact) -> bool:
        if fact.stale_after_days is None or found.observed_on is None:
            return False
        return (self.as_of - found.observed_on).days > fact.stale_after_days

    def use(self, key: FactKey, needed: str = "") -> FactUse:
        """How a key that was read shows in a reason."""
        value, found = self.values[key]
        if isinstance(value, Unknown) or found is None:
            return FactUse(key, UNKNOWN, needed=needed)
        return FactUse(key, found.value, found.source, found.observed_on, needed)


def day_span(day: date) -> Span:
    """The span of one day: how a missing interval fact is asked for."""
    return Span(day, day + timedelta(days=1) if day < date.max else None)
