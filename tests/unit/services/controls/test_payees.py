"""Payees that look odd are held for a person: many behind one account, many payments to one in a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.simulation.paying import LINE, OPERATOR, TREASURY, OpenPayees, new_disbursement
from tests.unit.services.controls.letting_go import let_go
from zhida.config import wiring
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import Scope, SubjectKind, local_date, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.queries import sharing_account
from zhida.services.controls.holds import holds_open
from zhida.services.controls.lifting import Kept
from zhida.services.controls.payees import same_name
from zhida.services.controls.port import Controls

ALL = Scope.system("test")


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    controls = Controls(lambda: (), timedelta(0), payees_per_account=2, payments_per_day=2)
    monkeypatch.setattr(wiring, "controls", lambda: controls)


def person(now, number, holder="某厂"):
    subject_id, account_id = new_id("subject"), new_id("account")
    subject = registry.NewSubject(subject_id, SubjectKind.ORGANISATION, "某厂", "990102")
    registry.register_subject(subject=subject, by=OPERATOR, as_of=now)
    registry.register_account(
        account_id=account_id, subject_id=subject_id, number=number, holder=holder, bank="甲", source="made up",
        valid_from=local_date(now), by=OPERATOR, as_of=now,
    )  # fmt: skip
    return subject_id, account_id


def to(subject_id, account_id):
    return replace(new_disbursement(100), subject_id=subject_id, account_ref=account_id)


def instruct(system, now, *new):
    actions.reserve_many(line=LINE, disbursements=new, by=system, as_of=now)
    ids = [each.disbursement_id for each in new]
    actions.instruct_many(disbursement_ids=ids, by=system, as_of=now)
    return ids


def send(ids, treasury, now):
    return sending.send(ids, treasury=treasury, payees=OpenPayees(), by=TREASURY, as_of=now)


def state_of(payment):
    return queries.disbursement(payment, scope=ALL).state


def test_an_account_of_too_many_payees_waits_for_a_person(system, treasury, now):
    people = [person(now, "62220212345678") for _ in range(3)]
    other = person(now, "62220212345679")
    shared, alone = instruct(system, now, to(*people[0]), to(*other))
    with pytest.raises(RetryableOutside):
        send([shared, alone], treasury, now)
    assert (state_of(shared), state_of(alone)) == (State.INSTRUCTED, State.SETTLED)
    (hold,) = (each for each in holds_open() if each.reason == "account_shared")
    assert hold.detail == "3 payees have this account"
    let_go(Kept.HOLD, hold.id, now, reason="one farm of three owners")
    send([shared], treasury, now)
    assert state_of(shared) is State.SETTLED


@pytest.mark.parametrize(
    ("holder", "goes"),
    [("某厂", True), (" 某 厂", True), ("某·厂", True), ("某厂有限公司", False), ("王五", False)],
)
def test_an_account_in_another_name_waits_for_a_person(system, treasury, now, holder, goes):
    (payment,) = instruct(system, now, to(*person(now, "62220212345678", holder)))
    if goes:
        send([payment], treasury, now)
    else:
        with pytest.raises(RetryableOutside):
            send([payment], treasury, now)
    assert state_of(payment) is (State.SETTLED if goes else State.INSTRUCTED)
    assert ("holder_differs" in {each.reason for each in holds_open()}) is not goes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿里木·买买提", "阿里木•买买提"),
        ("ＡＢＣ（中国）公司", "abc(中国) 公司"),
        ("𠮷田", "𠮷田"),
        ("张　三", "张三"),
    ],
)
def test_two_spellings_of_one_name(one, other):
    assert same_name(one) == same_name(other)
    assert same_name(one) != same_name(other + "二")


def test_an_account_that_was_left_is_not_shared_any_more(system, now):
    people = [person(now, "62220212345678") for _ in range(3)]
    today, tomorrow = local_date(now), local_date(now) + timedelta(days=1)
    registry.register_account(
        account_id=new_id("account"), subject_id=people[2][0], number="62220299999999", holder="某厂", bank="甲",
        source="made up", valid_from=tomorrow, by=OPERATOR, as_of=now,
    )  # fmt: skip
    account = people[0][1]
    assert sharing_account([account, new_id("account")], on=today) == {account: 3}
    assert sharing_account([account], on=tomorrow) == {account: 2}
    assert sharing_account([account], on=today - timedelta(days=1)) == {account: 0}


def test_a_burst_of_payments_to_one_payee_waits_from_the_one_too_many_on(system, treasury, now):
    payee = person(now, "62220212345678")
    ids = instruct(system, now, *(to(*payee) for _ in range(4)))
    with pytest.raises(RetryableOutside):
        send(ids, treasury, now)
    assert [state_of(each) for each in sorted(ids)].count(State.SETTLED) == 2
    assert [each.reason for each in holds_open()].count("payee_burst") == 2
    (later,) = instruct(system, now, to(*payee))
    with pytest.raises(RetryableOutside):
        send([later], treasury, now)
    (tomorrow,) = instruct(system, now, to(*payee))
    send([tomorrow], treasury, now + timedelta(days=1))
    assert state_of(tomorrow) is State.SETTLED
