"""Money that a payee gave back in part is not given back whole by the bank as well: a person looks first."""

from __future__ import annotations

from tests.simulation import paying
from zhida.domain.postings import FindingKind, State, Word
from zhida.domain.values import Scope, local_date, new_id
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.models import Finding
from zhida.kernel.funds.ports import Answer


def test_a_return_after_a_recovery_moves_nothing_and_is_found(system, treasury, payees, now):
    (paid,) = paying.instructed(system, now, 100)
    paying.instructed(system, now, 500)
    sending.send([paid], treasury=treasury, payees=payees, by=paying.TREASURY, as_of=now)
    actions.recover(
        recovery_id=new_id("recovery"),
        disbursement_id=paid,
        amount_fen=30,
        reason="paid in error",
        by=paying.CHECKER,
        as_of=now,
    )
    back = Answer(paid.removeprefix("disbursement_"), Word.RETURNED, 100, "T1", "", local_date(now))
    (outcome,) = actions.record_answers(answers=[back], by=paying.TREASURY, as_of=now)
    assert (outcome.state, outcome.attention) == (State.SETTLED, "recovered_before")
    assert Finding.objects.get().kind == FindingKind.CONTRADICTION
    assert queries.standing(paying.LINE, scope=Scope.system("test")).returned == 30
