"""A funded line at an office, three persons and an auditor with their duties there, and a treasury inside the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from tests.simulation import paying
from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.adapters.treasury.simulator.book import TreasuryBook
from zhida.config import wiring
from zhida.domain.values import Actor, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.funds import actions
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.offices import actions as offices

__all__ = ["Place", "place", "published"]

LINE = "jobs/retention-2026"
OFFICE = "statistics"
BATCH = new_id("batch")
ROLES = ("maker", "checker", "releaser", "auditor")
Desk = Callable[[str], Client]


@pytest.fixture
def line(published: None, actor: Actor, now: datetime) -> str:
    """A line of 10,000 yuan of the office."""
    words = {"name": "稳岗返还", "office": OFFICE, "region": "990102", "year": 2026}
    actions.open_line(line=LINE, total_fen=1_000_000, by=actor, as_of=now, **words)
    return LINE


@pytest.fixture
def staff(line: str, actor: Actor, now: datetime) -> dict[str, str]:
    """An account for each role."""
    found = {}
    for role in ROLES:
        found[role] = open_account(login_name=role, as_of=now)
        offices.appoint(account_id=found[role], office_id=OFFICE, role=role, by=actor, as_of=now)
    return found


@pytest.fixture
def desk(staff: dict[str, str]) -> Desk:
    """Somebody in a role, logged in."""

    def enter(role: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=staff[role]))
        return client

    return enter


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[paying.BookTreasury]:
    """The installation's treasury: de-duplicates, and never fails."""
    book = TreasuryBook(tmp_path / "treasury.sqlite3")
    treasury = paying.BookTreasury(book)
    monkeypatch.setattr(wiring, "treasury", lambda: treasury)
    yield treasury
    book.close()


@pytest.fixture
def waiting(line: str, place: Place, now: datetime) -> list[str]:
    """Two payments reserved under no release, one for each firm."""
    new = [
        replace(paying.new_disbursement(amount), subject_id=firm)
        for firm, amount in ((place.firm, 30_000), (place.other, 20_000))
    ]
    actions.reserve_many(line=line, disbursements=new, by=Actor("system", "system"), as_of=now)
    return [one.disbursement_id for one in new]


@pytest.fixture
def silent(waiting: list[str], line: str, staff: dict[str, str], now: datetime) -> list[str]:
    """The two, released by three hands and sent; the bank has said nothing."""
    maker, checker, releaser = (Actor(staff[role], role, office=OFFICE) for role in ROLES[:3])
    digest = actions.prepare_batch(batch_id=BATCH, disbursement_ids=waiting, by=maker, as_of=now)
    actions.check_batch(batch_id=BATCH, digest=digest, by=checker, as_of=now)
    actions.release_batch(batch_id=BATCH, digest=digest, by=releaser, as_of=now)
    system = Actor("system", "system")
    opened = paying.OpenPayees()
    refs = {row.account_ref for row in Disbursement.objects.filter(pk__in=waiting)}
    payees = opened.payees(refs)
    actions.mark_sent(disbursement_ids=waiting, payees=payees, deduplicates=False, by=system, as_of=now)
    return waiting
