"""On which day a notice is shown, so that nobody is flooded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta


class Pace:
    """Hands out days: at most `most` notices a subject a day; what is over waits for the next day with room."""

    def __init__(self, most: int, taken: Iterable[tuple[str, date, int]]) -> None:
        self._most = most
        self._taken: Counter[tuple[str, date]] = Counter()
        for subject_id, day, count in taken:
            self._taken[subject_id, day] += count

    def next_day(self, subject_id: str, day: date) -> date:
        """The first day from `day` on with room for this subject; the room is then taken."""
        while self._taken[subject_id, day] >= self._most:
            day += timedelta(days=1)
        self._taken[subject_id, day] += 1
        return day
