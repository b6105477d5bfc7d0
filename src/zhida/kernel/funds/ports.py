"""What funds need of the outside: a treasury that pays, and the payees behind our references to their accounts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast

from zhida.domain.postings import StatementLine, Word
from zhida.domain.values import Actor
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


@dataclass(frozen=True)
class DuePayment:
    """A payment about to be sent, as its controls see it."""

    id: str
    grant_id: str
    subject_id: str
    account_ref: str
    line: str
    channel: str
    amount_fen: int


class ControlPort(Protocol):
    """What stands between a released payment and its sending: limits, stops, holds, lists, closed days."""

    def check_signature(self, by: Actor, line: str, amount_fen: int, *, as_of: datetime) -> None:
        """Raises AccessError where this duty does not sign for so much on this line, or this person today."""

    def examine(self, payments: Sequence[DuePayment], *, as_of: datetime, is_decision: bool = False) -> None:
        """Asks all lists about payments, at the decision and again before sending, and holds what must not go.

        Raises RetryableOutside where a list does not answer: then nothing is decided, or sent.
        """

    def held(self, payments: Sequence[DuePayment], *, as_of: datetime) -> Mapping[str, str]:
        """Which of them may not go at this instant, and why; asked in the very transaction that marks them as sent."""

    def is_closed(self, day: date, channel: str) -> bool:
        """Whether a day was closed under two signatures."""


class ChannelPort(Protocol):
    """Which bank or treasury pays a line, and the way to each by its name; "" is the one that ZHIDA_TREASURY names."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every channel."""

    def channel_of(self, line: str) -> str:
        """The channel that pays a line from now on."""

    def treasury(self, channel: str) -> TreasuryPort:
        """The way to a channel. Raises FinalOutside for one that is not configured any more."""


def controls() -> ControlPort:
    """The installation's controls."""
    return cast(ControlPort, wired("controls"))


def channels() -> ChannelPort:
    """The installation's channels."""
    return cast(ChannelPort, wired("channels"))


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
