"""Joints of a graph for one subject, whose truths are a byte each: 1 sure, 2 possible, 3 both."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Truths: TypeAlias = NDArray[np.uint8]


class Few:
    """A few joints, each all of its parts, which stand behind each other: two steps, however many parts they have."""

    def __init__(self, joints: Sequence[int], parts: Sequence[Sequence[int]]) -> None:
        self.order = np.array(joints, dtype=np.int64)
        self.parts = np.array([*chain(*parts)], dtype=np.int64)
        self.starts = np.cumsum([0, *(len(one) for one in parts)])[:-1]

    def under(self, truth: Truths) -> Truths:
        """What comes out for each joint, in `order`."""
        return np.bitwise_and.reduceat(truth.take(self.parts), self.starts)


class Layered:
    """Joints whose parts are all known. They stand in `order`, those of many parts first, so that the first parts of
    all are one array, the second parts of those that have one another."""

    def __init__(self, joints: Sequence[int], parts: Sequence[Sequence[int]]) -> None:
        counts = np.array([len(one) for one in parts], dtype=np.int64)
        by_count = np.argsort(-counts, kind="stable")
        self.order = np.array(joints, dtype=np.int64)[by_count]
        ordered = [parts[place] for place in by_count.tolist()]
        layers = range(int(counts.max(initial=0)))
        self.layers = [
            np.array([one[layer] for one in ordered if len(one) > layer], dtype=np.int64) for layer in layers
        ]

    def under(self, truth: Truths, *, is_all: bool = True) -> Truths:
        """What comes out for each joint, in `order`."""
        joined = np.bitwise_and if is_all else np.bitwise_or
        found = truth.take(self.layers[0]) if self.layers else truth[:0]
        for layer in self.layers[1:]:
            head = found[: len(layer)]
            joined(head, truth.take(layer), out=head)
        return found
