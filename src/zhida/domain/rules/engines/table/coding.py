"""Values of a column as uint16 codes, so that every test on it is "is the code in these ranges?".

A number or date becomes the count of thresholds it has reached; a code of a tree its place in preorder, where
everything below a place is one range; a text its place in a list. Code 0 is unknown, and NO_ROW is padding.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table.amounts import LOWEST
from zhida.domain.rules.language.types import decimals_of
from zhida.domain.rules.numbers import FEEL
from zhida.domain.values import CodeTree

Codes: TypeAlias = NDArray[np.uint16]
Ranges: TypeAlias = tuple[tuple[int, int], ...]
UNKNOWN_CODE, NO_ROW, MOST_CODES = 0, 0xFFFF, 0xFFF0
_STRANGER, _FIRST_WORD = 1, 2
_INT64 = 2**63


class Cut(NamedTuple):
    """A threshold: reached by a value from `at` on, or, with `strict`, only beyond it. Days count from 1970-01-01."""

    at: Decimal
    strict: bool


class Between(NamedTuple):
    """A test on a number or date: `low` reached (None: always) and `high` not (None: never)."""

    low: Cut | None
    high: Cut | None


class Word(NamedTuple):
    """A test on a text: that it is this one."""

    text: str


class Place(NamedTuple):
    """A test on a code of a tree: that it lies within this place."""

    code: str


Test: TypeAlias = Between | Word | Place

_FEW = 32
"""Up to so many cuts it is quicker to compare every value with each of them than to search its place."""


@dataclass(frozen=True)
class Numbering:
    """Codes of a number or date: 1 + the count of cuts reached."""

    cuts: tuple[Cut, ...]

    @property
    def top(self) -> int:
        """One past the highest code."""
        return len(self.cuts) + 2

    @cached_property
    def _place(self) -> Mapping[Cut, int]:
        return {cut: place for place, cut in enumerate(self.cuts)}

    def covers(self, test: Test) -> bool:
        """Whether the codes can tell what the test asks."""
        return isinstance(test, Between) and all(cut is None or cut in self._place for cut in test)

    def ranges(self, test: Test) -> tuple[Ranges, Ranges]:
        """The codes for which a test surely, and possibly, holds."""
        if not isinstance(test, Between):
            raise InvariantBroken("test_of_wrong_kind", f"{test} is no test on a number")
        low = 1 if test.low is None else self._place[test.low] + 2
        high = self.top if test.high is None else self._place[test.high] + 2
        sure: Ranges = ((low, high),) if low < high else ()
        return sure, merged((*sure, (UNKNOWN_CODE, 1)))

    def of_scaled(self, values: NDArray[np.int64], scale: int) -> Codes:
        """Codes of known int64 values times 10^-scale."""
        return 1 + _reached(self._limits(scale), values).astype(np.uint16)

    def of_stored(self, numbers: NDArray[np.int64], scale: int) -> NDArray[np.integer[Any]]:
        """Codes of numbers as a store holds them, times 10^-scale: what lies below LOWEST is unknown. Few are bytes."""
        return _reached([LOWEST, *(max(limit, LOWEST) for limit in self._limits(scale))], numbers)

    def _limits(self, scale: int) -> list[int]:
        """Each cut as the least integer that reaches it; found once for a scale, since chunk after chunk asks."""
        if scale not in self._limited:
            limits = [least_reaching(cut, scale) for cut in self.cuts]
            self._limited[scale] = [max(limit, -_INT64) for limit in limits if limit < _INT64]
        return self._limited[scale]

    @cached_property
    def _limited(self) -> dict[int, list[int]]:
        return {}

    def of_quotients(self, left: NDArray[np.int64], right: NDArray[np.int64], shift: int) -> Codes | None:
        """Codes of known quotients times 10^-shift that no row divides by zero, without working them out; None where
        int64 does not hold what is compared.

        A quotient reaches a cut where the dividend reaches the cut times the divisor. Of int64 the two lie so far apart
        that rounding the quotient to 34 digits cannot move it across, so that codes are those of the decimals.
        """
        if len(self.cuts) > _FEW:
            return None
        above, below = left * np.sign(right), np.maximum(np.abs(right), 1)
        reached = np.zeros(np.broadcast_shapes(above.shape, below.shape), dtype=np.uint16)
        for cut in self.cuts:
            digits = decimals_of(cut.at)
            whole, powers = int(FEEL.scaleb(cut.at, digits)), (max(0, digits - shift), max(0, shift - digits))
            if _most(above) * 10 ** powers[0] >= _INT64 or _most(below) * abs(whole) * 10 ** powers[1] >= _INT64:
                return None
            one, other = above * 10 ** powers[0], below * (whole * 10 ** powers[1])
            reached += one > other if cut.strict else one >= other
        return 1 + reached

    def of_exact(self, value: Decimal) -> int:
        """The code of one known value."""
        return 1 + bisect_left(self.cuts, (value, True))

    def of_decimals(self, values: Iterable[Decimal]) -> Codes:
        """Codes of known values of any size."""
        return np.array([self.of_exact(value) for value in values], dtype=np.uint16)


def _most(values: NDArray[np.int64]) -> int:
    """The greatest absolute value."""
    return max(abs(int(values.min())), abs(int(values.max()))) if len(values) else 0


def _reached(limits: list[int], values: NDArray[np.int64]) -> NDArray[np.integer[Any]]:
    """How many of the ascending limits each value has reached."""
    if len(limits) > _FEW:
        return np.searchsorted(np.array(limits, dtype=np.int64), values, side="right")
    reached = np.zeros(len(values), dtype=np.uint8)
    for limit in limits:
        reached += (values >= limit).view(np.uint8)
    return reached


@dataclass(frozen=True, eq=False)
class Wording:
    """Codes of a text: 2 + its place among `words`; 1 where it is none of them, which a closed list refuses.

    With a tree, `words` are the tree's codes in preorder (a place, then all below it), and then codes that only rules
    know; whether a code that the tree does not hold lies within a place is unknown.
    """

    words: tuple[str, ...]
    closed: bool = False
    tree: CodeTree | None = None

    @property
    def top(self) -> int:
        """One past the highest code."""
        return len(self.words) + _FIRST_WORD

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The code of each word."""
        return {word: _FIRST_WORD + index for index, word in enumerate(self.words)}

    @cached_property
    def _ends(self) -> Mapping[str, int]:
        """For each code of the tree, one past the last code below it."""
        ends: dict[str, int] = {}
        for word in reversed(self.words):
            if self.tree is not None and word in self.tree:
                ends.setdefault(word, self.place[word] + 1)
                parent = self.tree.parents[word]
                if parent in self.tree:
                    ends[parent] = max(ends.get(parent, 0), ends[word])
        return ends

    def covers(self, test: Test) -> bool:
        """Whether the codes can tell what the test asks."""
        return not isinstance(test, Between) and (test[0] in self.place or self.closed)

    def ranges(self, test: Test) -> tuple[Ranges, Ranges]:
        """The codes for which a test surely, and possibly, holds."""
        if isinstance(test, Between):
            raise InvariantBroken("test_of_wrong_kind", f"{test} is no test on a text")
        at = self.place.get(test[0], 0)
        same: Ranges = ((at, at + 1),) if at else ()
        if isinstance(test, Word) or self.tree is None:
            return same, merged((*same, (UNKNOWN_CODE, 1)))
        if test.code not in self.tree:
            return same, ((UNKNOWN_CODE, self.top),)
        sure: Ranges = ((at, self._ends[test.code]),)
        above = [self.place[code] for code in self.tree.ancestors(test.code) if code in self.place]
        coarse = [(code, code + 1) for code in above]
        strangers = (_FIRST_WORD + len(self._ends), self.top)
        return sure, merged((*sure, *coarse, strangers, (UNKNOWN_CODE, _STRANGER + 1)))

    def code(self, text: str) -> int:
        """The code of one known text. Raises InvariantBroken `code_outside_its_list`."""
        found = self.place.get(text, _STRANGER)
        if found == _STRANGER and self.closed:
            words = f"{text!r} is none of {', '.join(self.words[:8])}"
            raise InvariantBroken("code_outside_its_list", words, "the source that supplied it; import it again")
        return found


