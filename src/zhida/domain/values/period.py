"""When a fact holds: a year, a month, or a half-open span of dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhida.domain.errors import InvariantBroken

_YEAR = re.compile(r"^\d{4}$")
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")


@dataclass(frozen=True, order=True)
class Span:
    """Dates from `start` up to, not including, `end`; None is open."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start >= self.end:
            raise InvariantBroken("empty_span", f"{self.start} is not before {self.end}")

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"{self.start or ''}/{self.end or ''}"


@dataclass(frozen=True, order=True)
class Period:
    """A calendar year (`month` 0) or a month of one; written `2025` or `2025-06`."""

    year: int
    month: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads `2025` or `2025-06`. Raises InvariantBroken for anything else."""
        if _YEAR.match(text):
            return cls(int(text))
        match = _MONTH.match(text)
        if match is None:
            raise InvariantBroken("malformed_period", f"{text!r} is neither a year nor a month")
        return cls(int(match.group(1)), int(match.group(2)))

    def plus(self, count: int) -> Period:
        """The period `count` years (or months, for a month) later; negative is earlier."""
        if not self.month:
            return Period(self.year + count)
        years, month = divmod(self.year * 12 + self.month - 1 + count, 12)
        return Period(years, month + 1)

    @property
    def span(self) -> Span:
        """The dates this period covers."""
        following = self.plus(1)
        return Span(date(self.year, self.month or 1, 1), date(following.year, following.month or 1, 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"
