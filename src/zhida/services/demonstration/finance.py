"""The three hands on the money in the demonstration: what no standing release covers, line by line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from zhida.domain.postings import State
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries as fund_queries
from zhida.kernel.funds.records import DisbursementRecord
from zhida.services.demonstration.cast import Cast

ALL = Scope.system("demonstration")


class Drawn(NamedTuple):
    """A budget line and the office that owns it."""

    line: str
    office: str


@dataclass
class Finance:
    """Maker, checker and releaser at the offices that own budget lines."""

    cast: Cast
    lines: Iterable[Drawn]

    def release(self, *, as_of: datetime) -> int:
        """All three sign for whatever waits, one batch a line; gives how many payments."""
        released = 0
        for drawn in self.lines:
            waiting = _waiting(drawn)
            if waiting:
                self._sign(drawn, waiting, ("maker", "checker", "releaser"), as_of)
            released += len(waiting)
        return released

    def leave_some(self, *, as_of: datetime) -> None:
        """On each line a third of what waits is left to the maker, a third to the checker and a third to the releaser,

        so that whoever stands in for one of them finds something to sign.
        """
        for drawn in self.lines:
            waiting = _waiting(drawn)
            for start, hands in ((1, ("maker",)), (2, ("maker", "checker"))):
                if part := waiting[start::3]:
                    self._sign(drawn, part, hands, as_of)

    def _sign(self, drawn: Drawn, payments: list[DisbursementRecord], hands: tuple[str, ...], as_of: datetime) -> None:
        batch_id = new_id("batch")
        maker, *others = (self.cast.officer(hand, drawn.office) for hand in hands)
        ids = [payment.id for payment in payments]
        digest = funds.prepare_batch(batch_id=batch_id, disbursement_ids=ids, by=maker, as_of=as_of)
        for sign, by in zip((funds.check_batch, funds.release_batch), others, strict=False):
            sign(batch_id=batch_id, digest=digest, by=by, as_of=as_of)


def _waiting(drawn: Drawn) -> list[DisbursementRecord]:
    """What is committed on a line and nobody has signed for yet; in an order that every run of a seed shares."""
    found = fund_queries.disbursements(scope=ALL, line=drawn.line, states=[State.RESERVED], limit=2_000)
    free = [payment for payment in found if payment.release is None and payment.batch is None]
    return sorted(free, key=lambda payment: (payment.subject_id, payment.amount_fen))
