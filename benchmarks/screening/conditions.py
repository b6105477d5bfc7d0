"""Items in a neutral form: tests on prepared columns of whole numbers and bits, from which every peer writes its own.

It is made from the items' expressions by itself, not by the engine's compiler, so that what the two agree on was
reached on two ways. An expression that it does not know is refused: nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.rules import Program, nodes
from zhida.domain.rules.nodes import Node
from zhida.domain.values import CodeTree

EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Span:
    """A whole number from `low` to `high`, both included; None is open."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Among:
    """One of some values of a closed list, by their places in it."""

    column: str
    codes: tuple[int, ...]


@dataclass(frozen=True)
class Within:
    """A place in preorder of a tree inside one of some ranges (both ends included); at a `coarse` one it is unknown."""

    column: str
    ranges: tuple[tuple[int, int], ...]
    coarse: tuple[int, ...]


@dataclass(frozen=True)
class Flag:
    """A yes-or-no column."""

    column: str


@dataclass(frozen=True)
class Holds:
    """A list of words that holds one."""

    column: str
    word: str

    @property
    def flag(self) -> str:
        """The prepared column that says so."""
        return f"{self.column}:{self.word}"


@dataclass(frozen=True)
class Growth:
    """`now` times 100 is at least `before` times `percent`."""

    now: str
    before: str
    percent: int


@dataclass(frozen=True)
class Not:
    part: Condition


@dataclass(frozen=True)
class Both:
    """All parts."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Either:
    """Any part."""

    parts: tuple[Condition, ...]


Condition = Span | Among | Within | Flag | Holds | Growth | Not | Both | Either
Leaf = Span | Among | Within | Flag | Holds | Growth


@dataclass(frozen=True)
class Case:
    """An item: its id, the region it is for ("" where everywhere), and all that it asks, the region first."""

    id: str
    region: str
    whole: Both


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The tests of a condition, in their order."""
    if isinstance(condition, Not):
        yield from leaves(condition.part)
    elif isinstance(condition, Both | Either):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def columns_of(condition: Condition) -> set[str]:
    """The prepared columns that a condition reads; a list of words by its own name."""
    found: set[str] = set()
    for leaf in leaves(condition):
        found |= {leaf.now, leaf.before} if isinstance(leaf, Growth) else {leaf.column}
    return found


class Order:
    """A code tree as places in preorder: everything below a place is one range after it."""

    def __init__(self, tree: CodeTree) -> None:
        self.tree = tree
        below: dict[str, list[str]] = {}
        for code, parent in sorted(tree.parents.items()):
            below.setdefault(parent if parent in tree.parents else "", []).append(code)
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self._number("", below)

    def _number(self, code: str, below: Mapping[str, list[str]]) -> None:
        for child in below.get(code, ()):
            self.first[child] = len(self.first)
            self._number(child, below)
            self.last[child] = len(self.first) - 1

    def within(self, column: str, codes: tuple[str, ...]) -> Within:
        """The test that a place lies in one of these."""
        ranges = tuple((self.first[code], self.last[code]) for code in codes)
        above = {self.first[up] for code in codes for up in self.tree.ancestors(code)}
        inside = {place for low, high in ranges for place in range(low, high + 1)}
        return Within(column, ranges, tuple(sorted(above - inside)))


