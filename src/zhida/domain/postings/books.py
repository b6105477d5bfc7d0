"""The state of a budget line, and each movement that it allows as the posting to write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.postings.posting import Kind, Posting, account, check_amount, kind_and_line


class Move(StrEnum):
    """Every movement of money that the books know."""

    ALLOCATE = "allocate"
    CURTAIL = "curtail"
    RESERVE = "reserve"
    CANCEL = "cancel"
    INSTRUCT = "instruct"
    SETTLE = "settle"
    VOID = "void"
    RETURN = "return"
    RECOVER = "recover"


_FROM_TO = {
    Move.ALLOCATE: (Kind.BUDGET, Kind.AVAILABLE),
    Move.CURTAIL: (Kind.AVAILABLE, Kind.BUDGET),
    Move.RESERVE: (Kind.AVAILABLE, Kind.COMMITTED),
    Move.CANCEL: (Kind.COMMITTED, Kind.AVAILABLE),
    Move.INSTRUCT: (Kind.COMMITTED, Kind.IN_FLIGHT),
    Move.SETTLE: (Kind.IN_FLIGHT, Kind.PAID),
    Move.VOID: (Kind.IN_FLIGHT, Kind.AVAILABLE),
    Move.RETURN: (Kind.RETURNED, Kind.AVAILABLE),
    Move.RECOVER: (Kind.RECOVERED, Kind.AVAILABLE),
}


@dataclass(frozen=True)
class Standing:
    """A line's money in fen. After every posting, exactly:

        total = available + committed + in_flight + paid - returned

    `paid` counts all that ever settled and never falls; `returned` counts all of it that came back, sent back by a
    bank or recovered from a payee, and never falls either. Money that comes back is available again, so it stands in
    `paid` (it was paid), in `returned` (it came back) and in `available` (it can be spent): the identity counts it
    once. What payees hold is `paid - returned`, hence `returned <= paid`. No figure is ever negative.

    In the books total is the credit balance of `budget`, returned that of `returned` and `recovered` together, the
    others are debit balances of accounts of the same name; the identity says that all balances sum to zero.
    """

    line: str
    total: int = 0
    available: int = 0
    committed: int = 0
    in_flight: int = 0
    paid: int = 0
    returned: int = 0

    def __post_init__(self) -> None:
        parts = (self.total, self.available, self.committed, self.in_flight, self.paid, self.returned)
        if self.total != self.available + self.committed + self.in_flight + self.paid - self.returned:
            raise InvariantBroken("books_do_not_balance", f"{self}")
        if min(parts) < 0 or self.returned > self.paid:
            raise InvariantBroken("negative_balance", f"{self}")

    @classmethod
    def of(cls, line: str, sums: Mapping[str, int]) -> Standing:
        """The standing of a line from the `balances` of its postings; raises InvariantBroken where they do not fit."""
        held = {kind: sums.get(account(kind, line), 0) for kind in Kind}
        return cls(
            line,
            total=-held[Kind.BUDGET],
            available=held[Kind.AVAILABLE],
            committed=held[Kind.COMMITTED],
            in_flight=held[Kind.IN_FLIGHT],
            paid=held[Kind.PAID],
            returned=-held[Kind.RETURNED] - held[Kind.RECOVERED],
        )

    def after(self, posting: Posting) -> Standing:
        """The standing once a posting of this line is written. Raises InvariantBroken where it breaks the books."""
        if posting.line != self.line:
            raise InvariantBroken("wrong_line", f"{posting.id} is of {posting.line}, not of {self.line}")
        into, out_of = (kind_and_line(name)[0] for name in (posting.debit, posting.credit))
        return self.changed(into, out_of, posting.amount_fen)

    def changed(self, into: Kind, out_of: Kind, amount_fen: int) -> Standing:
        """The standing once so much has moved between two of its accounts. Raises InvariantBroken as `after`."""
        gaining, losing = _FIGURE[into], _FIGURE[out_of]
        changes = {name: getattr(self, name) for name in (gaining[0], losing[0])}
        changes[gaining[0]] += gaining[1] * amount_fen
        changes[losing[0]] -= losing[1] * amount_fen
        return replace(self, **changes)

    def limit(self, move: Move) -> int | None:
        """The most fen that a movement may move now; None where the line sets no limit."""
        if move is Move.ALLOCATE:
            return None
        if move in (Move.RETURN, Move.RECOVER):
            return self.paid - self.returned
        return int(getattr(self, _FIGURE[_FROM_TO[move][0]][0]))


# Each account's figure in a standing, and whether a debit raises (1) or lowers (-1) it.
_FIGURE = {
    Kind.BUDGET: ("total", -1),
    Kind.AVAILABLE: ("available", 1),
    Kind.COMMITTED: ("committed", 1),
    Kind.IN_FLIGHT: ("in_flight", 1),
    Kind.PAID: ("paid", 1),
    Kind.RETURNED: ("returned", -1),
    Kind.RECOVERED: ("returned", -1),
}


def move_all(standing: Standing, move: Move, amounts_fen: Sequence[int]) -> Standing:
    """The standing once so many movements of one kind are made, as one `post` after the other would leave it.

    Raises as `post`, with the sum where all of it does not fit: either all are made or none.
    """
    for amount_fen in amounts_fen:
        check_amount(amount_fen)
    whole_fen = sum(amounts_fen)
    _check_limit(standing, move, whole_fen)
    into, out_of = sides(move)
    return standing.changed(into, out_of, whole_fen)


def sides(move: Move) -> tuple[Kind, Kind]:
    """The kinds of account that a movement debits and credits."""
    out_of, into = _FROM_TO[move]
    return into, out_of


def post(standing: Standing, move: Move, *, posting_id: str, amount_fen: int, at: datetime, why: str) -> Posting:
    """The posting that makes a movement of `amount_fen` on the standing's line.

    Raises ConflictError `over_committed` for reserving more than is available, `line_holds_too_little` for any other
    movement of more than is there (settling what is not in flight, returning more than payees hold), and
    InvariantBroken for an amount that is not a positive integer.
    """
    check_amount(amount_fen)
    _check_limit(standing, move, amount_fen)
    into, out_of = sides(move)
    line = standing.line
    return Posting(posting_id, account(into, line), account(out_of, line), amount_fen, at, why)


def _check_limit(standing: Standing, move: Move, amount_fen: int) -> None:
    limit = standing.limit(move)
    if limit is not None and amount_fen > limit:
        words = f"{standing.line}: cannot {move} {amount_fen} fen, only {limit} fen are there"
        hint = "whoever owns the budget line: read its standing again"
        if move is Move.RESERVE:
            raise ConflictError("over_committed", words, hint)
        raise ConflictError("line_holds_too_little", words, hint)
