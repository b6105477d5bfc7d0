"""A payment to staff, or to whom staff declared, waits for another person; who it is stands sealed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.simulation.paying import LINE, OPERATOR, TREASURY, OpenPayees, new_disbursement
from tests.unit.surfaces.desk.test_dump import told
from zhida.config import wiring
from zhida.domain.errors import AccessError, ConflictError, RetryableOutside
from zhida.domain.postings import State
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.models import Subject, Tie
from zhida.services.controls import kinship, lifting
from zhida.services.controls.holds import holds_open
from zhida.services.controls.kinship import NewTie
from zhida.services.controls.models import DeclaredTie
from zhida.services.controls.port import Controls
from zhida.services.controls.relatives import related_payees

NUMBER, CODE = "110101199003074477", "91990102MA00000000"
OFFICE = "office-jobs"


@pytest.fixture(autouse=True)
def _plain(monkeypatch):
    monkeypatch.setattr(wiring, "controls", lambda: Controls(lambda: (), timedelta(0)))


@pytest.fixture
def places(db, now):
    """The line's office, one above it and one beside it."""
    offices.load_regions(regions=[offices.NewRegion("990100", "某市", "")], by=OPERATOR, as_of=now)
    new = [("above", None), (OFFICE, "above"), ("beside", None)]
    offices.load_offices(
        offices=[offices.NewOffice(name, "990100", name, under, name) for name, under in new], by=OPERATOR, as_of=now
    )


@pytest.fixture
def officer(places, now):
    """Somebody who checks at the line's office, and two who could let a payment go."""

    def appointed(role, office=OFFICE):
        account = open_account(login_name=f"{role}-{office}", as_of=now)
        offices.appoint(account_id=account, office_id=office, role=role, by=OPERATOR, as_of=now)
        return Actor(account, role, office=office)

    return appointed


def subject(now, kind=SubjectKind.PERSON, **told_):
    subject_id, name = new_id("subject"), "某人"
    if kind is SubjectKind.PERSON and not told_:
        told_ = {"number": NUMBER}
    registry.register_subject(
        subject=registry.NewSubject(subject_id, kind, name, "990100", **told_), by=OPERATOR, as_of=now
    )
    account_id = new_id("account")
    registry.register_account(
        account_id=account_id, subject_id=subject_id, number="62220212345678", holder=name, bank="甲", source="made up",
        valid_from=local_date(now), by=OPERATOR, as_of=now,
    )  # fmt: skip
    return subject_id, account_id


def declare(account, tie, now, by=OPERATOR, source=kinship.OWN):
    return kinship.declare_ties(ties=[(account, tie)], source=source, by=by, as_of=now)


def send(system, payee, treasury, now):
    """One payment to the payee, as far as it goes: its id and state."""
    new = replace(new_disbursement(100), subject_id=payee[0], account_ref=payee[1])
    actions.reserve_many(line=LINE, disbursements=[new], by=system, as_of=now)
    actions.instruct_many(disbursement_ids=[new.disbursement_id], by=system, as_of=now)
    return new.disbursement_id, again(new.disbursement_id, treasury, now)


def again(payment, treasury, now):
    try:
        sending.send([payment], treasury=treasury, payees=OpenPayees(), by=TREASURY, as_of=now)
    except RetryableOutside:
        assert queries.disbursement(payment, scope=Scope.system("test")).state is State.INSTRUCTED
    return queries.disbursement(payment, scope=Scope.system("test")).state


@pytest.mark.parametrize(("office", "goes"), [(OFFICE, False), ("above", False), ("beside", True)])
def test_a_payment_to_a_declared_relative_waits_for_another_person(system, treasury, now, officer, office, goes):
    kin = officer("checker", office)
    declare(kin.account, NewTie("spouse", "某人", NUMBER), now)
    _, state = send(system, subject(now), treasury, now)
    assert state is (State.SETTLED if goes else State.INSTRUCTED)
    assert [(one.reason, one.detail) for one in holds_open()] == ([] if goes else [("payee_related", "1")])


def test_a_payment_to_staff_themselves_or_to_a_firm_they_act_for_waits(system, treasury, now, officer):
    payee = subject(now, SubjectKind.ORGANISATION, credit_code=CODE)
    kin = officer("author")
    offices.give_mandate(account_id=kin.account, subject_id=payee[0], source="register", by=OPERATOR, as_of=now)
    assert send(system, payee, treasury, now)[1] is State.INSTRUCTED
    other = subject(now, SubjectKind.ORGANISATION, credit_code="91990102MA00000019")
    assert send(system, other, treasury, now)[1] is State.SETTLED
    declare(kin.account, NewTie("firm", "某厂", "91990102MA00000019"), now)
    assert send(system, other, treasury, now)[1] is State.INSTRUCTED


def test_the_household_of_a_relative_counts_as_they_do(system, treasury, now, officer):
    person, household = subject(now), subject(now, SubjectKind.HOUSEHOLD)
    keys = dict(Subject.objects.values_list("id", "key"))
    Tie.objects.create(parent_id=keys[household[0]], member_id=keys[person[0]], relation="members")
    declare(officer("maker").account, NewTie("lineal", "某人", NUMBER), now)
    assert send(system, household, treasury, now)[1] is State.INSTRUCTED


def test_a_relative_counts_from_the_moment_the_register_knows_them(system, treasury, now, officer):
    kin = officer("maker")
    declare(kin.account, NewTie("lineal", "某人", NUMBER), now)
    assert kinship.apart_from(kin.account, as_of=now) == frozenset()
    payee = subject(now)
    assert kinship.apart_from(kin.account, as_of=now) == {payee[0]}
    assert send(system, payee, treasury, now)[1] is State.INSTRUCTED


