"""Statements that are wrong: every kind of anomaly that a reconciliation must name, drawn from a seed by movement."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from zhida.adapters.treasury.messages import Statement
from zhida.domain.postings import StatementLine, Word


class Anomaly(StrEnum):
    """What a statement may do to a movement."""

    MISSING = "missing"  # it is not there, on any day
    EXTRA = "extra"  # beside it stands a movement that nobody ordered
    DUPLICATE = "duplicate"  # it stands there twice
    WRONG_AMOUNT = "wrong_amount"
    SWAPPED_ACCOUNT = "swapped_account"  # it and the next one went to each other's account
    SPLIT = "split"  # it is booked in two parts
    MERGED = "merged"  # it and the next one to the same account are booked as one
    LATE = "late"  # it is booked a day later
    WRONG_DAY = "wrong_day"  # it stands on this statement with the date of another day
    REVERSAL = "reversal"  # the bank took it back on the same day


_PAIRED = (Anomaly.SWAPPED_ACCOUNT, Anomaly.MERGED)
_DAY = timedelta(days=1)


@dataclass
class Anomalies:
    """Bends statements: of the payments `rate` go wrong, in one of `kinds`; a seed bends a movement always alike.

    A pair that a kind needs (another account to swap with, the same account to merge with) may be wanting; then the
    movement stays as it is.
    """

    seed: int = 0
    rate: float = 0.0
    kinds: Collection[Anomaly] = field(default_factory=lambda: tuple(Anomaly))

    def drawn(self, line: StatementLine) -> Anomaly | None:
        """What goes wrong with a movement, None for most."""
        chance = self._chance(line)
        if not self.kinds or line.word is not Word.PAID or chance.random() >= self.rate:
            return None
        return chance.choice(sorted(self.kinds))

    def _chance(self, line: StatementLine) -> Random:
        material = f"{self.seed}|{line.treasury_reference}".encode()
        return Random(int.from_bytes(hashlib.sha256(material).digest()[:8]))

    def bend(self, stated: Callable[[date], Statement], day: date) -> Statement:
        """The statement of a day as it is handed out: bent, with what came late from the day before, adding up."""
        true = stated(day)
        if not self.rate:
            return true
        came_late = [
            replace(line, booked_on=day) for line in stated(day - _DAY).lines if self.drawn(line) is Anomaly.LATE
        ]
        lines = [*came_late, *self._bent(true.lines)]
        moved = sum(line.amount_fen if line.word is Word.RETURNED else -line.amount_fen for line in lines)
        return Statement(day, true.opening_fen, true.opening_fen + moved, tuple(lines))

    def _bent(self, lines: Sequence[StatementLine]) -> Iterator[StatementLine]:
        used: set[str] = set()
        for position, line in enumerate(lines):
            if line.treasury_reference in used:
                continue
            kind = self.drawn(line)
            partner = self._partner(kind, lines[position + 1 : position + 200], line, used) if kind in _PAIRED else None
            if partner is not None:
                used.add(partner.treasury_reference)
            yield from bent(kind, line, partner)

    def _partner(
        self, kind: Anomaly | None, following: Sequence[StatementLine], line: StatementLine, used: Collection[str]
    ) -> StatementLine | None:
        """The next payment to swap or to merge with, of those that nothing else befalls."""
        for other in following:
            is_same = other.account_tail == line.account_tail
            is_free = other.word is Word.PAID and other.treasury_reference not in used and self.drawn(other) is None
            if is_free and is_same is (kind is Anomaly.MERGED):
                return other
        return None


def bent(kind: Anomaly | None, line: StatementLine, partner: StatementLine | None = None) -> tuple[StatementLine, ...]:
    """What a statement holds in place of a movement (and of its partner, where the kind takes one)."""
    mark = line.treasury_reference
    match kind:
        case Anomaly.MISSING | Anomaly.LATE:
            return ()
        case Anomaly.EXTRA:
            return line, replace(line, treasury_reference=f"{mark}x", reference=f"X{line.reference}"[:35])
        case Anomaly.DUPLICATE:
            return line, replace(line, treasury_reference=f"{mark}d")
        case Anomaly.WRONG_AMOUNT:
            return (replace(line, amount_fen=line.amount_fen + 1),)
        case Anomaly.SPLIT if line.amount_fen > 1:
            part = max(1, line.amount_fen // 3)
            rest = replace(line, treasury_reference=f"{mark}s", amount_fen=line.amount_fen - part)
            return replace(line, amount_fen=part), rest
        case Anomaly.WRONG_DAY:
            return (replace(line, booked_on=line.booked_on - _DAY),)
        case Anomaly.REVERSAL:
            back = replace(line, treasury_reference=f"{mark}r", word=Word.RETURNED, is_reversal=True)
            return line, back
    if partner is None:
        return (line,)
    if kind is Anomaly.MERGED:
        return (replace(line, amount_fen=line.amount_fen + partner.amount_fen),)
    swapped = replace(partner, account_tail=line.account_tail)
    return replace(line, account_tail=partner.account_tail), swapped
