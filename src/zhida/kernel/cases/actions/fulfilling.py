"""After a grant: the entitlement taken once, its money reserved and instructed, or its credential issued."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claim, Item
from zhida.domain.postings import State as PaymentState
from zhida.domain.process import Finding, Issue, Pay, Visit
from zhida.domain.rules import AmountState, Answer
from zhida.domain.values import Actor, FactKey, Scope, Span, local_date, new_id, utc
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import assess, freeze, item_of, record_index
from zhida.kernel.cases.instalments import Instalment, due
from zhida.kernel.cases.journeys import journey_of, locked, save
from zhida.kernel.cases.models import Case, Grant
from zhida.kernel.cases.parties import on_behalf_of
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import actions as credentials
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.funds import actions as funds
from zhida.kernel.funds import queries as lines
from zhida.kernel.funds.ports import Answer as TreasuryAnswer
from zhida.kernel.funds.records import Outcome
from zhida.kernel.notices.templates import amount_words
from zhida.kernel.registry import queries as registry

GOLD = "gold"
_FAILED = (PaymentState.VOIDED, PaymentState.RETURNED)


def acting_alone(row: Case, by: Actor, as_of: datetime) -> Actor | None:
    """The system under the standing release that lets it decide and pay this case without a person; None without one.

    Only an automatic or instant claim of a gold pack, and for money only under three signatures in force.
    """
    if row.claim == Claim.APPLIED or catalogue.revision_record(row.revision_id).tier != GOLD:
        return None
    item = item_of(row)
    if not item.pays:
        return by
    release = lines.release_in_force(item.budget_line, as_of=as_of)
    return replace(by, standing_release=release.id) if release else None


def fulfil(row: Case, visit: Visit, *, by: Actor, as_of: datetime) -> str:
    """Does what can be done now for an open fulfilment step; says what, "" where it must wait."""
    journey = journey_of(row)
    step = journey.step_of(visit)
    if isinstance(step, Issue):
        granted = grant_due(row, by=by, as_of=as_of)
        for grant in granted:
            grant.credential = _issue(row, step, by, as_of)
            grant.fulfilled_at = utc(as_of)
            grant.save(update_fields=["credential", "fulfilled_at"])
        if granted:
            _finish(row, visit, by, as_of)
        return "issued" if granted else ""
    if isinstance(step, Pay) and grant_due(row, by=by, as_of=as_of):
        return "paying"
    return ""


def grant_due(row: Case, *, by: Actor, as_of: datetime) -> list[Grant]:
    """Grants every instalment that has come due and is not granted yet; money is reserved with it."""
    item, started_on = item_of(row), local_date(row.submitted_at or as_of)
    done = set(row.grants.values_list("period", flat=True))
    fresh = []
    for instalment in due(item.schedule, started_on, local_date(as_of)):
        if instalment.period in done:
            continue
        grant = _grant(row, item, instalment, by, as_of)
        if grant is None:
            break
        fresh.append(grant)
    return fresh


def _grant(row: Case, item: Item, instalment: Instalment, by: Actor, as_of: datetime) -> Grant | None:
    """One grant with its money, or None where the facts no longer carry it: then a person looks."""
    found = assess(row, on=instalment.on, by=by, as_of=as_of)
    if found.assessment.answer is not Answer.ENTITLED:
        return None
    if item.pays and found.assessment.amount is not AmountState.KNOWN:
        return None
    if instalment.number == 1:
        freeze(row, "payment", found, instalment.on)
    actor = acting_alone(row, by, as_of) or by
    grant_id = new_id("grant")
    entitlements.grant(
        grant_id=grant_id,
        case_id=row.id,
        subject_id=row.subject_id,
        item_id=row.item,
        revision_id=row.revision_id,
        keys=_keys(row, item, instalment, found),
        amount_fen=found.assessment.amount_fen if item.pays else None,
        period=instalment.period or row.period,
        deducted_fen=found.deducted_fen,
        by=actor,
        as_of=as_of,
    )
    grant = Grant(case=row, entitlement_id=grant_id, period=instalment.period, due_on=instalment.on)
    if item.pays and found.assessment.amount_fen:
        grant.disbursement = _reserve(row, item, grant_id, found.assessment.amount_fen, actor, as_of)
    grant.save(force_insert=True)
    return grant


def _keys(row: Case, item: Item, instalment: Instalment, found: CaseAssessment) -> tuple[str, ...]:
    record = None
    if row.record:
        relation = found.facts.get(FactKey(item.for_each))
        record = relation.value[record_index(row, found.facts)] if relation else None
    return grants.claim_keys(
        item, row.subject_id, found.facts, instalment.on, record=record, instalment=instalment.number
    )


def _reserve(row: Case, item: Item, grant_id: str, amount_fen: int, actor: Actor, as_of: datetime) -> str:
    disbursement_id = new_id("disbursement")
    funds.reserve(
        disbursement_id=disbursement_id,
        line=item.budget_line,
        grant_id=grant_id,
        subject_id=row.subject_id,
        amount_fen=amount_fen,
        account_ref=row.bank_account,
        purpose=telling.titles_of(row)[0],
        by=actor,
        as_of=as_of,
    )
    if actor.standing_release:
        funds.instruct(disbursement_id=disbursement_id, by=actor, as_of=as_of)
    return disbursement_id


def _issue(row: Case, step: Issue, by: Actor, as_of: datetime) -> str:
    holder = registry.subject(row.subject_id, scope=Scope.own(frozenset({row.subject_id}), f"case:{row.id}"))
    pack, credential_id = catalogue.revision(row.revision_id), new_id("credential")
    zh, en = telling.titles_of(row)
    credentials.issue(
        credential_id=credential_id,
        case_id=row.id,
        subject_id=row.subject_id,
        kind=step.credential or item_of(row).benefit.credential,
        claims={"holder": holder.name, "title_zh": zh, "title_en": en, "office": pack.owner, "region": row.region},
        valid=Span(local_date(as_of), pack.valid.end),
        by=replace(by, office=row.office),
        as_of=as_of,
    )
    return credential_id


@transaction.atomic
def record_outcomes(*, answers: Iterable[TreasuryAnswer], by: Actor, as_of: datetime) -> tuple[Outcome, ...]:
    """Takes in the treasury's answers and carries each to its case: the `Recorder` that `funds.sending` is given."""
    outcomes = funds.record_answers(answers=answers, by=by, as_of=as_of)
    moved = {outcome.disbursement_id: outcome for outcome in outcomes if outcome.has_moved}
    found = Grant.objects.filter(disbursement__in=moved).values_list("disbursement", "case_id")
    for disbursement_id, case_id in sorted(found, key=lambda each: each[1]):
        _record_outcome(locked(case_id), moved[disbursement_id], by, as_of)
    return outcomes


