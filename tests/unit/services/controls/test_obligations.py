"""What payees owe after payment: when each obligation ends, what is listed, and what a breach leads to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.simulation.paying import MAKER, TREASURY, OpenPayees, instructed
from zhida.domain.packs import Obligation
from zhida.domain.values import Scope, new_id
from zhida.kernel.entitlements.records import Grant
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds import sending
from zhida.services.controls import obligations as room
from zhida.services.controls.obligations import ends_on, obligations, obligations_of
from zhida.services.controls.recovering import order_recovery, withdraw_recovery

ALL = Scope.system("test")


@pytest.mark.parametrize(
    ("until", "years", "granted_on", "end"),
    [
        (date(2027, 12, 31), None, date(2026, 3, 3), date(2027, 12, 31)),
        (None, 5, date(2026, 3, 3), date(2031, 3, 3)),
        (None, 1, date(2028, 2, 29), date(2029, 2, 28)),
        (None, 4, date(2028, 2, 29), date(2032, 2, 29)),
    ],
)
def test_an_obligation_ends_on_its_day_or_so_many_years_after_the_grant(until, years, granted_on, end):
    assert ends_on(Obligation("stay", until, years, "recover", ()), granted_on) == end


STAY = Obligation("stay", None, 5, "recover", ("a6",))
TELL = Obligation("tell", date(2026, 4, 1), None, "recover", ("a7",))


@pytest.fixture
def paid(system, treasury, now, monkeypatch):
    """Two payments of an item with two obligations, granted today."""
    ids = instructed(system, now, 100, 200)
    sending.send(ids, treasury=treasury, payees=OpenPayees(), by=TREASURY, as_of=now)

    def grants_by_id(grant_ids):
        return tuple(
            Grant(each, "case", "subject", "x/y", "", "rev", 100, "", (), now, date(2026, 3, 3), None, "")
            for each in grant_ids
        )

    monkeypatch.setattr(room.entitlements, "grants_by_id", grants_by_id)
    monkeypatch.setattr(room.catalogue, "item_of", lambda revision, item: SimpleNamespace(obligations=(STAY, TELL)))
    return ids


def told(now: datetime) -> list[tuple[str, str, bool]]:
    found = obligations(scope=ALL, as_of=now)
    return [(each.disbursement_id, each.name, each.is_broken) for each in found]


def test_what_ends_first_stands_first_and_what_was_kept_goes_after_a_while(paid, now):
    first, second = sorted(paid)
    assert told(now) == [
        (first, "tell", False),
        (second, "tell", False),
        (first, "stay", False),
        (second, "stay", False),
    ]
    (tell, *_) = obligations(scope=ALL, as_of=now)
    assert (tell.ends_on, tell.days_left(date(2026, 3, 3)), tell.held_fen) == (date(2026, 4, 1), 29, 100)
    over = datetime(2026, 5, 1, 2, tzinfo=now.tzinfo)
    assert [each[1] for each in told(over)] == ["tell", "tell", "stay", "stay"]
    assert [each[1] for each in told(over + timedelta(days=1))] == ["stay", "stay"]
    assert obligations(scope=Scope(), as_of=now) == ()


def test_a_breach_is_an_order_that_names_it_and_stays_listed(paid, now):
    first, _ = sorted(paid)
    debt_id = new_id("debt")
    order_recovery(
        debt_id=debt_id, disbursement_id=first, amount_fen=100, basis="第六条", obligation="tell", by=MAKER, as_of=now
    )
    later = now + timedelta(days=100)
    assert told(later) == [(first, "tell", True), (first, "stay", False), (max(paid), "stay", False)]
    withdraw_recovery(debt_id=debt_id, by=MAKER, as_of=now)
    assert told(later) == [(first, "stay", False), (max(paid), "stay", False)]


def test_what_binds_the_payee_of_one_payment(paid, monkeypatch):
    payment = funds.disbursement(paid[0], scope=ALL)
    assert obligations_of(payment) == (STAY, TELL)
    monkeypatch.setattr(room.entitlements, "grants_by_id", lambda ids: ())
    assert obligations_of(payment) == ()
