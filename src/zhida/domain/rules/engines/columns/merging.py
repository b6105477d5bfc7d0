"""Rows chosen among vectors: one or the other by a mask, or the one value on which all that can still apply agree."""

from __future__ import annotations

import numpy as np

from zhida.domain.rules.engines.columns.lanes import aligned, ordered
from zhida.domain.rules.engines.columns.vectors import NO, Days, Mask, Numbers, Texts, Truths, Unsupported, Vector


def known_of(vector: Vector) -> Mask:
    """Where a single value is known."""
    if isinstance(vector, Truths | Numbers | Texts | Days):
        return vector.known
    raise Unsupported("a choice between lists")


def blend(mask: Mask, one: Vector, other: Vector) -> Vector:
    """`one` where the mask is set, else `other`. Raises Unsupported for lists and records."""
    if isinstance(one, Truths) and isinstance(other, Truths):
        return Truths(np.where(mask, one.sure, other.sure), np.where(mask, one.may, other.may))
    if isinstance(one, Texts) and isinstance(other, Texts):
        tree = one.tree if one.tree == other.tree else ""
        return Texts(np.where(mask, one.ids, other.ids), np.where(mask, one.known, other.known), tree)
    if isinstance(one, Days) and isinstance(other, Days):
        return Days(np.where(mask, one.days, other.days), np.where(mask, one.known, other.known))
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        left, right = aligned(one, other)
        known, none = np.where(mask, left.known, right.known), np.where(mask, left.none, right.none)
        return Numbers(np.where(mask, left.values, right.values), known, left.scale, none)
    raise Unsupported("a choice between lists")


def hidden(vector: Vector, mask: Mask) -> Vector:
    """The vector with the masked rows unknown."""
    if isinstance(vector, Truths):
        return Truths(vector.sure & ~mask, vector.may | mask)
    if isinstance(vector, Numbers):
        return Numbers(vector.values, vector.known & ~mask, vector.scale, vector.none & ~mask)
    if isinstance(vector, Texts):
        return Texts(vector.ids, vector.known & ~mask, vector.tree)
    if isinstance(vector, Days):
        return Days(vector.days, vector.known & ~mask)
    raise Unsupported("a choice between lists")


def equal(one: Vector, other: Vector) -> Mask:
    """Where both are known and the same; two nones are the same."""
    return known_of(one) & known_of(other) & _same(one, other)


def _same(one: Vector, other: Vector) -> Mask:
    if isinstance(one, Truths) and isinstance(other, Truths):
        return np.equal(one.sure, other.sure)
    if isinstance(one, Texts) and isinstance(other, Texts):
        return np.equal(one.ids, other.ids)
    if isinstance(one, Days) and isinstance(other, Days):
        return np.equal(one.days, other.days)
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        left, right = aligned(one, other)
        values = ordered("=", left.values, right.values)
        return (one.none & other.none) | (values & ~one.none & ~other.none)
    raise Unsupported("a choice between values of different kinds")


class Agreement:
    """Gathers, row by row, the values that can still apply: at the end a row has the value on which all agree, or is
    unknown. A row is closed once a value surely applies."""

    def __init__(self) -> None:
        self.found: Vector | None = None
        self.has: Mask = NO
        self.differs: Mask = NO
        self.closed: Mask = NO

    def offer(self, truth: Truths, value: Vector) -> None:
        """A value that applies where `truth` is sure, and may apply where it is possible."""
        offered = truth.may & ~self.closed
        if self.found is None:
            self.found = value
            self.differs = offered & ~known_of(value)
        else:
            self.differs = self.differs | (offered & self.has & ~equal(self.found, value))
            self.differs = self.differs | (offered & ~self.has & ~known_of(value))
            self.found = blend(offered & ~self.has, value, self.found)
        self.has = self.has | offered
        self.closed = self.closed | truth.sure

    def agreed(self) -> Vector:
        """What the rows came to; a row to which nothing was offered holds nothing of meaning."""
        if self.found is None:
            raise Unsupported("a choice of nothing")
        return hidden(self.found, self.differs)
