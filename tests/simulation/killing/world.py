"""A small province for killing: many firms with a decided claim before them, and a treasury that is another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from sqlite3 import connect
from unittest.mock import patch

from tests.simulation.killing.boundary import DeadlyTransport
from tests.simulation.paying import OneBank
from tests.spec.province import Province
from zhida.adapters.treasury.client import HttpTreasury
from zhida.adapters.treasury.payees import RegistryPayees
from zhida.config import wiring
from zhida.domain.postings import State
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.actions.claiming import Claimant
from zhida.kernel.cases.models import Grant
from zhida.kernel.funds.actions import INSTRUCT
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.funds.sending import instruct_handler
from zhida.kernel.outbox.models import Message
from zhida.kernel.outbox.pump import pump
from zhida.kernel.registry import actions as registry
from zhida.services.controls.recall_sending import recall_handler
from zhida.services.controls.recalling import RECALL

PACK = "mingzhou/job-retention-refund"
ITEM = f"{PACK}/refund"
_FACTS = {
    "mingzhou-unemployment-insurance": {
        "unemployment_insurance_months@2025": 12,
        "unemployment_insurance_paid_fen@2025": 9_481_250,
        "layoff_rate@2025": "0.0349",
        "insured_heads@2025": 86,
    },
    "mingzhou-statistics": {"enterprise_size": "small"},
    "mingzhou-market-regulation": {"registered_region": "990102"},
    "mingzhou-credit": {"seriously_discredited": False},
}


@dataclass
class World:
    """Claims that wait for their decision, a clock that moves when told, and the treasury's address."""

    province: Province
    address: str
    book: Path
    waiting: list[str] = field(default_factory=list)
    firms: int = 0

    @property
    def now(self) -> datetime:
        """The instant at which this world acts."""
        return self.province.now

    @property
    def system(self) -> Actor:
        """Who acts when nobody does."""
        return self.province.system

    @property
    def line(self) -> str:
        """The budget line of every payment here."""
        return self.province.line_of(ITEM)

    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.province.now += timedelta(seconds=seconds)

    def treasury(self) -> HttpTreasury:
        """A client of this process's own, each call between two boundaries."""
        return HttpTreasury(self.address, timeout_s=30, transport=DeadlyTransport(verify=False))

    def decide(self, case_id: str) -> None:
        """Lets the rules decide: granted, reserved and instructed in one transaction."""
        cases.advance(case_id=case_id, by=self.system, as_of=self.now)

    def pump(self, treasury: HttpTreasury) -> None:
        """One turn of the outbox."""
        handler = instruct_handler(
            treasury=lambda: treasury, payees=RegistryPayees, by=self.system, record=cases.record_outcomes
        )
        asking_back = recall_handler(by=self.system, record=cases.record_outcomes)
        with one_bank(treasury):
            pump({INSTRUCT: handler, RECALL: asking_back}, as_of=self.now)

    def payments(self, case_id: str) -> list[Disbursement]:
        """The disbursements of a case's grant, the oldest first."""
        grants = Grant.objects.filter(case_id=case_id).values_list("entitlement_id", flat=True)
        return list(Disbursement.objects.filter(grant_id__in=list(grants)).order_by("reserved_at", "pk"))

    def is_idle(self) -> bool:
        """Whether no order waits to be sent, and none to be taken back."""
        return not Message.objects.filter(kind__in=(INSTRUCT, RECALL), state=Message.State.WAITING).exists()

    def movements(self, references: list[str]) -> dict[str, list[str]]:
        """What the treasury's own book says of each reference: `paid` and `returned`, in their order."""
        found: dict[str, list[str]] = {reference: [] for reference in references}
        query = "SELECT p.reference, m.word FROM movement m JOIN payment p ON p.number = m.payment ORDER BY m.number"
        with connect(self.book) as database:
            for reference, word in database.execute(query):
                if reference in found:
                    found[reference].append(word)
        database.close()
        return found

    def found_claims(self, number: int) -> None:
        """So many firms, each with a claim whose public notice has ended: the next look decides it."""
        firms = [self._firm(self.firms + each) for each in range(number)]
        self.firms += number
        today = local_date(self.now)
        kind = SubjectKind.ORGANISATION
        for source, facts in _FACTS.items():
            rows = [{"subject": firm, **facts} for firm in firms]
            registry.receive_batch(
                kind=kind, source=source, observed_on=today, rows=rows, by=self.system, as_of=self.now
            )
        registry.build_snapshot(kind=kind, dictionary=self.province.dictionary, by=self.system, as_of=self.now)
        claimants = [Claimant(firm, "990102") for firm in firms]
        opened = cases.open_automatic(item_id=ITEM, claimants=claimants, by=self.system, as_of=self.now)
        for firm, case_id in zip(firms, opened, strict=True):
            agent = self.province.agent_of(firm)
            cases.submit(case_id=case_id, waives_undo=True, by=agent, as_of=self.now)
            self.decide(case_id)
        self.province.now += timedelta(days=8)
        self.waiting = list(opened)

    def _firm(self, number: int) -> str:
        subject = registry.NewSubject(new_id("subject"), SubjectKind.ORGANISATION, f"某公司{number}", "990102")
        registry.register_subject(subject=subject, by=self.system, as_of=self.now)
        registry.register_account(
            account_id=new_id("account"),
            subject_id=subject.id,
            number=f"622202{number:012d}1",  # the simulated bank refuses an account that ends in 0000
            holder=subject.name,
            bank="明州银行",
            source="mingzhou-market-regulation",
            valid_from=local_date(self.now),
            by=self.system,
            as_of=self.now,
        )
        return subject.id


@contextmanager
def founded(home: Path, *, claims: int, deduplicates: bool = True) -> Iterator[World]:
    """A world with so many claims before their decision; its treasury process ends with it."""
    bank = home / "bank"
    command = [sys.executable, "-m", "zhida.adapters.treasury.simulator", "--port", "0", "--home", str(bank)]
    more = [] if deduplicates else ["--no-deduplication"]
    province = Province.found(home, today=date(2026, 11, 16))
    with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True) as process:
        try:
            world = World(province, process.stdout.readline().strip(), bank / "treasury.sqlite3")
            province.publish(PACK)
            world.found_claims(claims)
            yield world
        finally:
            province.treasury.book.close()
            process.terminate()


@contextmanager
def one_bank(treasury: HttpTreasury) -> Iterator[None]:
    """While inside, every line is paid, and asked back, through this client."""
    with patch.object(wiring, "channels", lambda: OneBank(treasury)):
        yield


def live(payments: list[Disbursement]) -> Disbursement:
    """The newest payment of a grant."""
    return payments[-1]


FINAL = frozenset({State.SETTLED, State.VOIDED, State.RETURNED})
