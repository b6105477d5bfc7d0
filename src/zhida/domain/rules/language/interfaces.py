"""What the checks of calls ask of the checker around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from zhida.domain.rules.language.types import Type
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.schema import Schema

Scope = Mapping[str, Type]
Guards = frozenset[Node]


class Checks(Protocol):
    """Types nodes and notes what is wrong."""

    schema: Schema

    def type_of(self, node: Node, scope: Scope, guards: Guards) -> Type:
        """The type of a node."""

    def sure(self, node: Node, scope: Scope, guards: Guards, wanted: Type) -> Type:
        """The type of an operand that must be given."""

    def number(self, node: Node, scope: Scope, guards: Guards) -> Type:
        """The type of a number, which a table may leave out."""

    def fits(self, found: Type, wanted: Type, node: Node) -> bool:
        """Notes a problem where one type does not fit another."""

    def together(self, left: Type, right: Type, node: Node) -> Type:
        """The type of a value that is one or the other."""

    def listed(self, node: Node, other: Type) -> None:
        """Notes a text constant that is not in the other side's closed list or tree."""

    def refuse(self, node: Node, code: str, words: str, hint: str = "") -> Type:
        """Notes a problem."""
