"""The six ways of the money: what makes ready, what the program does (and does again), what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.simulation.killing.world import World, live
from zhida.domain.errors import ConflictError
from zhida.domain.postings import Proposal, State, Word
from zhida.domain.values import Actor, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.funds import actions, queries, sending

OFFICER = Actor("officer", "officer", office="")
CHECKER = Actor("checker", "checker")


@dataclass(frozen=True)
class Flow:
    """One way: `prepare` runs unharmed, `program` is killed and run again, `paid`: how often the grant is paid net."""

    name: str
    prepare: Callable[[World, str], None]
    program: Callable[[World, str], None]
    paid: int = 1


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


def _recall(world: World, case_id: str) -> None:
    payment = live(world.payments(case_id))
    if payment.state == State.INSTRUCTED:
        actions.void(disbursement_id=payment.id, reason="taken back", by=CHECKER, as_of=world.now)
    _pay(world, case_id)


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
    Flow("recall", _decided, _recall, paid=0),
    Flow("reconcile", _sent_unheard, _reconcile),
)