def _record_outcome(row: Case, outcome: Outcome, by: Actor, as_of: datetime) -> None:
    amount = amount_words(outcome.amount_fen)
    if outcome.state is PaymentState.SETTLED:
        row.grants.filter(disbursement=outcome.disbursement_id).update(fulfilled_at=utc(as_of))
        _finish_payment(row, by, as_of)
        tail = _tail(row, as_of)
        telling.tell(row, "paid", {"amount": amount, "account": tail}, by=by, as_of=as_of)
    elif outcome.state in _FAILED:
        row.grants.filter(disbursement=outcome.disbursement_id).update(fulfilled_at=None)
        reason = outcome.reason or "—"
        telling.tell(row, "payment_failed", {"amount": amount, "reason": reason}, by=by, as_of=as_of)


def _finish_payment(row: Case, by: Actor, as_of: datetime) -> None:
    if row.grants.filter(fulfilled_at=None).exists():
        return
    journey = journey_of(row)
    for visit in journey.open:
        if isinstance(journey.step_of(visit), Pay):
            _finish(row, visit, by, as_of)
            return


def _finish(row: Case, visit: Visit, by: Actor, as_of: datetime) -> None:
    before = journey_of(row)
    doer = on_behalf_of(visit.office)
    after = before.finish(visit.position, visit.office, Finding.PASSED, by=doer, on=local_date(as_of))
    save(row, before, after, by=by, as_of=as_of)


def _tail(row: Case, as_of: datetime) -> str:
    scope = Scope.own(frozenset({row.subject_id}), f"case:{row.id}")
    account = registry.bank_account(row.subject_id, scope=scope, on=local_date(as_of))
    return account.tail if account else ""


@transaction.atomic
def pay_again(*, case_id: str, by: Actor, as_of: datetime) -> None:
    """After a payment came back or was refused: reserves the same grants anew, to the account now on record.

    Raises ConflictError where no payment of the case has failed.
    """
    row = locked(case_id)
    item = item_of(row)
    scope = Scope.system(f"case:{row.id}")
    failed = [
        (grant, lines.disbursement(grant.disbursement, scope=scope))
        for grant in row.grants.filter(fulfilled_at=None).exclude(disbursement="")
    ]
    failed = [(grant, payment) for grant, payment in failed if payment.state in _FAILED]
    account = registry.bank_account(row.subject_id, scope=scope, on=local_date(as_of))
    if not failed or account is None:
        raise ConflictError("nothing_to_pay_again", f"no payment of {case_id} has failed", "look at its payments")
    row.bank_account = account.id
    row.save(update_fields=["bank_account"])
    actor = acting_alone(row, by, as_of) or by
    for grant, payment in failed:
        grant.disbursement = _reserve(row, item, grant.entitlement_id, payment.amount_fen, actor, as_of)
        grant.save(update_fields=["disbursement"])
