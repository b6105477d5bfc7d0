"""Where an expression stands in an author's file, so that every problem points at a line and a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from zhida.domain.errors import Problem


class Spot(NamedTuple):
    """A position inside one expression's text: lines and columns counted from its first character, both from 0."""

    line: int = 0
    column: int = 0


START = Spot()


@dataclass(frozen=True)
class Place:
    """Where an expression begins: file, line and column from 1; `indent` is the column of its further lines."""

    file: str = ""
    line: int = 1
    column: int = 1
    indent: int = 1
    clause: str = ""

    def problem(self, spot: Spot, code: str, words: str, hint: str = "") -> Problem:
        """A Problem at a spot of the expression that begins here."""
        column = (self.indent if spot.line else self.column) + spot.column
        return Problem(self.file, self.line + spot.line, column, code, words, hint, self.clause)


NOWHERE = Place()
