"""The smallest province on which one yuan can go its whole way: one pack, its officers, a treasury, a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.simulation.paying import BookTreasury
from zhida.adapters.treasury.payees import RegistryPayees
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.domain.packs import Dictionary, Root
from zhida.domain.values import Actor, Facts, Scope, Span, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.actions import PastDecision
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import RevisionRecord
from zhida.kernel.funds.actions import INSTRUCT
from zhida.kernel.funds.sending import instruct_handler
from zhida.kernel.outbox.pump import pump
from zhida.kernel.registry import actions as registry
from zhida.services.demonstration import founding

PACKS = Path(__file__).parents[2] / "packs"


@dataclass
class Treasury(BookTreasury):
    """A treasury that remembers, by payee, what it paid."""

    names: dict[str, str] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)

    def instruct(self, orders: Any) -> Any:
        """Pays, and notes it under the payee's name."""
        answers = super().instruct(orders)
        for order in orders:
            self.paid[order.payee.name] = self.paid.get(order.payee.name, 0) + order.amount_fen
        return answers

    def paid_to(self, subject_id: str) -> int:
        """Fen paid to a subject."""
        return self.paid.get(self.names[subject_id], 0)


@dataclass
class Province:
    """An installation founded from `packs/`, with a clock that only moves when told."""

    now: datetime
    root: Root
    treasury: Treasury
    system: Actor = field(default_factory=lambda: Actor("system", "system"))

    @classmethod
    def found(cls, home: Path, *, today: date) -> Province:
        """Regions, offices and dictionary are taken over; nothing is published yet."""
        now = datetime(today.year, today.month, today.day, 2, tzinfo=UTC)
        files = {path.relative_to(PACKS).as_posix(): path.read_bytes() for path in PACKS.rglob("*") if path.is_file()}
        operator = Actor("operator", "operator")
        root = founding.take_over(files, by=operator, as_of=now)
        return cls(now, root, Treasury(TreasuryBook(home / "treasury.sqlite3")))

    @property
    def dictionary(self) -> Dictionary:
        """What attributes mean."""
        return self.root.dictionary

    def new_id(self, kind: str) -> str:
        """A fresh id."""
        return new_id(kind)

    def publish(self, pack_id: str) -> RevisionRecord:
        """Published by its author, read by its owner, run over past decisions; its money under three signatures."""
        pack = self.root.packs[pack_id]
        author, reader = (Actor(name, "author", office=pack.owner) for name in ("author", "reader"))
        revision_id = founding.publish(self.root, pack_id, reader=reader, by=author, as_of=self.now)
        cases.replay(
            revision_id=revision_id,
            decisions=list(past_decisions()),
            source="decisions of the paper years",
            by=reader,
            as_of=self.now,
        )
        for line, _, office in founding.budget_lines(self.root):
            if line == next(iter(pack.items.values())).budget_line:
                self._fund(line, office, pack.region)
        return catalogue.revision_record(revision_id)

    def _fund(self, line: str, office: str, region: str) -> None:
        by = Actor("operator", "operator")
        today = local_date(self.now)
        founding.open_line(line, office=office, region=region, total_fen=10**11, on=today, by=by, as_of=self.now)
        signatories = founding.Signatories(*(Actor(duty, duty) for duty in ("maker", "checker", "releaser")))
        valid = Span(today, date(today.year + 1, 1, 1))
        founding.sign_standing_release(line, cap_fen=10**10, valid=valid, signatories=signatories, as_of=self.now)

    def register_firm(self, name: str, *, region: str) -> str:
        """A firm with its bank account; its id."""
        subject = registry.NewSubject(new_id("subject"), SubjectKind.ORGANISATION, name, region)
        registry.register_subject(subject=subject, by=self.system, as_of=self.now)
        registry.register_account(
            account_id=new_id("account"),
            subject_id=subject.id,
            number=f"622202{len(self.treasury.names):09d}0123",
            holder=name,
            bank="明州银行",
            source="mingzhou-market-regulation",
            valid_from=local_date(self.now),
            by=self.system,
            as_of=self.now,
        )
        self.treasury.names[subject.id] = name
        return subject.id

    def receive(self, subject_id: str, *, source: str, facts: Mapping[str, Any]) -> None:
        """One source's batch of one row."""
        report = registry.receive_batch(
            kind=SubjectKind.ORGANISATION,
            source=source,
            observed_on=local_date(self.now),
            rows=[{"subject": subject_id, **facts}],
            by=self.system,
            as_of=self.now,
        )
        assert report.landed == 1, report

    def agent_of(self, subject_id: str) -> Actor:
        """Somebody with a mandate for a firm."""
        return Actor("agent", "agent", subject=subject_id)

    def scope_of(self, subject_id: str) -> Scope:
        """What that somebody sees."""
        return Scope.own(frozenset({subject_id}), "spec")

    def item_words(self, item_id: str) -> dict[str, tuple[str, str]]:
        """What a notice says of an item."""
        published = catalogue.item(item_id, as_of=self.now)
        zh, en = (published.pack.words[language].items[published.item.name] for language in ("zh", "en"))
        return {"item": (zh.title, en.title), "how_much": (zh.how_much, en.how_much)}

    def line_of(self, item_id: str) -> str:
        """The budget line an item draws on."""
        return catalogue.item(item_id, as_of=self.now).item.budget_line

    def advance(self, case_id: str, *, after: timedelta = timedelta()) -> None:
        """Lets time pass, then lets the system look at the case."""
        self.now += after
        cases.advance(case_id=case_id, by=self.system, as_of=self.now)

    def pump(self) -> None:
        """The outbox sends what waits."""
        handler = instruct_handler(
            treasury=lambda: self.treasury, payees=RegistryPayees, by=self.system, record=cases.record_outcomes
        )
        report = pump({INSTRUCT: handler}, as_of=self.now)
        assert report.parked == 0, report


def past_decisions() -> list[PastDecision]:
    """A hundred and twenty decisions on job retention, worked out by hand: 5.2 % or less, or 20 % with at most 30."""
    found = []
    for number in range(120):
        rate, heads, is_large = number % 24, 10 + 5 * (number % 7), number % 3 == 0
        is_granted = rate <= 5 or (heads <= 30 and rate <= 20)
        facts = {
            "registered_region": "990102",
            "seriously_discredited": False,
            "enterprise_size": "large" if is_large else "small",
            "unemployment_insurance_months@2025": 12,
            "unemployment_insurance_paid_fen@2025": 1_000 * number,
            "layoff_rate@2025": f"0.{rate:02d}",
            "insured_heads@2025": heads,
        }
        amount_fen = 1_000 * number * (30 if is_large else 60) // 100
        found.append(
            PastDecision(
                item="mingzhou/job-retention-refund/refund",
                on=date(2026, 5, 6),
                facts=Facts.of({key: _exact(key, value) for key, value in facts.items()}),
                is_granted=is_granted,
                amount_fen=amount_fen if is_granted else None,
            )
        )
    return found


def _exact(key: str, value: Any) -> Any:

    return Decimal(value) if key.startswith("layoff_rate") else value
