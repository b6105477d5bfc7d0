"""Stops, holds and lists: what they cover is not sent, and goes once a person lets it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.simulation.paying import LINE, OPERATOR, TREASURY, OpenPayees, instructed
from tests.unit.services.controls.letting_go import let_go
from zhida.config import wiring
from zhida.domain.errors import ConflictError, RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import Fact, FactKey, Facts, Scope, SubjectKind, new_id
from zhida.domain.values.moments import CHINA
from zhida.kernel.funds import queries, sending
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.outbox.models import Message
from zhida.services.controls import holds, lists, port
from zhida.services.controls.lifting import Kept
from zhida.services.controls.lists import Objection, PaymentList, read_lists
from zhida.services.controls.stops import StopKind, press_stop

ALL = Scope.system("test")
DEATH = PaymentList("death", "alive", False, SubjectKind.PERSON, "民政〔2020〕1号第三条")


def send(ids, treasury, now):
    return sending.send(ids, treasury=treasury, payees=OpenPayees(), by=TREASURY, as_of=now)


def state(disbursement_id: str) -> State:
    return queries.disbursement(disbursement_id, scope=ALL).state


def press(now, kind=StopKind.ALL, key=""):
    stop_id = new_id("stop")
    press_stop(stop_id=stop_id, kind=kind, key=key, reason="drill", by=OPERATOR, as_of=now)
    return stop_id


@pytest.mark.parametrize(("kind", "key"), [(StopKind.ALL, ""), (StopKind.CHANNEL, "")])
def test_a_stop_works_on_the_next_sending_and_lifting_sends_what_waits(system, treasury, now, kind, key):
    ids = instructed(system, now, 100, 200)
    if kind is StopKind.CHANNEL:
        with pytest.raises(ConflictError, match="stop_without_reason"):
            press(now, kind, key)
        key = "elsewhere"
    stop_id = press(now, kind, key)
    if kind is StopKind.CHANNEL:
        assert {outcome.state for outcome in send(ids, treasury, now)} == {State.SETTLED}
        return
    with pytest.raises(RetryableOutside):
        send(ids, treasury, now)
    assert treasury.calls == 0
    with pytest.raises(ConflictError, match="stopped_before"):
        press(now, kind, key)
    before = Message.objects.count()
    let_go(Kept.STOP, stop_id, now)
    assert Message.objects.count() == before + 1
    send(ids, treasury, now)
    assert {state(each) for each in ids} == {State.SETTLED}
    kinds = [fact.kind for fact in ledger.entries_about(stop_id)]
    assert kinds == ["funds.stopped", "funds.lifting_proposed", "funds.stop_lifted"]


def test_a_hold_waits_for_a_person_who_says_why(system, treasury, now):
    ids = instructed(system, now, 100)
    holds.hold([Objection(ids[0], "listed", "death")], as_of=now)
    with pytest.raises(RetryableOutside):
        send(ids, treasury, now)
    (row,) = holds.holds_open()
    let_go(Kept.HOLD, row.id, now, reason="the register was mistaken")
    holds.hold([Objection(ids[0], "listed", "death")], as_of=now)  # a lifted one is not raised again
    send(ids, treasury, now)
    assert state(ids[0]) is State.SETTLED
    kinds = [fact.kind for fact in ledger.entries_about(ids[0])]
    assert (kinds.count("funds.held"), kinds.count("funds.hold_lifted")) == (1, 1)


def test_a_hold_that_time_mends_is_sent_then(system, treasury, now):
    ids = instructed(system, now, 100)
    later = now + timedelta(hours=24)
    holds.hold([Objection(ids[0], "account_changed", "a", later)], as_of=now)
    with pytest.raises(RetryableOutside):
        send(ids, treasury, later - timedelta(seconds=1))
    assert Message.objects.filter(not_before=later).count() == 1
    send(ids, treasury, later)
    assert state(ids[0]) is State.SETTLED


class Registry:
    """Subjects and facts as a test sets them; `away` is a source that does not answer."""

    def __init__(self, alive: bool | None = True, *, away: bool = False, changed: bool = False) -> None:
        self.alive, self.away = alive, away

    def subjects(self, ids, *, scope):
        return {each: SimpleNamespace(kind=SubjectKind.PERSON) for each in ids}

    def facts_of_many(self, scopes, *, as_of, by):
        if self.away:
            raise OSError("the snapshot is away")
        known = {} if self.alive is None else {FactKey("alive"): Fact(self.alive)}
        return {each: Facts(known) for each in scopes}


@pytest.fixture
def registry(monkeypatch):
    """The lists are in force over a registry that the test can change."""
    found = Registry()
    monkeypatch.setattr(lists, "registry", found)
    monkeypatch.setattr(wiring, "controls", lambda: port.Controls(lambda: [DEATH]))
    return found


def test_a_death_between_decision_and_release_stops_the_payment(system, treasury, now, registry):
    ids = instructed(system, now, 100)
    registry.alive = False
    with pytest.raises(RetryableOutside):
        send(ids, treasury, now)
    assert treasury.calls == 0
    (row,) = holds.holds_open()
    assert (row.reason, row.detail) == ("listed", f"death: {DEATH.basis}")


def test_a_death_known_at_the_decision_is_held_from_then_on(system, treasury, now, registry):
    registry.alive = False
    ids = instructed(system, now, 100)
    assert [row.disbursement_id for row in holds.holds_open()] == ids


def test_a_source_that_is_away_holds_everything(system, treasury, now, registry):
    ids = instructed(system, now, 100)
    registry.away = True
    with pytest.raises(RetryableOutside, match="list_source_down"):
        send(ids, treasury, now)
    registry.away, registry.alive = False, None
    with pytest.raises(RetryableOutside):
        send(ids, treasury, now)
    assert (treasury.calls, holds.holds_open()[0].reason) == (0, "list_silent")
    registry.alive = True
    send(ids, treasury, now + timedelta(hours=1))
    assert state(ids[0]) is State.SETTLED


def test_a_list_counts_for_its_lines_and_until_it_expires(now):
    on = now.date()
    assert DEATH.counts_for(LINE, on)
    narrow = PaymentList("x", "alive", False, SubjectKind.PERSON, "b", on, frozenset({"other"}))
    assert not narrow.counts_for("other", on)
    assert narrow.counts_for("other", on - timedelta(days=1))
    assert not narrow.counts_for(LINE, on - timedelta(days=1))


def test_lists_are_data_with_a_basis(tmp_path):
    path = tmp_path / "lists.json"
    assert read_lists(path) == ()
    entry = {"name": "death", "attribute": "alive", "value": False, "audience": "person", "basis": DEATH.basis}
    path.write_text(json.dumps([entry]), "utf-8")
    assert read_lists(path) == (DEATH,)
    for wrong in ({**entry, "basis": ""}, {**entry, "value": "no"}, {"name": "x"}, {**entry, "audience": "cat"}):
        path.write_text(json.dumps([wrong]), "utf-8")
        with pytest.raises(ConflictError, match="malformed_lists"):
            read_lists(path)


def test_accounts_that_are_young_changed_or_superseded(now, monkeypatch):
    day = timedelta(days=1)

    def account(number, since, learned=None):
        began = (now - since).astimezone(CHINA).date()
        return SimpleNamespace(id=number, valid_from=began, recorded_at=now - (since if learned is None else learned))

    hour = timedelta(hours=1)
    present = {
        "first": account("a", hour),
        "changed": account("a", hour),
        "back-dated": account("a", 90 * day, learned=2 * hour),
        "learned long ago": account("a", timedelta(0), learned=9 * day),
        "old": account("a", 9 * day),
        "older than our notes": SimpleNamespace(id="a", valid_from=(now - 9 * day).date(), recorded_at=None),
        "gone": account("b", 9 * day),
    }
    changed = frozenset(present) - {"first"}
    monkeypatch.setattr(port.registry, "bank_accounts", lambda ids, *, scope, on: present)
    monkeypatch.setattr(port.registry, "with_changed_account", lambda ids, *, on: changed)
    payments = [
        SimpleNamespace(id=each, subject_id=each, account_ref="a") for each in (*present, "without any account")
    ]
    controls = port.Controls(list)
    told = {each.payment: (each.reason, each.until) for each in controls._of_accounts(payments, now)}
    midnight = datetime.combine(now.astimezone(CHINA).date(), datetime.min.time(), CHINA)
    assert told == {
        "first": ("first_payment_to_account", now),
        "changed": ("account_changed", now - hour + day),
        "back-dated": ("account_changed", now - 2 * hour + day),
        "learned long ago": ("account_changed", midnight + day),
        "gone": ("account_superseded", None),
    }


@pytest.mark.parametrize("is_malformed", [False, True])
def test_a_source_that_is_away_at_the_decision_holds_what_is_decided(
    system, treasury, now, registry, monkeypatch, is_malformed
):
    def unreadable():
        raise ConflictError("malformed_lists", "no JSON")

    if is_malformed:
        monkeypatch.setattr(wiring, "controls", lambda: port.Controls(unreadable))
    registry.away = not is_malformed
    ids = instructed(system, now, 100)
    (row,) = holds.holds_open()
    assert (row.reason, row.until) == ("list_source_down", now + timedelta(hours=1))
    with pytest.raises(RetryableOutside, match="list_source_down"):
        send(ids, treasury, now)
    registry.away = False
    monkeypatch.setattr(wiring, "controls", lambda: port.Controls(lambda: [DEATH]))
    with pytest.raises(RetryableOutside, match="no_final_answer"):
        send(ids, treasury, now + timedelta(minutes=59))
    assert treasury.calls == 0
    send(ids, treasury, now + timedelta(hours=1))
    assert state(ids[0]) is State.SETTLED


@pytest.mark.parametrize(
    ("granted_fen", "revoked_at", "reason"),
    [(100, None, None), (99, None, "amount_differs"), (100, 1, "grant_revoked")],
)
def test_what_is_paid_is_what_was_granted(system, now, monkeypatch, granted_fen, revoked_at, reason):
    grant = SimpleNamespace(id="g", subject_id="s", amount_fen=granted_fen, revoked_at=revoked_at)
    monkeypatch.setattr(port.grants, "grants_by_id", lambda ids: [grant])
    payment = SimpleNamespace(id="d", grant_id="g", subject_id="s", amount_fen=100)
    assert [each.reason for each in port._of_amounts([payment])] == ([reason] if reason else [])
