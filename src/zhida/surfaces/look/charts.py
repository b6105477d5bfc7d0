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


STEPS = (Decimal("0.5"), Decimal("0.7"), Decimal("0.8"), Decimal("0.9"))
_TILE, _GAP = 68, 4


@dataclass(frozen=True)
class Tile:
    """One place of a tile map: where its square stands, its step of five (1 the lowest), its name and its share."""

    x: int
    y: int
    step: int
    name: str
    words: str
    is_lowest: bool

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + _TILE // 2

    @property
    def lines(self) -> tuple[int, int]:
        """The base lines of its name and of its share."""
        return (self.y + 29, self.y + 51)

    @property
    def size(self) -> str:
        """How large the name can be written within its square; a Latin letter takes about half of a character."""
        wide = sum(1 if one > "\u2e80" else 0.55 for one in self.name)
        return str(max(8, min(15, int((_TILE - 6) / max(wide, 1)))))


@dataclass(frozen=True)
class TileMap:
    """A map of equal squares, one a place, in rows of `columns`; sizes in the drawing's own units."""

    tiles: tuple[Tile, ...]
    width: int
    height: int
    key: tuple[tuple[int, str], ...]


def tile_map(places: Sequence[tuple[str, Decimal]], columns: int = 4) -> TileMap:
    """Places as (name, share of 1) in the order given; the lowest is marked where they are not all alike."""
    lowest = min((share for _, share in places), default=Decimal(0))
    is_apart = any(share != lowest for _, share in places)
    tiles = tuple(
        Tile(
            (number % columns) * (_TILE + _GAP) + 2,
            (number // columns) * (_TILE + _GAP) + 2,
            1 + sum(share >= bound for bound in STEPS),
            name,
            f"{share:.1%}",
            is_apart and share == lowest,
        )
        for number, (name, share) in enumerate(places)
    )
    rows = -(-len(places) // columns)
    shown = min(columns, max(1, len(places)))
    bounds = [f"{bound:.0%}" for bound in STEPS]
    pairs = [f"{low} – {high}" for low, high in pairwise(bounds)]
    key = tuple(enumerate((f"< {bounds[0]}", *pairs, f"≥ {bounds[-1]}"), start=1))
    return TileMap(tiles, shown * (_TILE + _GAP), max(1, rows) * (_TILE + _GAP), key)


@dataclass(frozen=True)
class Kept:
    """A promise against what came: both as lengths in per cent of the longest of all."""

    promised: str
    real: str
    is_late: bool


def kept(promised: Decimal, real: Decimal, longest: Decimal) -> Kept:
    """One row of a chart whose longest length is `longest`."""
    whole = longest or Decimal(1)
    return Kept(_per_cent(promised / whole), _per_cent(real / whole), real > promised)
