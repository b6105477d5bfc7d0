"""FEEL's two kinds of duration (DMN 1.5, clause 10.3.2.3.7 and 10.3.2.3.8): months, and seconds. They never mix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?")
_SECONDS = re.compile(r"(-?)P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?")
DAY = 86_400


@dataclass(frozen=True, order=True)
class Months:
    """A years and months duration."""

    count: int

    @property
    def years(self) -> int:
        """Whole years, towards zero."""
        return self.count // 12 if self.count >= 0 else -(-self.count // 12)

    @property
    def months(self) -> int:
        """The months beside the whole years, with the sign of the whole."""
        return self.count - 12 * self.years

    def __str__(self) -> str:
        years, months = divmod(abs(self.count), 12)
        written = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{'-' if self.count < 0 else ''}P{written or '0M'}"


@dataclass(frozen=True, order=True)
class Seconds:
    """A days and time duration."""

    count: Decimal

    @property
    def parts(self) -> tuple[int, int, int, Decimal]:
        """Days, hours, minutes and seconds, each with the sign of the whole."""
        sign = -1 if self.count < 0 else 1
        whole = int(abs(self.count))
        days, rest = divmod(whole, DAY)
        seconds = rest % 60 + (abs(self.count) - whole)
        return sign * days, sign * (rest // 3600), sign * (rest % 3600 // 60), sign * seconds

    def __str__(self) -> str:
        days, hours, minutes = (abs(part) for part in self.parts[:3])
        seconds = abs(self.parts[3])
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        clock += f"{plain(seconds)}S" if seconds else ""
        written = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{'-' if self.count < 0 else ''}P{written or 'T0S'}"


Duration = Months | Seconds


def plain(number: Decimal) -> str:
    """A number without exponent, and without zeros behind its decimals."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def read_duration(text: str) -> Duration | None:
    """The duration that an ISO 8601 text says; None where it says none, or mixes years or months with days or times."""
    months = _MONTHS.fullmatch(text)
    if months:
        sign, years, rest = months.groups()
        count = 12 * int(years or 0) + int(rest or 0)
        return Months(-count if sign else count)
    seconds = _SECONDS.fullmatch(text)
    if not seconds:
        return None
    sign, days, hours, minutes, rest = seconds.groups()
    whole = DAY * int(days or 0) + 3600 * int(hours or 0) + 60 * int(minutes or 0)
    total = Decimal(whole) + Decimal(rest or 0)
    return Seconds(-total if sign else total)