@dataclass(frozen=True)
class Translation:
    """From expressions over a dictionary, on a day, to conditions over prepared columns."""

    dictionary: Dictionary
    as_of: date

    @cached_property
    def orders(self) -> Mapping[str, Order]:
        """Each code tree in preorder."""
        return {name: Order(tree) for name, tree in self.dictionary.code_trees.items()}

    def case(self, program: Program) -> Case:
        """One item. Raises ValueError for what the generator of provinces does not write today."""
        if self.as_of not in program.valid or self.as_of not in program.window or program.quota or program.for_each:
            raise ValueError(f"{program.item} is more than its requirements")
        parts: list[Condition] = []
        if program.region:
            parts.append(self._within(program.within, (program.region,)))
        for requirement in program.requires:
            if requirement.kind != "computed":
                raise ValueError(f"{program.item} has a requirement that is not computed")
            ways = tuple(self.condition(way.when) for way in requirement.alternatives)
            parts.append(ways[0] if len(ways) == 1 else Either(ways))
        return Case(program.item, program.region, Both(tuple(parts)))

    def condition(self, node: Node) -> Condition:
        """One expression."""
        if isinstance(node, nodes.And | nodes.Or):
            parts = tuple(self.condition(part) for part in node.operands)
            return Both(parts) if isinstance(node, nodes.And) else Either(parts)
        if isinstance(node, nodes.Not):
            return Not(self.condition(node.operand))
        if isinstance(node, nodes.Name):
            return Flag(node.name)
        if isinstance(node, nodes.Call) and node.name == "within":
            return self._within(self._column(node.arguments[0]), tuple(_texts(node.arguments[1])))
        if isinstance(node, nodes.Call) and node.name == "list contains":
            return Holds(self._column(node.arguments[0]), next(_texts(node.arguments[1])))
        if isinstance(node, nodes.In):
            return self._among(node)
        if isinstance(node, nodes.Compare):
            return self._compared(node)
        raise ValueError(f"{node} is not known here")

    def _within(self, column: str, codes: tuple[str, ...]) -> Within:
        return self.orders[self.dictionary.facts[column].code_tree].within(column, codes)

    def _column(self, node: Node) -> str:
        """The column of a stored fact, of a year where it has years."""
        if isinstance(node, nodes.Name):
            return node.name
        if isinstance(node, nodes.Call) and isinstance(node.arguments[0], nodes.Arithmetic):
            back = node.arguments[0].right
            if isinstance(back, nodes.Literal):
                return f"{node.name}@{self.as_of.year - int(back.value)}"  # type: ignore[arg-type]
        raise ValueError(f"{node} is no stored fact")

    def _whole(self, column: str, node: Node | None) -> int:
        """A constant as the column keeps it: scaled, or as days since 1970."""
        if isinstance(node, nodes.Literal) and isinstance(node.value, Decimal):
            scaled = node.value.scaleb(self.dictionary.facts[column.split("@")[0]].scale)
            if scaled == int(scaled):
                return int(scaled)
        if isinstance(node, nodes.Literal) and isinstance(node.value, date):
            return node.value.toordinal() - EPOCH
        raise ValueError(f"{node} is no constant of {column}")

    def _among(self, node: nodes.In) -> Condition:
        column, test = self._column(node.value), node.tests[0]
        if not isinstance(test, nodes.Interval):
            return self._one_of(column, tuple(word for part in node.tests for word in _texts(part)))
        low = None if test.low is None else self._whole(column, test.low) + (not test.includes_low)
        high = None if test.high is None else self._whole(column, test.high) - (not test.includes_high)
        return Span(column, low, high)

    def _one_of(self, column: str, words: tuple[str, ...]) -> Among:
        values = self.dictionary.facts[column].values
        return Among(column, tuple(sorted(values.index(word) for word in words)))

    def _compared(self, node: nodes.Compare) -> Condition:
        if isinstance(node.left, nodes.Call) and node.left.name == "years_between":
            column, years = self._column(node.left.arguments[0]), self._whole("staff_count", node.right)
            return Span(column, None, self.as_of.replace(year=self.as_of.year - years).toordinal() - EPOCH)
        column = self._column(node.left)
        if isinstance(node.right, nodes.Arithmetic):
            times = node.right.right
            if node.operator != ">=" or not isinstance(times, nodes.Literal) or not isinstance(times.value, Decimal):
                raise ValueError(f"{node} is no growth")
            return Growth(column, self._column(node.right.left), int(times.value * 100))
        if self.dictionary.facts[column.split("@")[0]].kind == "text":
            return self._one_of(column, tuple(_texts(node.right)))
        at = self._whole(column, node.right)
        spans = {">=": (at, None), ">": (at + 1, None), "<=": (None, at), "<": (None, at - 1), "=": (at, at)}
        return Span(column, *spans[node.operator])


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, nodes.ListOf):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, nodes.Literal) and isinstance(node.value, str):
        yield node.value
    else:
        raise ValueError(f"{node} is no text")
