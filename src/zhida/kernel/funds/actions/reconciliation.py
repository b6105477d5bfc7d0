"""Reconciling a day with the treasury's statement, and closing what it finds: no money moves but by a person's act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import (
    Comparison,
    Event,
    Expected,
    FindingKind,
    Proposal,
    State,
    StatementLine,
    Word,
    compare,
)
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.funds.actions.answers import return_, settle
from zhida.kernel.funds.models import Disbursement, Finding, Reconciliation
from zhida.kernel.funds.progress import advance, locked, step_of
from zhida.kernel.funds.records import Outcome, ReconciliationReport
from zhida.kernel.ledger import actions as ledger

APPLIED, DISMISSED, NONE_NEEDED = "applied", "dismissed", "none"
_RESOLVERS = ("checker", "releaser")


@transaction.atomic
def reconcile(
    *, reconciliation_id: str, day: date, lines: Sequence[StatementLine], by: Actor, as_of: datetime
) -> ReconciliationReport:
    """Classifies every line of a day's statement and everything it lacks; keeps the findings as `reconcile_…`.

    The same day may be reconciled again: what is still open is judged anew, what a person has closed stays closed.
    """
    Finding.objects.filter(day=day, resolution="", reconciliation__isnull=False).delete()
    closed = Finding.objects.filter(treasury_reference__in=[line.treasury_reference for line in lines])
    known = set(closed.values_list("treasury_reference", flat=True))
    fresh = [line for line in lines if line.treasury_reference not in known]
    earlier = Finding.objects.filter(word=Word.PAID, reconciliation__isnull=False)
    paid_before = set(earlier.values_list("reference", flat=True))
    comparisons = list(compare(fresh, _expected(lines, day), paid_before, day))
    net = sum(line.amount_fen if line.word is Word.PAID else -line.amount_fen for line in lines)
    row = Reconciliation.objects.create(
        id=reconciliation_id, day=day, lines=len(lines), net_fen=net, by=by.account, made_at=utc(as_of)
    )
    Finding.objects.bulk_create(_finding(row, comparison, as_of) for comparison in comparisons)
    counts = Counter(comparison.kind for comparison in comparisons)
    fields = {"day": day.isoformat(), "lines": len(lines), "net_fen": net, "findings": dict(counts)}
    ledger.record(kind="funds.reconciled", about=reconciliation_id, fields=fields, by=by, as_of=as_of)
    return ReconciliationReport(reconciliation_id, day, len(lines), net, dict(counts))


def _expected(lines: Sequence[StatementLine], day: date) -> dict[str, Expected]:
    stated = Q(reference__in=[line.reference for line in lines])
    due = Q(state__in=[State.SETTLED, State.RETURNED], booked_on=day) | Q(state=State.UNKNOWN, requested_on__lte=day)
    rows = Disbursement.objects.filter(stated | due)
    return {
        row.reference: Expected(
            row.id,
            row.reference,
            row.amount_fen,
            row.account_tail,
            State(row.state),
            row.requested_on,
            row.booked_on,
        )
        for row in rows
    }


def _finding(row: Reconciliation, comparison: Comparison, as_of: datetime) -> Finding:
    line, expected = comparison.line, comparison.expected
    is_closed = comparison.kind is FindingKind.MATCHED
    return Finding(
        id=new_id("finding"),
        reconciliation=row,
        day=row.day,
        kind=comparison.kind,
        proposal=comparison.proposal,
        disbursement_id=expected.id if expected else None,
        reference=line.reference if line else (expected.reference if expected else ""),
        treasury_reference=line.treasury_reference if line else "",
        word=line.word if line else "",
        stated_fen=line.amount_fen if line else 0,
        expected_fen=expected.amount_fen if expected else 0,
        resolution=NONE_NEEDED if is_closed else "",
        resolved_at=utc(as_of) if is_closed else None,
    )


@transaction.atomic
def apply_finding(*, finding_id: str, note: str, by: Actor, as_of: datetime) -> Outcome:
    """A person approves what a finding proposes: the disbursement is settled, returned, or released as unpaid.

    Raises AccessError unless the actor is a checker or releaser, ConflictError where the finding is closed, proposes
    nothing, or its disbursement has moved since.
    """
    finding = _open(finding_id, by)
    outcome = _applied(finding, by, as_of)
    _close(finding, APPLIED, note, by, as_of)
    return outcome


def _applied(finding: Finding, by: Actor, as_of: datetime) -> Outcome:
    disbursement_id, moved = finding.disbursement_id or "", finding.treasury_reference
    match finding.proposal:
        case Proposal.SETTLE:
            return settle(
                disbursement_id=disbursement_id, booked_on=finding.day, treasury_reference=moved, by=by, as_of=as_of
            )
        case Proposal.RETURN:
            return return_(
                disbursement_id=disbursement_id,
                reason="returned_by_statement",
                booked_on=finding.day,
                treasury_reference=moved,
                by=by,
                as_of=as_of,
            )
        case Proposal.RELEASE:
            (row,) = locked([disbursement_id])
            step = step_of(row, Event.RELEASED)
            row.reason = "absent_from_statement"
            return advance([step], by=by, as_of=as_of)[0]
    raise ConflictError("nothing_proposed", f"{finding.id} proposes nothing", "work it out outside and dismiss it")


@transaction.atomic
def dismiss_finding(*, finding_id: str, note: str, by: Actor, as_of: datetime) -> None:
    """A person closes a finding without moving anything, and says why. Raises as `apply_finding`."""
    if not note:
        raise ConflictError("dismissed_without_note", "a dismissal says why", "write down what was found out")
    _close(_open(finding_id, by), DISMISSED, note, by, as_of)


def _open(finding_id: str, by: Actor) -> Finding:
    if by.duty not in _RESOLVERS:
        raise AccessError("wrong_duty", f"a {by.duty} does not close findings", "ask a checker or a releaser")
    finding = Finding.objects.select_for_update().filter(pk=finding_id, resolution="").first()
    if finding is None:
        raise ConflictError("finding_closed", f"{finding_id} is not open", "look at the findings again")
    return finding


def _close(finding: Finding, resolution: str, note: str, by: Actor, as_of: datetime) -> None:
    finding.resolution, finding.note = resolution, note
    finding.resolved_by, finding.resolved_at = by.account, utc(as_of)
    finding.save(update_fields=["resolution", "note", "resolved_by", "resolved_at"])
    about = finding.disbursement_id or ""
    fields = {"kind": finding.kind, "resolution": resolution, "note": note, "disbursement": about}
    ledger.record(kind="funds.finding_closed", about=finding.id, fields=fields, by=by, as_of=as_of)
