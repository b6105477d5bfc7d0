"""What tables and parameters ask of one subject's evaluation."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from zhida.domain.rules.nodes import Node


class Evaluates(Protocol):
    """One subject's expressions, for tables and parameters."""

    @property
    def as_of(self) -> date:
        """The day that is assessed."""

    def value(self, node: Node) -> Any:
        """A node's value."""

    def tested(self, value: Any, tests: tuple[Node, ...]) -> Any:
        """Whether any test holds for a value."""

    def region(self) -> Any:
        """The subject's region."""
