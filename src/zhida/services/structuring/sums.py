"""What a clause, or one of its sentences, says of money; and the rule that packs compute, once one accounts for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from zhida.services.structuring.amounts import Amount, Rate
from zhida.services.structuring.bands import Band
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.outline import Clause

_FOR_OTHERS = re.compile(r"企业|单位|机构|公司|组织")
TABLE = "{table}"
"""Stands in a rule for the name of its own table."""


@dataclass(frozen=True)
class Question:
    """What the form asks for a rule: its name, kind, unit, its words, and the values of a closed list with theirs."""

    name: str
    kind: str
    unit: str
    words: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Standard:
    """A figure that another document sets (最低生活保障标准): a parameter whose value a person has to fill in. `unit`
    is fen, or "" for a rate."""

    name: str
    words: str
    unit: str


@dataclass(frozen=True)
class AmountRule:
    """`feel` is in fen, over facts, questions, standards and the rows of its table. A row is one cell for each of `by`
    (several codes at once as a tuple) and last what it gives; `hit` is the table's policy. `every` and `times` say that
    it is paid in parts; `has_doubt` that something beside it was not understood and may narrow it."""

    shape: str
    feel: str
    cites: tuple[str, ...]
    questions: tuple[Question, ...] = ()
    by: tuple[str, ...] = ()
    rows: tuple[tuple[str | tuple[str, ...], ...], ...] = ()
    hit: str = ""
    standards: tuple[Standard, ...] = ()
    every: str = ""
    times: int = 0
    has_doubt: bool = False

    def at_most(self, feel: str, question: Question | None = None) -> AmountRule:
        """The same rule, and never more than that."""
        asked = self.questions if question is None or question in self.questions else (*self.questions, question)
        return replace(self, feel=f"min({self.feel}, {feel})", questions=asked)


@dataclass(frozen=True)
class Sums:
    """All sums, rates and bands of one clause, or of its sentence number `part`, and its plain words; places count in
    the paragraph numbered `paragraph`. `is_persons` tells that the document speaks of persons."""

    clause: Clause
    text: str
    amounts: tuple[Amount, ...]
    rates: tuple[Rate, ...]
    bands: tuple[Band, ...]
    facts: Facts = field(compare=False)
    part: int = 0
    paragraph: int = 0
    is_persons: bool = False

    @property
    def name(self) -> str:
        """What names made for it end with: a8, a8_s2."""
        return f"{self.clause.anchor.replace('-', '_')}{f'_s{self.part}' if self.part else ''}"

    @property
    def is_own(self) -> bool:
        """Whether whoever applies is the one person of 每人, and not a firm for its people."""
        return self.is_persons and not _FOR_OTHERS.search(self.text)

    @property
    def start(self) -> int:
        """Where its words begin in their paragraph."""
        return len(self.text) - len(self.text.lstrip())

    def cut(self, start: int, end: int, part: int = 0) -> Sums:
        """The words in [start, end) alone, with what stands in them; places stay."""
        return replace(
            self,
            text=" " * start + self.text[start:end],
            amounts=tuple(each for each in self.amounts if start <= each.start < end),
            rates=tuple(each for each in self.rates if start <= each.start < end),
            bands=tuple(each for each in self.bands if start <= each.start < end),
            part=part or self.part,
        )
