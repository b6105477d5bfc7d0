"""After a grant: the entitlement taken once, its money reserved and instructed, or its credential issued."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from zhida.domain.packs import Claim
from zhida.domain.process import Finding, Issue, Pay, Review, Visit
from zhida.domain.rules import AmountState, Answer
from zhida.domain.values import Actor, FactKey, Span, local_date, new_id, utc
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import record_index
from zhida.kernel.cases.handling import Handling
from zhida.kernel.cases.instalments import Instalment, due
from zhida.kernel.cases.models import Grant
from zhida.kernel.cases.parties import on_behalf_of
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import actions as credentials
from zhida.kernel.entitlements import queries as grants
from zhida.kernel.entitlements.actions import NewGrant
from zhida.kernel.funds import queries as lines
from zhida.kernel.funds.records import NewDisbursement
from zhida.kernel.registry import queries as registry

GOLD = "gold"


def acting_alone(case: Handling) -> Actor | None:
    """The system under the standing release that lets it decide and pay this case without a person; None without one.

    Only an automatic or instant claim of a gold pack, and for money only under three signatures in force.
    """
    revision_id, line = case.row.revision_id, case.item.budget_line
    if case.row.claim == Claim.APPLIED or _tier(case, revision_id) != GOLD:
        return None
    if not case.item.pays:
        return case.by
    release = case.bench.once(("release", line), lambda: lines.release_in_force(line, as_of=case.as_of))
    return replace(case.by, standing_release=release.id) if release else None


def _tier(case: Handling, revision_id: str) -> str:
    return case.bench.once(("tier", revision_id), lambda: catalogue.revision_record(revision_id).tier)


def fulfil(case: Handling, visit: Visit) -> str:
    """Does what can be done now for an open fulfilment step; says what, "" where it must wait."""
    step = case.journey.step_of(visit)
    if not isinstance(step, Issue | Pay) or not (granted := grant_due(case)):
        return ""
    if isinstance(step, Pay):
        return "paying"
    for grant in granted:
        grant.credential = _issue(case, step)
        grant.fulfilled_at = utc(case.as_of)
        case.keep(grant)
    finish(case, visit)
    return "issued"


def finish(case: Handling, visit: Visit) -> None:
    """Ends a step that was fulfilled without anybody's hand: the treasury has settled, the credential is out."""
    doer = on_behalf_of(visit.office)
    case.go_on(case.journey.finish(visit.position, visit.office, Finding.PASSED, by=doer, on=case.today))


def grant_due(case: Handling) -> list[Grant]:
    """Grants every instalment that has come due and is not granted yet; money is reserved with it."""
    fresh = []
    for instalment in ungranted(case):
        grant = _grant(case, instalment)
        if grant is None:
            break
        fresh.append(grant)
    return fresh


def ungranted(case: Handling) -> list[Instalment]:
    """The instalments that have come due and are not granted yet."""
    done = {grant.period for grant in case.grants}
    come = due(case.item.schedule, case.submitted_on, case.today)
    return [instalment for instalment in come if instalment.period not in done]


def _grant(case: Handling, instalment: Instalment) -> Grant | None:
    """One grant with its money, or None where the facts no longer carry it: then a person looks."""
    row, item = case.row, case.item
    found = case.assessed(instalment.on)
    if found.assessment.answer is not Answer.ENTITLED:
        return None
    if item.pays and found.assessment.amount is not AmountState.KNOWN:
        return None
    inputs = case.freeze("payment", found, instalment.on, instalment.period)
    actor = acting_alone(case) or case.by
    new = NewGrant(
        new_id("grant"),
        row.id,
        row.subject_id,
        row.item,
        row.revision_id,
        _keys(case, instalment, found),
        found.assessment.amount_fen if item.pays else None,
        instalment.period or row.period,
        found.deducted_fen,
        inputs,
    )
    case.bench.granted.append((actor, new))
    case.has_granted()
    grant = Grant(case=row, entitlement_id=new.grant_id, period=instalment.period, due_on=instalment.on)
    if new.amount_fen:
        grant.disbursement = order_payment(case, new.grant_id, new.amount_fen, actor)
    case.grants.append(grant)
    case.keep(grant)
    return grant


def _keys(case: Handling, instalment: Instalment, found: CaseAssessment) -> tuple[str, ...]:
    record = None
    if case.row.record:
        relation = found.facts.get(FactKey(case.item.for_each))
        record = relation.value[record_index(case.row, found.facts)] if relation else None
    subject_id, number = case.row.subject_id, instalment.number
    return grants.claim_keys(case.item, subject_id, found.facts, instalment.on, record=record, instalment=number)


def order_payment(case: Handling, grant_id: str, amount_fen: int, actor: Actor) -> str:
    """Has a grant's money committed, and paid where a standing release lets the system; the disbursement's id."""
    new = NewDisbursement(
        new_id("disbursement"),
        grant_id,
        case.row.subject_id,
        amount_fen,
        case.row.bank_account,
        telling.titles_of(case.row)[0],
    )
    case.bench.payments.append((actor, case.item.budget_line, new))
    return new.disbursement_id


def _issue(case: Handling, step: Issue) -> str:
    holder = registry.subject(case.row.subject_id, scope=case.scope)
    credential_id = new_id("credential")
    zh, en = telling.titles_of(case.row)
    credentials.issue(
        credential_id=credential_id,
        case_id=case.row.id,
        subject_id=case.row.subject_id,
        kind=step.credential or case.item.benefit.credential,
        claims={"holder": holder.name, "title_zh": zh, "title_en": en, "office": case.row.office, **_parts(case)},
        valid=Span(local_date(case.as_of), case.pack.valid.end),
        by=replace(case.by, office=case.row.office),
        as_of=case.as_of,
    )
    return credential_id


def _parts(case: Handling) -> dict[str, Any]:
    """What each office of a joint review passed, when, and by which clauses; nothing where one office reviewed."""
    parts = []
    for visit, step in case.journey.joined:
        ruled = step.requirements if isinstance(step, Review) else ()
        cited = [anchor for name in ruled for anchor in case.pack.requirements[name].cites] or [*step.cites]
        on = visit.done_on.isoformat() if visit.done_on else ""
        parts.append({"office": visit.office, "on": on, "clauses": cited})
    return {"item": case.row.item, "parts": parts} if parts else {}
