"""What a made-up item says, wherever it applies: its requirements and its money. Many items share a body."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhida.services.demonstration.generation.province.conditions import Condition, Source, draw
from zhida.services.demonstration.generation.province.writing import Plain


class Choice:
    """A draw among words of unequal weight."""

    def __init__(self, weights: Mapping[Any, int]) -> None:
        self._words = list(weights)
        shares = np.cumsum(np.array([*weights.values()], dtype=np.float64))
        self._ends = (shares / shares[-1]).tolist()

    def draw(self, rng: np.random.Generator) -> Any:
        """One of the words."""
        return self._words[bisect_right(self._ends, rng.random())]


_LEAVES = Choice({2: 2, 3: 8, 4: 14, 5: 19, 6: 19, 7: 15, 8: 11, 9: 5, 10: 3, 11: 2, 12: 1, 13: 1})
_KINDS = Choice({"number": 34, "boolean": 24, "closed": 14, "codes": 12, "texts": 8, "date": 8})
_SUMS = Choice({1: 10, 2: 14, 3: 14, 5: 18, 8: 6, 10: 16, 20: 10, 30: 5, 50: 4, 100: 2, 200: 1})
_EITHER = 0.12


@dataclass(frozen=True)
class Requirement:
    """One requirement: a condition, or either of several; `named` says that each of these has a reason of its own."""

    conditions: tuple[Condition, ...]
    named: bool = False

    @property
    def text(self) -> str:
        """The whole as one expression."""
        return " or ".join(condition.text for condition in self.conditions)

    @property
    def words(self) -> str:
        """The whole in Chinese."""
        return "，或".join(condition.words for condition in self.conditions)


@dataclass(frozen=True)
class Body:
    """Requirements, and how much: `amount` and `table` as rules.yaml has them, both empty where nothing is paid."""

    requirements: tuple[Requirement, ...]
    amount: Mapping[str, Plain]
    table: Mapping[str, Plain]
    much: str


def draw_body(source: Source, seed: int, number: int) -> Body:
    """The body of a number, the same whatever else is drawn: 2 to 13 conditions, 6 in the mean, on different facts."""
    rng = np.random.default_rng([seed, 4, number])
    wanted = _LEAVES.draw(rng)
    conditions: dict[str, Condition] = {}
    while len(conditions) < wanted:
        name = _fact(source, rng)
        if name not in conditions:
            conditions[name] = draw(source, name, rng)
    left, requirements = [*conditions.values()], []
    while left:
        many = int(rng.integers(2, 4)) if rng.random() < _EITHER else 1
        requirements.append(Requirement(tuple(left[:many]), named=len(left[:many]) > 1 and rng.random() < 0.3))
        left = left[many:]
    return Body(tuple(requirements), *_money(source, rng))


def _fact(source: Source, rng: np.random.Generator) -> str:
    found = source.by_kind[_KINDS.draw(rng)]
    return found[int(rng.integers(len(found)))]


def _money(source: Source, rng: np.random.Generator) -> tuple[Mapping[str, Plain], Mapping[str, Plain], str]:
    """Half fixed sums, then rates with a cap, bands, units counted at falling rates, and services without money."""
    way = rng.random()
    if way < 0.5:
        fen = _sum(rng)
        return {"is": str(fen)}, {}, f"{fen // 100} 元"
    if way < 0.72:
        return _rate(source, rng)
    if way < 0.86:
        return _bands(rng)
    if way < 0.9:
        return _units(rng)
    return {}, {}, "服务"


def _rate(source: Source, rng: np.random.Generator) -> tuple[Mapping[str, Plain], Mapping[str, Plain], str]:
    paid = [fact for fact in source.facts.values() if fact.unit == "fen"]
    fact, share, cap = paid[int(rng.integers(len(paid)))], int(rng.integers(1, 21)), _sum(rng) * 10
    spoken = f"{fact.name}(year - 1)" if fact.period == "year" else fact.name
    much = f"{source.called(fact.name)}的 {share}%，最高 {cap // 100} 元"
    return {"is": f"min(floor({spoken} * {share / 100:.2f}), {cap})"}, {}, much


def _bands(rng: np.random.Generator) -> tuple[Mapping[str, Plain], Mapping[str, Plain], str]:
    fen = _sum(rng)
    if rng.random() < 0.5:
        rows = [{"enterprise_size": size, "gives": str(fen * times)} for size, times in (("large", 4), ("medium", 2))]
        rows.append({"enterprise_size": ["small", "micro"], "gives": str(fen)})
        return {}, {"hit": "unique", "by": ["enterprise_size"], "rows": rows}, f"按规模 {fen // 100} 元起"
    floor = int(rng.choice([500, 1_000, 2_000, 5_000])) * 1_000_000
    bounds = ((floor * 20, 8), (floor * 5, 3), (floor, 1))
    rows = [{"revenue": f">= {bound}", "gives": str(fen * times)} for bound, times in bounds]
    table = {"hit": "first", "by": {"revenue": "revenue_fen(year - 1)"}, "rows": rows, "cap": str(fen * 6)}
    return {}, table, f"按年营业收入分档，{fen // 100} 元起"


def _units(rng: np.random.Generator) -> tuple[Mapping[str, Plain], Mapping[str, Plain], str]:
    each, bound = int(rng.integers(5, 30)) * 10_000, int(rng.choice([5, 10, 20]))
    rows = [{"heads": f"(0..{bound}]", "gives": str(each)}, {"heads": f"> {bound}", "gives": str(each // 2)}]
    table = {"hit": "marginal", "by": {"heads": "graduates_hired"}, "rows": rows, "cap": str(each * 50)}
    return {}, table, f"每人 {each // 100} 元，超过 {bound} 人的部分减半"


def _sum(rng: np.random.Generator) -> int:
    """A sum of money that somebody would write, in fen: 10,000 to 2 million yuan, small ones likelier."""
    return int(_SUMS.draw(rng)) * 1_000_000
