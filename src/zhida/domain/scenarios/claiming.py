"""Not everybody claims what is theirs: who does in a made-up year, and how far the sums may lie from it.

Draws hang on the seed and the subject alone: the same subject draws the same number in every scenario and whatever the
order of the rows, so that scenarios differ by what they change and not by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Whole: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Draws: TypeAlias = NDArray[np.uint64]

ROUNDS = 1_000
FEW = 2_000
"""Up to so many claims each is drawn by itself; above, the sum of so many independent draws is as good as normal."""
_BOUNDS = (5, 50, 95)
_GOLDEN, _MIX_1, _MIX_2 = (np.uint64(each) for each in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class TakeUp(NamedTuple):
    """Which share of those entitled claims, from 0 to 1: the lowest, the likely and the highest that is believed."""

    low: Decimal
    likely: Decimal
    high: Decimal

    @property
    def is_everybody(self) -> bool:
        """Whether there is nothing to draw."""
        return self.low == 1


EVERYBODY = TakeUp(Decimal(1), Decimal(1), Decimal(1))


@dataclass(frozen=True)
class Moments:
    """What a forecast needs of the amounts of those entitled, in fen: how many, their sum, the sum of their squares,
    and the amounts themselves while they are FEW."""

    count: int
    total_fen: int
    squares: float
    few: Whole

    @classmethod
    def of(cls, fen: Whole) -> Moments:
        """The moments of some amounts."""
        few = fen if len(fen) <= FEW else fen[:0]
        return cls(len(fen), int(fen.sum()), float(np.square(fen.astype(np.float64)).sum()), few)

    def __add__(self, other: Moments) -> Moments:
        count = self.count + other.count
        few = np.concatenate([self.few, other.few]) if count <= FEW else self.few[:0]
        return Moments(count, self.total_fen + other.total_fen, self.squares + other.squares, few)


@dataclass(frozen=True)
class Forecast:
    """Claims and fen asked for: the 5th, 50th and 95th of a hundred years, and in how many of them more is asked for
    than there is (`short`, a share; 0 without a budget)."""

    claims: tuple[int, int, int]
    fen: tuple[int, int, int]
    short: float

    def record(self) -> dict[str, Any]:
        """As JSON: the share as thousandths."""
        return {"claims": list(self.claims), "fen": list(self.fen), "short_permille": round(self.short * 1_000)}


def arrivals(subjects: Whole, seed: int) -> Draws:
    """A number for each subject key, evenly spread over 64 bits: its place in a made-up queue (SplitMix64)."""
    return _mixed(subjects, 2 * seed + 1)


def claims(subjects: Whole, take_up: TakeUp, seed: int) -> Mask:
    """Which subjects claim when the likely share does."""
    if take_up.likely == 1:
        return np.ones(len(subjects), dtype=bool)
    found: Mask = _mixed(subjects, 2 * seed) < np.uint64(int(take_up.likely * 2**63) * 2)
    return found


def _mixed(subjects: Whole, salt: int) -> Draws:
    start = np.uint64((int(_GOLDEN) * (salt + 1)) % 2**64)
    mixed = subjects.astype(np.uint64) * _GOLDEN + start
    for shift, factor in ((30, _MIX_1), (27, _MIX_2)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * factor
    return mixed ^ (mixed >> np.uint64(31))


def forecast(moments: Moments, take_up: TakeUp, seed: int, budget_fen: int | None = None) -> Forecast:
    """Claims and sums over ROUNDS made-up years; the same seed gives the same.

    A year's share is drawn from a triangle over low, likely and high, then every subject draws by itself. Only sums of
    more than FEW claims are rounded to what a normal draw gives; with a share of 1 the sums are exact.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    low, likely, high = (float(each) for each in take_up)
    shares = generator.triangular(low, likely, high, ROUNDS) if low < high else np.full(ROUNDS, likely)
    if moments.count == len(moments.few):
        drawn = generator.random((ROUNDS, moments.count)) < shares[:, None]
        counts, sums = drawn.sum(axis=1), drawn @ moments.few
    else:
        counts = generator.binomial(moments.count, shares)
        spread = np.sqrt(np.maximum(shares * (1 - shares), 0) * moments.squares)
        noise = np.rint(generator.standard_normal(ROUNDS) * spread).astype(np.int64)
        means = np.array([round(moments.total_fen * share) for share in shares.tolist()], dtype=np.int64)
        sums = np.clip(means + noise, 0, moments.total_fen)
    short = 0.0 if budget_fen is None else float((sums > budget_fen).mean())
    return Forecast(_bounds(counts), _bounds(sums), short)


def _bounds(values: NDArray[Any]) -> tuple[int, int, int]:
    ordered = np.sort(values)
    low, middle, high = (int(ordered[len(ordered) * bound // 100]) for bound in _BOUNDS)
    return low, middle, high
