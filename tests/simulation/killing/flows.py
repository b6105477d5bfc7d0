"""The seven ways of the money: what makes ready, what the program does (and does again), what must come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from tests.simulation.killing.world import World, live, one_bank
from zhida.domain.errors import ConflictError
from zhida.domain.postings import Proposal, RecallReason, RecallState, State, Word
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.funds import actions, queries, sending
from zhida.services.controls import recalling
from zhida.services.controls.models import Recall
from zhida.services.controls.recall_sending import listen

MAKER = Actor("maker", "maker")
CHECKER = Actor("checker", "checker")


@dataclass(frozen=True)
class Flow:
    """One way: `prepare` runs unharmed, `program` is killed and run again, `paid`: how often the grant is paid net.

    `most`: facts that may stand more than once, as the bank de-duplicates. `is_ended`: what else must have come.
    """

    name: str
    prepare: Callable[[World, str], None]
    program: Callable[[World, str], None]
    paid: int = 1
    most: Mapping[str, int] = field(default_factory=dict)
    is_ended: Callable[[World, str], bool] = lambda world, case_id: True


def _nothing(world: World, case_id: str) -> None:
    """The claim waits for its decision already."""


def _decided(world: World, case_id: str) -> None:
    world.decide(case_id)


def _approve(world: World, case_id: str) -> None:
    world.decide(case_id)


def _pay(world: World, case_id: str) -> None:
    treasury = world.treasury()
    world.pump(treasury)
    treasury.close()


class _Deaf:
    """A treasury that takes orders, and whose answer is lost on the way."""

    def __init__(self, world: World) -> None:
        self._treasury = world.treasury()

    @property
    def deduplicates(self) -> bool:
        return self._treasury.deduplicates

    def instruct(self, orders):
        self._treasury.instruct(orders)
        return ()

    def close(self) -> None:
        self._treasury.close()


def _sent_unheard(world: World, case_id: str) -> None:
    world.decide(case_id)
    treasury = _Deaf(world)
    world.pump(treasury)
    treasury.close()
    assert live(world.payments(case_id)).state == State.UNKNOWN


def _hear(world: World, case_id: str) -> None:
    treasury = world.treasury()
    sending.ask_after_open(treasury=treasury, by=world.system, as_of=world.now, record=cases.record_outcomes)
    treasury.close()


def _sent_back(world: World, case_id: str) -> None:
    world.decide(case_id)
    _pay(world, case_id)
    reference = live(world.payments(case_id)).reference
    told = {"reference": reference, "reason": "account_rejects_credit", "on": local_date(world.now).isoformat()}
    httpx.post(f"{world.address}/returns", json=told, trust_env=False).raise_for_status()


def _take_back_and_pay_again(world: World, case_id: str) -> None:
    treasury = world.treasury()
    first = world.payments(case_id)[0]
    if first.state == State.SETTLED:
        answers = treasury.ask([first.reference])
        cases.record_outcomes(answers=answers, by=world.system, as_of=world.now)
    if live(world.payments(case_id)).state == State.RETURNED:
        cases.pay_again(case_id=case_id, by=world.system, as_of=world.now)
    world.pump(treasury)
    treasury.close()


def _take_back_unsent(world: World, case_id: str) -> None:
    payment = live(world.payments(case_id))
    if payment.state == State.INSTRUCTED:
        actions.void(disbursement_id=payment.id, reason="taken back", by=CHECKER, as_of=world.now)
    _pay(world, case_id)


def _paid(world: World, case_id: str) -> None:
    world.decide(case_id)
    _pay(world, case_id)
    assert live(world.payments(case_id)).state == State.SETTLED


def _recall(world: World, case_id: str) -> None:
    payment = world.payments(case_id)[0].id
    given = {"reason": RecallReason.MISTAKEN, "basis": "不该付", "by": MAKER, "as_of": world.now}
    if _recall_of(payment) is None:
        recalling.order_recall(recall_id=new_id("recall"), disbursement_id=payment, **given)
    if (recall := _recall_of(payment)).state == RecallState.PROPOSED:
        recalling.confirm_recall(recall_id=recall.pk, by=CHECKER, as_of=world.now)
    treasury = world.treasury()
    world.pump(treasury)
    with one_bank(treasury):
        listen(by=world.system, as_of=world.now, record=cases.record_outcomes)
    treasury.close()


def _recall_of(payment: str) -> Recall | None:
    return Recall.objects.filter(disbursement=payment).first()


def _is_recalled(world: World, case_id: str) -> bool:
    states = Recall.objects.filter(disbursement=world.payments(case_id)[0].id).values_list("state", flat=True)
    return list(states) == [RecallState.RETURNED]


def _reconcile(world: World, case_id: str) -> None:
    treasury = world.treasury()
    day = local_date(world.now)
    lines = treasury.statement(day)
    assert all(line.word in (Word.PAID, Word.RETURNED) for line in lines)
    actions.reconcile(reconciliation_id=new_id("reconcile"), day=day, lines=lines, by=CHECKER, as_of=world.now)
    for finding in queries.findings():
        if finding.proposal is not Proposal.NONE:
            try:
                actions.apply_finding(finding_id=finding.id, note="close of day", by=CHECKER, as_of=world.now)
            except ConflictError:
                continue
    treasury.close()


FLOWS = (
    Flow("approve", _nothing, _approve),
    Flow("pay", _decided, _pay),
    Flow("callback", _sent_unheard, _hear),
    Flow("return", _sent_back, _take_back_and_pay_again),
    Flow("void", _decided, _take_back_unsent, paid=0),
    Flow("recall", _paid, _recall, paid=0, most={"funds.recall_sent": 2}, is_ended=_is_recalled),
    Flow("reconcile", _sent_unheard, _reconcile),
)
