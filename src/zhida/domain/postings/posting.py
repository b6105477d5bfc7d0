"""One movement of money between two accounts, and the sums over many. What one account gains another loses.

The chain of a budget line is budget → available → committed → in flight → paid. A debit adds to an account, a credit
takes from it. Two accounts only ever give: `budget`, out of which the line is filled, and `returned` with `recovered`,
through which paid money comes back; their balances are never positive.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import utc


class Kind(StrEnum):
    """The kinds of account; an account is a kind and a budget line, written `<kind>:<line>`."""

    BUDGET = "budget"
    AVAILABLE = "available"
    COMMITTED = "committed"
    IN_FLIGHT = "in_flight"
    PAID = "paid"
    RETURNED = "returned"
    RECOVERED = "recovered"


def account(kind: Kind, line: str) -> str:
    """The name of a line's account, `available:line_01J…`. Raises InvariantBroken for an empty line."""
    if not line:
        raise InvariantBroken("malformed_account", f"{kind} of no line")
    return f"{kind}:{line}"


def kind_and_line(name: str) -> tuple[Kind, str]:
    """Splits an account's name. Raises InvariantBroken where it is none."""
    kind, _, line = name.partition(":")
    if kind not in set(Kind) or not line:
        raise InvariantBroken("malformed_account", f"{name!r} is not <kind>:<line>")
    return Kind(kind), line


@dataclass(frozen=True)
class Posting:
    """`amount_fen` (a positive integer of fen) moves from the credited to the debited account of one line.

    `at` is when it was posted, `why` the id of what caused it (a disbursement, a decision of the treasury).
    """

    id: str
    debit: str
    credit: str
    amount_fen: int
    at: datetime
    why: str

    def __post_init__(self) -> None:
        check_amount(self.amount_fen)
        into, out_of = kind_and_line(self.debit), kind_and_line(self.credit)
        if into == out_of or into[1] != out_of[1]:
            raise InvariantBroken("malformed_posting", f"{self.id}: from {self.credit} to {self.debit}")
        if not self.id or not self.why:
            raise InvariantBroken("malformed_posting", f"{self.id!r}: a posting has an id and a reason")
        utc(self.at)

    @property
    def line(self) -> str:
        """The budget line on both sides."""
        return kind_and_line(self.debit)[1]


def balances(postings: Iterable[Posting]) -> dict[str, int]:
    """Debits less credits of every account that appears, in fen. Over all accounts they sum to zero."""
    sums: dict[str, int] = {}
    for posting in postings:
        sums[posting.debit] = sums.get(posting.debit, 0) + posting.amount_fen
        sums[posting.credit] = sums.get(posting.credit, 0) - posting.amount_fen
    return sums


def check_amount(amount_fen: int) -> None:
    """Raises InvariantBroken unless the amount is a positive integer of fen."""
    if type(amount_fen) is not int or amount_fen <= 0:
        raise InvariantBroken("malformed_amount", f"{amount_fen!r} is not a positive integer of fen")
