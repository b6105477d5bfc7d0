"""Budget lines' books held open for one transaction: standings locked, postings gathered, both written at the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from zhida.domain import postings as domain
from zhida.domain.errors import ConflictError
from zhida.domain.values import new_id, utc
from zhida.kernel.funds import models

FIGURES = ("total", "available", "committed", "in_flight", "paid", "returned")


class OpenBooks:
    """The books of some lines, locked in the order of their ids so that two transactions never wait for each other."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Locks the standings. Raises ConflictError for a line that was never opened."""
        wanted = sorted(set(lines))
        rows = models.Standing.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        self._rows = {row.line_id: row for row in rows}
        for line in wanted:
            if line not in self._rows:
                raise ConflictError("no_such_line", f"no budget line {line!r}", "whoever owns it: open the line first")
        self._standings = {line: standing_of(row) for line, row in self._rows.items()}
        self._postings: list[models.Posting] = []

    def move(
        self,
        line: str,
        move: domain.Move,
        amount_fen: int,
        *,
        why: str,
        at: datetime,
        posting_id: str = "",
        of: str = "",
    ) -> None:
        """Makes one movement; `of` names its disbursement. Raises ConflictError where the line cannot make it."""
        number = posting_id or new_id("posting")
        posting = domain.post(self._standings[line], move, posting_id=number, amount_fen=amount_fen, at=at, why=why)
        self._standings[line] = self._standings[line].after(posting)
        self._postings.append(
            models.Posting(
                id=posting.id,
                line_id=line,
                disbursement_id=of or None,
                debit=domain.kind_and_line(posting.debit)[0],
                credit=domain.kind_and_line(posting.credit)[0],
                amount_fen=amount_fen,
                why=why,
                posted_at=utc(at),
            )
        )

    def write(self) -> None:
        """Writes the postings and the standings they lead to."""
        if not self._postings:
            return
        models.Posting.objects.bulk_create(self._postings)
        for line in {posting.line_id for posting in self._postings}:
            row, standing = self._rows[line], self._standings[line]
            for figure in FIGURES:
                setattr(row, figure, getattr(standing, figure))
            row.save(update_fields=FIGURES)


def standing_of(row: models.Standing) -> domain.Standing:
    """The domain's standing of a stored row."""
    return domain.Standing(row.line_id, **{figure: getattr(row, figure) for figure in FIGURES})
