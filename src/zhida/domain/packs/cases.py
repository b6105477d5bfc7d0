"""Golden cases: named firms, people and households with what is known of them, and what each item must answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from zhida.domain.packs.source.nodes import Spot
from zhida.domain.values import Facts


@dataclass(frozen=True)
class Expectation:
    """What a case expects of one item; None means not looked at. `because` are the requirements not met, `missing` the
    attributes (or written fact keys) still wanted, `each` the expectation for each record by its index."""

    answer: str
    amount: str | None = None
    amount_fen: int | None = None
    because: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    each: Mapping[int, Expectation] = field(default_factory=dict)


@dataclass(frozen=True)
class GoldenCase:
    """One case. `rulings` are a reviewer's answers, `held` reserved reasons decided outside (already_granted …)."""

    name: str
    as_of: date
    facts: Facts
    rulings: Mapping[str, bool]
    held: Mapping[str, str]
    expected: Mapping[str, Expectation]
    spot: Spot
