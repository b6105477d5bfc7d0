"""What funds need of the outside: a treasury that pays, and the payees behind our references to their accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast

from zhida.domain.postings import StatementLine, Word
from zhida.kernel.ports import wired


@dataclass(frozen=True)
class Payee:
    """Whom to pay: the name and the full account number, held only as long as an order is being sent."""

    name: str
    account_number: str

    def __repr__(self) -> str:
        return f"Payee(name={self.name[:1]}*, account_number=*{self.account_number[-4:]})"


@dataclass(frozen=True)
class PaymentOrder:
    """One payment to make. `reference` is ours, stable, and the only thing by which the treasury knows it again."""

    reference: str
    payee: Payee
    amount_fen: int
    purpose: str
    requested_on: date


@dataclass(frozen=True)
class Answer:
    """The treasury's word on one reference; `amount_fen` is what the treasury holds, 0 where it holds nothing."""

    reference: str
    word: Word
    amount_fen: int = 0
    treasury_reference: str = ""
    reason: str = ""
    booked_on: date | None = None


class TreasuryPort(Protocol):
    """A treasury or a bank that pays for it.

    Every call may raise RetryableOutside: code `not_sent` where nothing left this host, any other code where the
    treasury may have taken the request. A call that succeeds may answer fewer references than it was asked.
    """

    @property
    def deduplicates(self) -> bool:
        """Whether the treasury contracts to pay a reference once however often it is sent; else we never resend."""

    def instruct(self, orders: Sequence[PaymentOrder]) -> tuple[Answer, ...]:
        """Sends orders; a repeated reference is answered as it was the first time where the port de-duplicates."""

    def ask(self, references: Collection[str]) -> tuple[Answer, ...]:
        """What the treasury holds under each reference."""

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """Every movement booked on a day (Asia/Shanghai), payments and returns."""


class PayeePort(Protocol):
    """Opens references to bank accounts at the moment of paying; each opening is the registry's to note."""

    def payees(self, account_refs: Collection[str]) -> Mapping[str, Payee]:
        """The payee behind each reference; a reference that may not be paid now is left out."""


@dataclass(frozen=True)
class StatementFile:
    """A statement that a person brought as a file: its day and every movement on it."""

    day: date
    lines: tuple[StatementLine, ...]


class StatementPort(Protocol):
    """Reads statements that come as files."""

    def read(self, body: bytes) -> StatementFile:
        """The statement in a file. Raises FinalOutside `unreadable_statement` where it is none, or does not add up."""


class NewsPort(Protocol):
    """Opens what a treasury sends us unasked."""

    def news(self, body: bytes, signature: str, *, as_of: datetime) -> tuple[Answer, ...]:
        """The answers in a raw body. Raises AccessError `forged_news` where the treasury did not sign it just now."""


def treasury() -> TreasuryPort:
    """The installation's treasury."""
    return cast(TreasuryPort, wired("treasury"))


def statements() -> StatementPort:
    """The installation's way to read a statement's file."""
    return cast(StatementPort, wired("statements"))


def news() -> NewsPort:
    """The installation's way to open what a treasury sends. Raises AccessError where it expects none."""
    return cast(NewsPort, wired("treasury_news"))


def payees() -> PayeePort:
    """The installation's way to accounts."""
    return cast(PayeePort, wired("payees"))