Coding: TypeAlias = Numbering | Wording


def least_reaching(cut: Cut, scale: int) -> int:
    """The least integer that, times 10^-scale, reaches a cut."""
    shifted = FEEL.scaleb(cut.at, scale)
    if cut.strict:
        return int(shifted.to_integral_value(ROUND_FLOOR)) + 1
    return int(shifted.to_integral_value(ROUND_CEILING))


def preorder(tree: CodeTree) -> list[str]:
    """The codes of a tree, each place before what lies in it."""
    paths = sorted((*reversed(tree.ancestors(code)), code) for code in tree.parents)
    return [path[-1] for path in paths]


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same codes as sorted ranges that do not touch."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(part for part in ranges if part[0] < part[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def without(ranges: Ranges, top: int) -> Ranges:
    """The codes below `top` that are in none of the ranges."""
    edges = [0, *(edge for part in ranges for edge in part), top]
    return tuple((low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high)


def ranges_of(coding: Coding, tests: Sequence[Test], negated: bool) -> tuple[Ranges, Ranges]:
    """The codes for which any test surely holds (negated: surely none does), and those for which it is in doubt."""
    pairs = [coding.ranges(test) for test in tests]
    sure = merged(part for one, _ in pairs for part in one)
    never = without(merged((*(part for _, one in pairs for part in one), (UNKNOWN_CODE, 1))), coding.top)
    return never if negated else sure, without(merged((*sure, *never)), coding.top)


def coding_of(tests: Iterable[Test], words: Sequence[str], tree: CodeTree | None) -> Coding:
    """The coding of a column on which these tests are made: `words` close a text to a list, `tree` gives its codes."""
    tests = list(tests)
    cuts: set[Cut] = {cut for test in tests if isinstance(test, Between) for cut in test if cut is not None}
    found: Coding = Numbering(tuple(sorted(cuts)))
    if tests and not isinstance(tests[0], Between):
        known = preorder(tree) if tree is not None else list(words)
        asked: set[Any] = {test[0] for test in tests} - set(known)
        closed = bool(words) and tree is None
        found = Wording((*known, *(() if closed else sorted(asked))), closed, tree)
    if found.top > MOST_CODES:
        raise InvariantBroken("too_many_codes", f"{found.top} thresholds or codes of one column; {MOST_CODES} fit")
    return found
