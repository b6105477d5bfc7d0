"""Sums by place, industry or size, as a tree of cells in which nobody can be found.

A cell with fewer subjects than the bound in any scenario is folded into the rest of its parent; where the rest itself
would be that few, the next smallest goes with it. So every row adds up to its parent, and no subtraction of what is
shown gives a sum over fewer subjects than the bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.values import CodeTree

Whole: TypeAlias = NDArray[np.int64]
REST = "~"
_LOW_BITS = 26
_EXACT = 2.0**52
"""Whole numbers whose sum is below this add up in floats without a rounding."""


@dataclass(frozen=True, eq=False)
class Dimension:
    """One way to cut a population: `key` is a fact or `region`, `words` its codes, `tree` the tree they stand in. Cells
    are shown `depth` levels deep, below `top` where that is a code."""

    key: str
    words: tuple[str, ...]
    tree: CodeTree | None = None
    top: str = ""
    depth: int = 1


@dataclass(frozen=True, eq=False)
class Cell:
    """One cell: its code (REST for what was folded, "" for those nobody knows), and for each scenario how many subjects
    get something and how many fen; what is below it adds up to it."""

    code: str
    counts: tuple[int, ...]
    fen: tuple[int, ...]
    below: tuple[Cell, ...] = ()
    folded: int = 0

    def record(self) -> dict[str, Any]:
        """As JSON."""
        told: dict[str, Any] = {"code": self.code, "counts": list(self.counts), "fen": list(self.fen)}
        told |= {"folded": self.folded} if self.folded else {}
        return told | ({"below": [one.record() for one in self.below]} if self.below else {})


def sums_by(codes: NDArray[np.int32], fen: Whole, size: int) -> tuple[Whole, Whole]:
    """How many and how many fen, by code from 0 to `size`: exact, though the adding machine counts in floats."""
    counts = np.bincount(codes, minlength=size).astype(np.int64)
    if fen.sum(dtype=np.float64) < _EXACT:
        return counts, np.bincount(codes, weights=fen, minlength=size).astype(np.int64)
    low = np.bincount(codes, weights=(fen & ((1 << _LOW_BITS) - 1)).astype(np.float64), minlength=size)
    high = np.bincount(codes, weights=(fen >> _LOW_BITS).astype(np.float64), minlength=size)
    return counts, low.astype(np.int64) + (high.astype(np.int64) << _LOW_BITS)


def folded(dimension: Dimension, counts: Whole, fen: Whole, bound: int) -> Cell:
    """The tree of cells from sums by scenario and code (`counts[scenario, code]`, and fen alike).

    The cell on top holds everybody, whatever the bound: who asks looks at its counts before showing it.
    """
    nodes = _nodes(dimension)
    own: dict[str, list[int]] = {}
    for place, word in enumerate(dimension.words):
        own.setdefault(nodes[word], []).append(place)
    children: dict[str, set[str]] = {}
    for code in own:
        for below, above in _steps(code, dimension):
            children.setdefault(above, set()).add(below)
    return _cell("", _Sums(own, children, counts, fen, bound), is_top=True)


@dataclass(frozen=True, eq=False)
class _Sums:
    own: Mapping[str, Sequence[int]]
    children: Mapping[str, set[str]]
    counts: Whole
    fen: Whole
    bound: int

    found: dict[str, tuple[Whole, Whole]] = field(default_factory=dict)

    def of(self, code: str) -> tuple[Whole, Whole]:
        """Sums of a code and all below it."""
        if code not in self.found:
            at = np.array(self.own.get(code, ()), dtype=np.int64)
            parts = [self.of(child) for child in self.children.get(code, ())]
            counts = np.sum([self.counts[:, at].sum(axis=1), *(part[0] for part in parts)], axis=0)
            fen = np.sum([self.fen[:, at].sum(axis=1), *(part[1] for part in parts)], axis=0)
            self.found[code] = (counts, fen)
        return self.found[code]


def _nodes(dimension: Dimension) -> dict[str, str]:
    """The cell of each word: itself, or what lies above it at the deepest level shown."""
    found = {}
    for word in dimension.words:
        path = _path(word, dimension)
        found[word] = path[: dimension.depth][-1] if path else ""
    return found


def _path(word: str, dimension: Dimension) -> list[str]:
    """From the first level shown down to a word; empty for the top itself and what lies above it."""
    tree = dimension.tree
    if tree is None or word not in tree:
        return [word] if word else []
    path = [*reversed(tree.ancestors(word)), word]
    if dimension.top in path:
        return path[path.index(dimension.top) + 1 :]
    return [] if dimension.top and word in tree.ancestors(dimension.top) else path


def _steps(code: str, dimension: Dimension) -> list[tuple[str, str]]:
    path = ["", *_path(code, dimension)]
    return [(below, above) for above, below in pairwise(path)]


def _cell(code: str, sums: _Sums, *, is_top: bool = False) -> Cell:
    counts, fen = sums.of(code)
    below = sorted(sums.children.get(code, ()))
    parts = {child: sums.of(child) for child in below}
    parts = {child: held for child, held in parts.items() if held[0].any()}
    shown = [child for child in parts if not _is_small(parts[child][0], sums.bound)]
    shown.sort(key=lambda child: (-int(parts[child][0].max()), child))
    rest = _rest(counts, [parts[child][0] for child in shown])
    while shown and _is_small(rest, sums.bound):
        shown.pop()
        rest = _rest(counts, [parts[child][0] for child in shown])
    cells = [_cell(child, sums) for child in sorted(shown)]
    hidden = len(parts) - len(shown)
    if cells and rest.any():
        rest_fen = _rest(fen, [parts[child][1] for child in shown])
        cells.append(Cell(REST, _plain(rest), _plain(rest_fen), folded=hidden))
    return Cell("" if is_top else code, _plain(counts), _plain(fen), tuple(cells))


def _rest(whole: Whole, parts: Sequence[Whole]) -> Whole:
    found: Whole = whole - np.sum(parts, axis=0, dtype=np.int64) if parts else whole.copy()
    return found


def _is_small(counts: Whole, bound: int) -> bool:
    return bool(((counts > 0) & (counts < bound)).any())


def _plain(values: Whole) -> tuple[int, ...]:
    return tuple(values.tolist())
