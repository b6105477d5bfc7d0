"""Charts as plain shapes: lengths in per cent, ready to be SVG attributes. Every chart's page also holds its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

FAR = Decimal("0.8333")


@dataclass(frozen=True)
class Segment:
    """A stretch of a bar: what fills it (`ink`, `accent`, `hatch`, `free`), its beginning and length in per cent."""

    fill: str
    start: str
    width: str


def _per_cent(share: Decimal) -> str:
    return f"{max(Decimal(0), min(share, Decimal(1))) * 100:.2f}%"


def bar(whole: int, parts: Sequence[tuple[str, int]]) -> tuple[Segment, ...]:
    """A bar of `whole` units cut into (fill, units), laid end to end; empty parts are left out."""
    segments: list[Segment] = []
    reached = Decimal(0)
    for fill, units in parts:
        share = Decimal(units) / whole if whole else Decimal(0)
        if share > 0:
            segments.append(Segment(fill, _per_cent(reached), _per_cent(share)))
        reached += share
    return tuple(segments)


@dataclass(frozen=True)
class Ruler:
    """How far a value is from the bound it must reach. Positions in per cent; words for those who do not see."""

    at: str
    need: str
    between: tuple[str, str]
    at_words: str
    need_words: str
    label: str
    at_anchor: str
    need_anchor: str


def ruler(value: Decimal, bound: Decimal, *, at_words: str, need_words: str, label: str) -> Ruler:
    """A straight line from zero: where the value stands, where the bound stands. Both are >= 0."""
    whole = max(value, bound) / FAR or Decimal(1)
    here, there = value / whole, bound / whole
    return Ruler(
        at=_per_cent(here),
        need=_per_cent(there),
        between=(_per_cent(min(here, there)), _per_cent(max(here, there))),
        at_words=at_words,
        need_words=need_words,
        label=label,
        at_anchor="end" if here > Decimal("0.5") else "start",
        need_anchor="end" if there > Decimal("0.5") else "start",
    )


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel: how many are still here, what the bar shows, and what was lost on the way to it."""

    name: str
    count: int
    lost: int
    share: str
    words: str
    segments: tuple[Segment, ...]
    is_worst: bool


def funnel(stages: Sequence[tuple[str, int, str]]) -> tuple[Stage, ...]:
    """Stages as (name, count, what was lost and why), each measured against the first; the largest loss is marked."""
    whole = stages[0][1] if stages else 0
    counts = [count for _, count, _ in stages]
    losses = [0, *(max(0, before - after) for before, after in pairwise(counts))][: len(stages)]
    worst = max(losses, default=0)
    return tuple(
        Stage(
            name,
            count,
            lost,
            f"{Decimal(count) / whole:.1%}" if whole else "",
            words,
            bar(whole, [("ink", count), ("hatch-most" if lost == worst else "hatch", lost)]),
            lost == worst and lost > 0,
        )
        for (name, count, words), lost in zip(stages, losses, strict=True)
    )
