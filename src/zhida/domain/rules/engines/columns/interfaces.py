"""What the parts of the column engine ask of each other: rows of a frame, the names of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.vectors import Lists, Numbers, Truths, Vector
from zhida.domain.rules.nodes import Call, Node
from zhida.domain.rules.schema import Schema


class Holds(Protocol):
    """The columns of a screening, and the schema of the pack that reads them."""

    schema: Schema
    columns: Columns


class Names(Holds, Protocol):
    """What a pack's names mean over columns."""

    def names(self, node: Node) -> frozenset[str]:
        """Every name that an expression uses."""

    def reads(self, frame: object, names: frozenset[str]) -> bool:
        """Whether tables and amounts among the names are read in this frame."""

    def key(self, node: Node) -> object:
        """What a result is remembered by."""

    def constant(self, value: Decimal | str | bool | date) -> Vector:
        """A value that is the same for all rows."""

    def named(self, name: str) -> Vector:
        """A fact without a period, a table or an amount."""

    def fact_called(self, node: Call, dates: Mapping[str, Any]) -> Vector:
        """A fact with its period."""

    def parameter(self, name: str) -> Vector:
        """The value in force for each row."""


class Rows(Protocol):
    """The rows that a built-in function is applied to."""

    @property
    def batch(self) -> Holds:
        """Whose columns these are."""

    def vector(self, node: Node) -> Vector:
        """The node's column."""

    def numbers(self, node: Node) -> Numbers:
        """The node's column, of numbers."""

    def lists(self, node: Node) -> Lists:
        """The node's column, of lists."""

    def tested(self, value: Vector, tests: tuple[Node, ...]) -> Truths:
        """Whether any test holds for each row's value."""
