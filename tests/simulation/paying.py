"""What tests about money share: a funded line, three persons, a release, and a treasury that runs inside the test."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from ulid import ULID

from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.adapters.treasury.simulator.recalls import RecallBook
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import RecallAnswer, RecallRequest, StatementLine, Word
from zhida.domain.values import Actor, Span, new_id
from zhida.kernel.funds import actions
from zhida.kernel.funds.ports import Answer, Payee, PaymentOrder, TreasuryPort
from zhida.kernel.funds.records import NewDisbursement

LINE = "jobs/retention-2026"
OPERATOR = Actor(new_id("account"), "operator")
MAKER, CHECKER, RELEASER = (Actor(new_id("account"), duty) for duty in ("maker", "checker", "releaser"))
TREASURY = Actor("treasury", "system")


def open_line(now: datetime, *, line: str = LINE, total_fen: int = 1_000_000) -> None:
    """A funded budget line of a made-up office."""
    words = {"name": "稳岗返还", "office": "office-jobs", "region": "990100", "year": 2026}
    actions.open_line(line=line, total_fen=total_fen, by=OPERATOR, as_of=now, **words)


def sign_release(now: datetime, *, line: str = LINE, cap_fen: int = 1_000_000) -> Actor:
    """The system, acting under a release that three persons have signed for the year."""
    release_id = new_id("release")
    valid = Span(date(2026, 1, 1), date(2027, 1, 1))
    actions.prepare_release(release_id=release_id, line=line, cap_fen=cap_fen, valid=valid, by=MAKER, as_of=now)
    actions.check_release(release_id=release_id, by=CHECKER, as_of=now)
    actions.sign_release(release_id=release_id, by=RELEASER, as_of=now)
    return Actor("system", "system", standing_release=release_id)


def new_disbursement(amount_fen: int = 100_000, *, chance: Random | None = None) -> NewDisbursement:
    """A payment for a fresh grant and subject; with ids drawn from `chance`, so that a seeded run replays."""

    def fresh(kind: str) -> str:
        return f"{kind}_{ULID.from_bytes(chance.randbytes(16))}" if chance else new_id(kind)

    return NewDisbursement(
        fresh("disbursement"), fresh("grant"), fresh("subject"), amount_fen, fresh("bankaccount"), "稳岗返还"
    )


def reserved(system: Actor, now: datetime, *amounts: int, line: str = LINE) -> list[str]:
    """The ids of fresh disbursements, reserved."""
    new = [new_disbursement(amount) for amount in amounts]
    actions.reserve_many(line=line, disbursements=new, by=system, as_of=now)
    return [each.disbursement_id for each in new]


def instructed(system: Actor, now: datetime, *amounts: int, line: str = LINE) -> list[str]:
    """The ids of fresh disbursements, instructed."""
    ids = reserved(system, now, *amounts, line=line)
    actions.instruct_many(disbursement_ids=ids, by=system, as_of=now)
    return ids


@dataclass
class OpenPayees:
    """Opens every account reference, to the same number each time; `held` ones stay shut, `tails` sets their ends."""

    held: set[str] = field(default_factory=set)
    tails: dict[str, str] = field(default_factory=dict)

    def payees(self, account_refs: Collection[str]) -> Mapping[str, Payee]:
        return {
            ref: Payee("某公司", f"622202{sum(ref.encode()):06d}{self.tails.get(ref, '1234')}")
            for ref in account_refs
            if ref not in self.held
        }


@dataclass
class BookTreasury:
    """A TreasuryPort straight onto a simulated treasury's book, with the faults of a seed and no network between.

    `cut` is called before and after every exchange, so that a test can kill the program there.
    """

    book: TreasuryBook
    faults: Faults = field(default_factory=Faults)
    late_s: float = 5.0
    cut: Callable[[], None] = lambda: None
    calls: int = 0

    @property
    def deduplicates(self) -> bool:
        return self.book.deduplicates

    def instruct(self, orders: Sequence[PaymentOrder]) -> tuple[Answer, ...]:
        self.calls += 1
        self.cut()
        fault = self.faults.draw(orders[0].reference, is_paying=True)
        if fault is Fault.LOST_REQUEST:
            raise RetryableOutside("no_answer", fault)
        delay_s = self.late_s if fault is Fault.LATE else 0.0
        answers = self.book.take(orders, delay_s=delay_s)
        self.cut()
        return _said(fault, answers)

    def ask(self, references: Collection[str]) -> tuple[Answer, ...]:
        self.cut()
        fault = self.faults.draw(min(references), is_paying=False)
        answers = _said(fault, self.book.ask(references))
        self.cut()
        return answers

    def recall(self, requests: Sequence[RecallRequest]) -> tuple[RecallAnswer, ...]:
        self.cut()
        fault = self.faults.draw(requests[0].recall_id, is_paying=True)
        if fault is Fault.LOST_REQUEST:
            raise RetryableOutside("no_answer", fault)
        answers = RecallBook(self.book, late_s=self.late_s).take(requests)
        self.cut()
        return _resolved(fault, answers)

    def ask_recalls(self, recall_ids: Collection[str]) -> tuple[RecallAnswer, ...]:
        self.cut()
        fault = self.faults.draw(min(recall_ids), is_paying=False)
        answers = _resolved(fault, RecallBook(self.book, late_s=self.late_s).ask(recall_ids))
        self.cut()
        return answers

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        return self.book.statement(day).lines


@dataclass(frozen=True)
class OneBank:
    """A ChannelPort: every line is paid by one treasury."""

    port: TreasuryPort
    names: tuple[str, ...] = ("",)

    def channel_of(self, line: str) -> str:
        return ""

    def treasury(self, channel: str) -> TreasuryPort:
        return self.port


def _resolved(fault: Fault, answers: tuple[RecallAnswer, ...]) -> tuple[RecallAnswer, ...]:
    if fault in (Fault.NONE, Fault.WRONG_AMOUNT):
        return answers
    if fault in (Fault.TWICE, Fault.PARTIAL):
        return answers + answers if fault is Fault.TWICE else answers[1::2]
    raise RetryableOutside("no_answer", fault)


def _said(fault: Fault, answers: list[dict[str, Any]]) -> tuple[Answer, ...]:
    said = tuple(
        Answer(
            answer["reference"],
            Word(answer["word"]),
            answer["amount_fen"],
            answer["treasury_reference"],
            answer["reason"],
            date.fromisoformat(answer["booked_on"]) if answer["booked_on"] else None,
        )
        for answer in answers
    )
    match fault:
        case Fault.NONE:
            return said
        case Fault.TWICE:
            return said + said
        case Fault.PARTIAL:
            return said[1::2]
        case Fault.WRONG_AMOUNT:
            return tuple(Answer(each.reference, each.word, each.amount_fen + 1) for each in said)
    raise RetryableOutside("no_answer", fault)
