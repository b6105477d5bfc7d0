"""Budget lines' books held open for one transaction: standings locked, postings gathered, both written at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from zhida.domain import postings as domain
from zhida.domain.errors import ConflictError
from zhida.domain.values import new_id, utc
from zhida.kernel.funds import models
from zhida.kernel.tables import insert_rows, update_rows

FIGURES = ("total", "available", "committed", "in_flight", "paid", "returned")
_POSTED = ("id", "line", "disbursement", "debit", "credit", "amount_fen", "why", "posted_at")


class Movement(NamedTuple):
    """So many fen moved: `why` is the id of the cause, `of` the disbursement's; without a posting's id a fresh one."""

    amount_fen: int
    why: str
    of: str | None = None
    posting_id: str = ""


class OpenBooks:
    """The books of some lines, locked in the order of their ids so that two transactions never wait for each other."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Locks the standings. Raises ConflictError for a line that was never opened."""
        wanted = sorted(set(lines))
        rows = models.Standing.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        self._standings = {row.line_id: standing_of(row) for row in rows}
        for line in wanted:
            if line not in self._standings:
                raise ConflictError("no_such_line", f"no budget line {line!r}", "whoever owns it: open the line first")
        self._postings: list[tuple[object, ...]] = []

    def move(self, line: str, move: domain.Move, movements: Sequence[Movement], *, at: datetime) -> None:
        """Makes movements of one kind, all or none. Raises ConflictError where the line cannot make them."""
        amounts = [each.amount_fen for each in movements]
        self._standings[line] = domain.move_all(self._standings[line], move, amounts)
        debit, credit = domain.sides(move)
        posted_at = utc(at)
        for amount_fen, why, of, posting_id in movements:
            number = posting_id or new_id("posting")
            self._postings.append((number, line, of, debit, credit, amount_fen, why, posted_at))

    def write(self) -> None:
        """Writes the postings and the standings they lead to, each with one statement."""
        insert_rows(models.Posting, _POSTED, self._postings)
        changed = sorted({str(line) for _, line, *_ in self._postings})
        standings = [self._standings[line] for line in changed]
        update_rows(models.Standing, FIGURES, [(*_figures(each), each.line) for each in standings])


def standing_of(row: models.Standing) -> domain.Standing:
    """The domain's standing of a stored row."""
    return domain.Standing(row.line_id, **{figure: getattr(row, figure) for figure in FIGURES})


def _figures(standing: domain.Standing) -> Iterable[int]:
    return (getattr(standing, figure) for figure in FIGURES)
