"""What the pages of limits, transfers and recoveries show, as frozen records: presenters fill them, templates print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.desk.acts import Act
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import LedgerRow, Page, Told


@dataclass(frozen=True)
class Card:
    """Something that waits for a hand: what it is, what it would change, and who may do what with it.

    `figures` are budget lines before and after, each with the words that name it; `fact` leads to the ledger.
    """

    title: str
    rows: tuple[Told, ...]
    acts: tuple[Act, ...]
    next_words: str
    fact: str
    figures: tuple[tuple[str, LedgerRow], ...] = ()


@dataclass(frozen=True)
class Past:
    """Something that is over: what it was, who began it, what became of it, and its fact in the ledger."""

    what: str
    amount_fen: int | None
    who: str
    at: datetime | None
    state: str
    state_words: str
    fact: str


@dataclass(frozen=True)
class LimitLine:
    """A limit in force, for each signature or for all of one person in a day."""

    duty: str
    line: str
    up_to_fen: int
    per: str


@dataclass(frozen=True)
class LimitPage:
    """How much each duty signs for at once, and what is to change of it."""

    headline: str
    limits: tuple[LimitLine, ...]
    cards: tuple[Card, ...]
    acts: tuple[Act, ...]
    past: tuple[Past, ...]


@dataclass(frozen=True)
class TransferPage:
    """Money on its way from one budget line to another."""

    headline: str
    cards: tuple[Card, ...]
    acts: tuple[Act, ...]
    past: tuple[Past, ...]


@dataclass(frozen=True)
class RecoveryPage:
    """What payees have to give back, and what is taken for it out of later payments."""

    headline: str
    debts: tuple[Card, ...]
    set_offs: tuple[Card, ...]
    past: tuple[Past, ...]


@dataclass(frozen=True)
class RecallPage:
    """What banks are asked to give back."""

    headline: str
    cards: tuple[Card, ...]
    past: tuple[Past, ...]


@dataclass(frozen=True)
class ObligationLine:
    """One obligation of one payment: whose, what, until when, and what became of its breach."""

    payee: str
    words: str
    item: Text
    ends_on: date
    when: str
    held_fen: int
    href: str
    reference: str
    found: str


@dataclass(frozen=True)
class ObligationPage:
    """What payees promised: what ends soon, what was found broken, what runs; one page of it all."""

    headline: str
    soon: tuple[ObligationLine, ...]
    broken: tuple[ObligationLine, ...]
    running: tuple[ObligationLine, ...]
    page: Page
    soon_days: int
