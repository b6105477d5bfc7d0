"""What a YAML file holds before any schema has looked at it: texts, lists and records, each knowing where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from zhida.domain.errors import Problem


class Spot(NamedTuple):
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True)
class TextNode:
    """One scalar, as its characters. `spot` is where the characters begin, behind a quote or a block's first indent."""

    spot: Spot
    text: str


@dataclass(frozen=True)
class ListNode:
    """A sequence."""

    spot: Spot
    items: tuple[Node, ...] = ()


@dataclass(frozen=True)
class RecordNode:
    """A mapping; its keys are unique texts, in the order of the file."""

    spot: Spot
    keys: dict[str, Spot] = field(default_factory=dict)
    values: dict[str, Node] = field(default_factory=dict)


Node = TextNode | ListNode | RecordNode


class Problems:
    """The growing list of an author's mistakes; reading goes on after each so that all are shown at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, spot: Spot, code: str, words: str, hint: str = "", clause: str = "") -> None:
        """Notes one mistake at a place."""
        self._found.append(Problem(spot.file, spot.line, spot.column, code, words, hint, clause))

    def extend(self, problems: tuple[Problem, ...] | list[Problem]) -> None:
        """Takes over mistakes found by others, the rule checker above all."""
        self._found.extend(problems)

    def __len__(self) -> int:
        return len(self._found)

    def all(self) -> tuple[Problem, ...]:
        """Everything found, each once, sorted by place."""
        return tuple(sorted(set(self._found)))
