"""News from the treasury, and what a person decides on a statement, carried to the cases; paying again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.process import Pay
from zhida.domain.values import Actor, Scope, local_date, utc
from zhida.kernel.cases.actions.fulfilling import acting_alone, finish, order_payment
from zhida.kernel.cases.bench import Bench
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.models import Grant
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries as lines
from zhida.kernel.funds.ports import Answer
from zhida.kernel.funds.records import Outcome
from zhida.kernel.notices.templates import amount_words
from zhida.kernel.registry import queries as registry

_FAILED = (State.VOIDED, State.RETURNED)


@transaction.atomic
def record_outcomes(*, answers: Iterable[Answer], by: Actor, as_of: datetime) -> tuple[Outcome, ...]:
    """Takes in the treasury's answers and carries each to its case: the `Recorder` that `funds.sending` is given."""
    given = list(answers)
    ids = lines.ids_of([answer.reference for answer in given])
    owners = dict(Grant.objects.filter(disbursement__in=ids.values()).values_list("disbursement", "case_id"))
    bench = Bench(as_of)
    # Cases are taken in hand before funds lock their rows, as everywhere else, so that nobody waits in a ring.
    cases = {case.row.id: case for case in Handling.together(set(owners.values()), by=by, bench=bench)}
    outcomes = funds.record_answers(answers=given, by=by, as_of=as_of)
    moved = [each for each in outcomes if each.has_moved and each.disbursement_id in owners]
    tails = _account_tails([cases[owners[each.disbursement_id]].row.subject_id for each in moved], as_of)
    for outcome in moved:
        case = cases[owners[outcome.disbursement_id]]
        _carry(case, outcome, tails.get(case.row.subject_id, ""))
    bench.write()
    return outcomes


@transaction.atomic
def apply_finding(*, finding_id: str, disbursement_id: str, note: str, by: Actor, as_of: datetime) -> Outcome:
    """Does what a finding of the reconciliation proposes for a payment, and carries it to the case it is about.

    Raises ConflictError where the finding is about another payment; otherwise as `funds.actions.apply_finding`.
    """
    owner = Grant.objects.filter(disbursement=disbursement_id).values_list("case_id", flat=True).first()
    bench = Bench(as_of)
    # The case is taken in hand before funds lock their rows: see `record_outcomes`.
    cases = Handling.together([owner] if owner else [], by=by, bench=bench)
    outcome = funds.apply_finding(finding_id=finding_id, note=note, by=by, as_of=as_of)
    if outcome.disbursement_id != disbursement_id:
        raise ConflictError("finding_of_another", f"{finding_id} is not about {disbursement_id}", "look at it again")
    for case in cases if outcome.has_moved else ():
        _carry(case, outcome, _account_tails([case.row.subject_id], as_of).get(case.row.subject_id, ""))
    bench.write()
    return outcome


def _account_tails(subject_ids: Sequence[str], as_of: datetime) -> dict[str, str]:
    """The last digits of each account that money now goes to: a notice names no more of it."""
    accounts = registry.bank_accounts(subject_ids, scope=Scope.system("settlement"), on=local_date(as_of))
    return {subject_id: account.tail for subject_id, account in accounts.items()}


def _carry(case: Handling, outcome: Outcome, tail: str) -> None:
    amount = amount_words(outcome.amount_fen)
    grant = next(grant for grant in case.grants if grant.disbursement == outcome.disbursement_id)
    if outcome.state is State.SETTLED:
        grant.fulfilled_at = utc(case.as_of)
        case.keep(grant)
        _finish_payment(case)
        case.tell("paid", {"amount": amount, "account": tail})
    elif outcome.state in _FAILED:
        grant.fulfilled_at = None
        case.keep(grant)
        case.tell("payment_failed", {"amount": amount, "reason": outcome.reason or "—"})


def _finish_payment(case: Handling) -> None:
    """The step of paying ends once nothing of it is open; a case that goes on paying is looked at again."""
    if any(grant.fulfilled_at is None for grant in case.grants):
        return
    for visit in case.journey.open:
        if isinstance(case.journey.step_of(visit), Pay):
            finish(case, visit)
            return
    case.go_on(case.journey)


@transaction.atomic
def pay_again(*, case_id: str, by: Actor, as_of: datetime, reason: str = "") -> None:
    """After a payment came back or was refused: reserves the same grants anew, to the account now on record.

    Records `case.paid_again` with the reason. Raises ConflictError where no payment of the case has failed.
    """
    case = Handling.of(case_id, by=by, as_of=as_of)
    scope = Scope.system(f"case:{case_id}")
    open_grants = [grant for grant in case.grants if grant.disbursement and grant.fulfilled_at is None]
    payments = [(grant, lines.disbursement(grant.disbursement, scope=scope)) for grant in open_grants]
    failed = [(grant, payment) for grant, payment in payments if payment.state in _FAILED]
    account = registry.bank_account(case.row.subject_id, scope=case.scope, on=case.today)
    if not failed or account is None:
        raise ConflictError("nothing_to_pay_again", f"no payment of {case_id} has failed", "look at its payments")
    case.row.bank_account = account.id
    case.keep(case.row)
    actor = acting_alone(case) or by
    for grant, payment in failed:
        grant.disbursement = order_payment(case, grant.entitlement_id, payment.amount_fen, actor)
        case.keep(grant)
    paid = [{"failed": payment.id, "again": grant.disbursement} for grant, payment in failed]
    case.record("case.paid_again", {"payments": paid, "reason": reason})
