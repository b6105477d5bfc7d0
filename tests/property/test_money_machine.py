"""Random lives of a budget line on the real kernel beside the model: same refusals, same figures, after every step.

Reserve, instruct, recall, send, every word of a bank at any time, return and pay again, recovery, freeze, cuts; a bank
that de-duplicates and one that does not. `ZHIDA_MACHINES=2000` runs more lives.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.audit import audit_books
from tests.property.money_model import Model, Payment
from tests.simulation import paying
from zhida.domain.errors import ConflictError
from zhida.domain.postings import Word
from zhida.domain.values import Scope, new_id
from zhida.kernel.funds import actions, queries
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.funds.ports import Answer, Payee
from zhida.kernel.funds.records import NewDisbursement
from zhida.kernel.ledger.models import Entry

NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
LIVES = int(os.environ.get("ZHIDA_MACHINES", "15"))
STEPS = 40
ALL = Scope.system("model")
PICK = st.integers(0, 30)
FEN = st.integers(1, 60)


class Money(RuleBasedStateMachine):
    """One life: a line of 200 fen under a release of 170, a handful of grants."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = transaction.atomic()
        self.rows.__enter__()
        paying.open_line(NOW, total_fen=200)
        self.system = paying.sign_release(NOW, cap_fen=170)
        self.model = Model(total=200, cap=170)
        self.grants = [new_id("grant") for _ in range(5)]
        self.numbers = [new_id("recovery") for _ in range(3)]

    def teardown(self) -> None:
        """Leaves nothing behind."""
        transaction.set_rollback(True)
        self.rows.__exit__(None, None, None)

    def _one(self, pick: int) -> Payment:
        payments = list(self.model.payments.values())
        return payments[pick % len(payments)]

    def _said(self, act, **said) -> str:
        try:
            act(as_of=NOW, **said)
        except ConflictError as error:
            return error.code
        return ""

    @rule(grant=st.integers(0, 4), fen=FEN, again=st.booleans(), pick=PICK)
    def reserve(self, grant, fen, again, pick):
        repeated = self._one(pick).id if again and self.model.payments else ""
        new = NewDisbursement(
            repeated or new_id("disbursement"), self.grants[grant], new_id("subject"), fen, "account_1", "稳岗返还"
        )
        said = self._said(actions.reserve_many, line=paying.LINE, disbursements=[new], by=self.system)
        assert said == self.model.reserve(new.disbursement_id, new.grant_id, fen)

    @precondition(lambda self: self.model.payments)
    @rule(pick=PICK)
    def instruct(self, pick):
        payment = self._one(pick)
        said = self._said(actions.instruct_many, disbursement_ids=[payment.id], by=self.system)
        assert said == self.model.instruct(payment)

    @precondition(lambda self: self.model.payments)
    @rule(pick=PICK)
    def recall(self, pick):
        payment = self._one(pick)
        said = self._said(actions.void, disbursement_id=payment.id, reason="taken back", by=paying.CHECKER)
        assert said == self.model.recall(payment)

    @precondition(lambda self: self.model.payments)
    @rule(pick=PICK, deduplicates=st.booleans())
    def send(self, pick, deduplicates):
        payment = self._one(pick)
        orders = actions.mark_sent(
            disbursement_ids=[payment.id],
            payees={"account_1": Payee("某公司", "6222021234")},
            deduplicates=deduplicates,
            by=paying.TREASURY,
            as_of=NOW,
        )
        assert bool(orders) == self.model.send(payment, deduplicates=deduplicates)
        assert all(order.amount_fen == payment.fen for order in orders)

    @precondition(lambda self: self.model.payments)
    @rule(pick=PICK, word=st.sampled_from(list(Word)), wrong=st.integers(0, 9))
    def hear(self, pick, word, wrong):
        payment = self._one(pick)
        fen = payment.fen + (wrong == 0)
        answer = Answer(payment.id.removeprefix("disbursement_"), word, fen, "T1", "", NOW.date())
        (outcome,) = actions.record_answers(answers=[answer], by=paying.TREASURY, as_of=NOW)
        assert outcome.attention == self.model.hear(payment, word.value, fen)
        assert outcome.state == payment.state

    @precondition(lambda self: any(each.state == "settled" for each in self.model.payments.values()))
    @rule(pick=PICK, fen=FEN, number=st.integers(0, 2))
    def recover(self, pick, fen, number):
        payment = self._one(pick)
        said = self._said(
            actions.recover,
            recovery_id=self.numbers[number],
            disbursement_id=payment.id,
            amount_fen=fen,
            reason="paid in error",
            by=paying.CHECKER,
        )
        assert said == self.model.recover(self.numbers[number], payment, fen)

    @rule(change=st.integers(-80, 80).filter(bool))
    def adjust(self, change):
        said = self._said(actions.adjust_line, line=paying.LINE, change_fen=change, reason="year", by=paying.OPERATOR)
        assert said == self.model.adjust(change)

    @rule(frozen=st.sampled_from([True, False, False]))
    def freeze(self, frozen):
        act = actions.freeze_line if frozen else actions.thaw_line
        assert self._said(act, line=paying.LINE, reason="audit", by=paying.OPERATOR) == self.model.freeze(frozen)

    @invariant()
    def the_books_are_the_models(self):
        standing = queries.standing(paying.LINE, scope=ALL)
        assert {name: getattr(standing, name) for name in self.model.standing} == self.model.standing
        release = queries.release_in_force(paying.LINE, as_of=NOW)
        assert release.used_fen == self.model.used
        states = dict(Disbursement.objects.values_list("id", "state"))
        assert states == {each.id: each.state for each in self.model.payments.values()}
        assert audit_books() == ()

    @invariant()
    def no_fact_is_told_twice(self):
        kinds = list(Entry.objects.filter(about__startswith="disbursement_").values_list("about", "kind"))
        once = [each for each in kinds if each[1] != "funds.recovered"]
        assert len(once) == len(set(once))


def live(lives: int, *, database: object = None) -> None:
    """So many random lives. Raises what the first that differs raises, made as short as it can be."""
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    chosen = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=database,
        suppress_health_check=health,
    )
    run_state_machine_as_test(Money, settings=chosen)


@pytest.mark.django_db(transaction=True)
def test_the_kernel_does_what_the_model_says() -> None:
    live(LIVES)