def test_neither_of_the_two_who_let_it_go_is_the_relative(system, treasury, now, officer):
    kin, proposer, confirmer = officer("checker"), officer("maker"), officer("releaser")
    declare(kin.account, NewTie("spouse", "某人", NUMBER), now)
    payment, _ = send(system, subject(now), treasury, now)
    (hold,) = holds_open()
    asked = {"kind": lifting.Kept.HOLD, "key": hold.id, "reason": "looked at", "as_of": now}
    with pytest.raises(AccessError, match="own_interest"):
        lifting.propose_lifting(lifting_id=new_id("lifting"), by=kin, **asked)
    proposed = new_id("lifting")
    lifting.propose_lifting(lifting_id=proposed, by=proposer, **asked)
    with pytest.raises(AccessError, match="own_interest"):
        lifting.confirm_lifting(lifting_id=proposed, by=kin, as_of=now)
    lifting.confirm_lifting(lifting_id=proposed, by=confirmer, as_of=now)
    assert again(payment, treasury, now) is State.SETTLED


def test_one_more_relative_holds_again_what_was_let_go(system, treasury, now, officer):
    kin, proposer, confirmer = officer("checker"), officer("maker"), officer("releaser")
    declare(kin.account, NewTie("spouse", "某人", NUMBER), now)
    payment, _ = send(system, subject(now), treasury, now)
    lifted = new_id("lifting")
    (hold,) = holds_open()
    lifting.propose_lifting(
        lifting_id=lifted, kind=lifting.Kept.HOLD, key=hold.id, reason="x", by=proposer, as_of=now
    )  # fmt: skip
    lifting.confirm_lifting(lifting_id=lifted, by=confirmer, as_of=now)
    declare(confirmer.account, NewTie("lineal", "某人", NUMBER), now)
    assert again(payment, treasury, now) is State.INSTRUCTED
    assert [one.detail for one in holds_open()] == ["2"]


def test_who_it_is_stands_sealed_and_is_declared_once(now, officer):
    kin = officer("maker")
    payee, _ = subject(now)
    tie = NewTie("spouse", " 王秀英 ", "１１０１０１１９９００３０７４４７７")
    assert declare(kin.account, tie, now) == 1
    assert declare(kin.account, replace(tie, relation="self", number=NUMBER), now) == 0
    assert told(NUMBER, "王秀英") == []
    (row,) = DeclaredTie.objects.all()
    assert row.mark not in set(Subject.objects.values_list("number_index", flat=True))
    (one,) = kinship.ties_of(kin.account)
    assert (one.relation, one.name, one.number) == ("spouse", "王秀英", NUMBER)
    (fact,) = (one for one in ledger.entries_about(kin.account) if one.kind == "accounts.tie_declared")
    assert payee not in str(fact.fields)


@pytest.mark.parametrize(
    ("tie", "field"),
    [
        (NewTie("friend", "某", NUMBER), "relation"),
        (NewTie("spouse", " ", NUMBER), "name"),
        (NewTie("spouse", "某" * 101, NUMBER), "name"),
        (NewTie("spouse", "某\u202e", NUMBER), "name"),
        (NewTie("spouse", "某", CODE), "number"),
        (NewTie("firm", "某", "9199"), "number"),
        (NewTie("spouse", "某", ""), "number"),
    ],
)
def test_a_malformed_declaration_is_refused_whole(now, officer, tie, field):
    kin = officer("maker").account
    assert kinship.fault_of(tie, local_date(now)) == field
    with pytest.raises(ConflictError, match=r"tie_malformed.*\[2\]"):
        kinship.declare_ties(
            ties=[(kin, NewTie("spouse", "某", NUMBER)), (kin, tie)], source="own", by=OPERATOR, as_of=now
        )
    assert not DeclaredTie.objects.exists()


def test_a_tie_is_ended_by_another_and_may_be_declared_again(now, officer):
    kin = officer("operator")
    payee, _ = subject(now)
    declare(kin.account, NewTie("spouse", "某人", NUMBER), now)
    (one,) = kinship.ties_of(kin.account)
    with pytest.raises(AccessError, match="same_person"):
        kinship.end_tie(tie_id=one.id, reason="divorced", by=kin, as_of=now)
    with pytest.raises(ConflictError, match="tie_without_reason"):
        kinship.end_tie(tie_id=one.id, reason="", by=OPERATOR, as_of=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeclaredTie.objects.filter(pk=one.id).update(ended_by=kin.account, ended_at=now, end_reason="x")
    kinship.end_tie(tie_id=one.id, reason="divorced", by=OPERATOR, as_of=now)
    assert kinship.apart_from(kin.account, as_of=now) == frozenset()
    with pytest.raises(ConflictError, match="no_such_tie"):
        kinship.end_tie(tie_id=one.id, reason="divorced", by=OPERATOR, as_of=now)
    assert declare(kin.account, NewTie("spouse", "某人", NUMBER), now) == 1
    assert kinship.apart_from(kin.account, as_of=now) == {payee}


def test_a_thousand_payments_ask_no_more_than_one(system, now, officer):
    """What is asked grows with offices, not with payments."""
    declare(officer("maker").account, NewTie("spouse", "某人", NUMBER), now)
    due = [DuePayment(new_id("payment"), new_id("grant"), new_id("subject"), "", LINE, "", 1) for _ in range(1_000)]

    def asked(payments):
        with CaptureQueriesContext(connection) as found:
            assert list(related_payees(payments, as_of=now)) == []
        return len(found)

    assert asked(due) == asked(due[:1])
