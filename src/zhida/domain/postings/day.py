"""A day at its close: what moved, what is explained, and what stands in the clearing accounts, each with its age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Clearing:
    """Something that should have come to nothing by the end of a day and has not; `age_days` counts from `since`."""

    name: str
    reference: str
    amount_fen: int
    since: date
    age_days: int


@dataclass(frozen=True)
class DayBalance:
    """One channel's day: `counts` of findings by kind, sums in fen, and the two clearing accounts item by item.

    `in_flight` holds payments asked for on the day or before that have no final answer, `unexplained` movements (and
    wants of movements) that no person has closed. A day is clean where both are empty.
    """

    day: date
    channel: str
    lines: int
    paid_fen: int
    returned_fen: int
    counts: Mapping[str, int]
    in_flight: tuple[Clearing, ...]
    unexplained: tuple[Clearing, ...]

    @property
    def in_flight_fen(self) -> int:
        """The balance of what is in flight."""
        return sum(item.amount_fen for item in self.in_flight)

    @property
    def unexplained_fen(self) -> int:
        """The balance of what is unexplained; movements in and out do not cancel."""
        return sum(abs(item.amount_fen) for item in self.unexplained)

    @property
    def is_clean(self) -> bool:
        """Whether both clearing accounts end at zero."""
        return not self.in_flight and not self.unexplained

    def told(self) -> dict[str, object]:
        """All of it as JSON, the same for the same day: what the digest is made of."""
        return {
            "day": self.day.isoformat(),
            "channel": self.channel,
            "lines": self.lines,
            "paid_fen": self.paid_fen,
            "returned_fen": self.returned_fen,
            "counts": {kind: self.counts[kind] for kind in sorted(self.counts)},
            "in_flight_fen": self.in_flight_fen,
            "unexplained_fen": self.unexplained_fen,
            "in_flight": [_told(item) for item in self.in_flight],
            "unexplained": [_told(item) for item in self.unexplained],
        }


def _told(item: Clearing) -> list[object]:
    return [item.name, item.reference, item.amount_fen, item.since.isoformat(), item.age_days]
