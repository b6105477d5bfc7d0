"""Values of many rows at once, with what is known of each: the columns that the table engine computes with.

An array of length 1 stands for a constant and broadcasts. What an array holds where nothing is known means nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.rules.schema import RelationType

Mask: TypeAlias = NDArray[np.bool_]
Whole: TypeAlias = NDArray[np.int64]
YES: Mask = np.ones(1, dtype=bool)
NO: Mask = np.zeros(1, dtype=bool)


class Unsupported(Exception):
    """This shape of expression is left to engine one, row by row. Carries the words that name it."""


def taken(array: NDArray[Any], index: Whole) -> NDArray[Any]:
    """The array's rows by index; a constant stays one."""
    return array if len(array) == 1 else array[index]


@dataclass(frozen=True)
class Truths:
    """Kleene's two rails: surely true, and possibly true. Unknown is possible and not sure."""

    sure: Mask
    may: Mask

    @property
    def known(self) -> Mask:
        return self.sure | ~self.may

    def take(self, index: Whole) -> Truths:
        return Truths(taken(self.sure, index), taken(self.may, index))

    def over(self, rows: int) -> Truths:
        """The same, with one place for every row."""
        return Truths(np.broadcast_to(self.sure, rows), np.broadcast_to(self.may, rows))

    def __invert__(self) -> Truths:
        return Truths(~self.may, ~self.sure)

    def __and__(self, other: Truths) -> Truths:
        return Truths(self.sure & other.sure, self.may & other.may)

    def __or__(self, other: Truths) -> Truths:
        return Truths(self.sure | other.sure, self.may | other.may)


def truths_of(values: Mask, known: Mask) -> Truths:
    """Two-valued answers, unknown where not known."""
    return Truths(values & known, values | ~known)


TRUE = Truths(YES, YES)
FALSE = Truths(NO, NO)
UNSURE = Truths(NO, YES)


@dataclass(frozen=True)
class Numbers:
    """Exact numbers: int64 times 10^-scale, or, where `scale` is None, Decimals in an object array (the wide lane).

    `none` marks rows where a table gave none; they count as known.
    """

    values: NDArray[Any]
    known: Mask
    scale: int | None
    none: Mask = field(default_factory=lambda: NO)

    def take(self, index: Whole) -> Numbers:
        return Numbers(taken(self.values, index), taken(self.known, index), self.scale, taken(self.none, index))


@dataclass(frozen=True)
class Texts:
    """Texts as numbers of one vocabulary; `tree` names the code tree that they belong to."""

    ids: Whole
    known: Mask
    tree: str = ""

    def take(self, index: Whole) -> Texts:
        return replace(self, ids=taken(self.ids, index), known=taken(self.known, index))


@dataclass(frozen=True)
class Days:
    """Dates as days since 1970-01-01."""

    days: Whole
    known: Mask

    def take(self, index: Whole) -> Days:
        return Days(taken(self.days, index), taken(self.known, index))


@dataclass(frozen=True)
class Records:
    """One record a row; its fields are read when they are needed and kept."""

    relation: RelationType
    read: Callable[[str], Vector]
    kept: dict[str, Vector] = field(default_factory=dict)

    def field(self, name: str) -> Vector:
        if name not in self.kept:
            self.kept[name] = self.read(name)
        return self.kept[name]

    def take(self, index: Whole) -> Records:
        return Records(self.relation, lambda name: self.field(name).take(index))


@dataclass(frozen=True)
class Lists:
    """A list a row: members of row i stand from starts[i] on, lengths[i] of them. `member` says surely or possibly in
    the list; `items` are the members' values; a row whose list is not known has no members."""

    known: Mask
    starts: Whole
    lengths: Whole
    member: Truths
    items: Vector

    @cached_property
    def owners(self) -> Whole:
        """The row of each member."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def words(self) -> tuple[Whole, Whole, Mask] | None:
        """Of lists of texts that surely are their members: the texts' numbers sorted, the row of each, and which rows
        have a member that is not known; None for other lists. It makes looking for one text as long as what it finds.
        """
        items = self.items
        if not isinstance(items, Texts) or items.tree or self.member is not TRUE or len(items.ids) != len(self.owners):
            return None
        known = np.broadcast_to(items.known, items.ids.shape)
        order = np.argsort(items.ids, kind="stable")
        order = order[known[order]]
        return items.ids[order], self.owners[order], self.any(~known)

    def take(self, index: Whole) -> Lists:
        if len(self.known) == 1 and len(self.lengths) == 1:
            index = np.zeros(len(index), dtype=np.int64)
        lengths = self.lengths[index]
        members = gathered(self.starts[index], lengths)
        starts = np.cumsum(lengths) - lengths
        return Lists(taken(self.known, index), starts, lengths, self.member.take(members), self.items.take(members))

    def each(self, values: Whole) -> Whole:
        """The sum of a member array over each row's members; wraps where it overflows."""
        totals = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(values)])
        found: Whole = totals[self.starts + self.lengths] - totals[self.starts]
        return found

    def any(self, mask: Mask) -> Mask:
        """Whether any member of each row is marked."""
        found = np.zeros(len(self.lengths), dtype=bool)
        found[self.owners[np.broadcast_to(mask, self.owners.shape)]] = True
        return found


Vector: TypeAlias = Truths | Numbers | Texts | Days | Records | Lists


def gathered(starts: Whole, lengths: Whole) -> Whole:
    """The positions start, start + 1, … of every run, one run behind the other."""
    ends = np.cumsum(lengths)
    found: Whole = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    return found
