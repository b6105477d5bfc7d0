"""When a fact holds: a year, a month, or a half-open span of dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhida.domain.errors import InvariantBroken

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Dates from `start` up to, not including, `end`; None is open. Spans sort by start, then end."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start >= self.end:
            raise InvariantBroken("empty_span", f"{self.start} is not before {self.end}")

    def __lt__(self, other: Span) -> bool:
        mine, theirs = (self.start or date.min, self.end or date.max), (other.start or date.min, other.end or date.max)
        return mine < theirs

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"{self.start or ''}/{self.end or ''}"


@dataclass(frozen=True, order=True)
class Period:
    """A calendar year (`month` 0) or a month of one; written `2025` or `2025-06`. Any year may be asked for."""

    year: int
    month: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.month <= 12:
            raise InvariantBroken("malformed_period", f"year {self.year}, month {self.month}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Reads `2025` or `2025-06`. Raises InvariantBroken for anything else."""
        match = _WRITTEN.fullmatch(text)
        if match is None or match.group(2) == "00":
            raise InvariantBroken("malformed_period", f"{text!r} is neither a year nor a month")
        return cls(int(match.group(1)), int(match.group(2) or 0))

    def plus(self, count: int) -> Period:
        """The period `count` years (or months, for a month) later; negative is earlier."""
        if not self.month:
            return Period(self.year + count)
        years, month = divmod(self.year * 12 + self.month - 1 + count, 12)
        return Period(years, month + 1)

    @property
    def span(self) -> Span:
        """The dates this period covers. Raises InvariantBroken for years that no date has (before 1, from 9999 on)."""
        if not date.min.year <= self.year < date.max.year:
            raise InvariantBroken("malformed_period", f"no dates in year {self.year}")
        ends_year = self.month in (0, 12)
        end = date(self.year + 1, 1, 1) if ends_year else date(self.year, self.month + 1, 1)
        return Span(date(self.year, self.month or 1, 1), end)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"
