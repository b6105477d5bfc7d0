"""Reconciling a day with the treasury's statement, and closing what it finds: no money moves but by a person's act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import (
    Comparison,
    Event,
    Expected,
    FindingKind,
    Listed,
    Proposal,
    State,
    StatementLine,
    Word,
    compare,
)
from zhida.domain.values import Actor, new_id, utc
from zhida.kernel.funds.actions.answers import return_, settle
from zhida.kernel.funds.models import Disbursement, Finding, Reconciliation
from zhida.kernel.funds.ports import Answer, controls
from zhida.kernel.funds.progress import advance, locked, step_of
from zhida.kernel.funds.records import Outcome, ReconciliationReport
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.tables import insert_rows

APPLIED, DISMISSED, NONE_NEEDED = "applied", "dismissed", "none"
_RESOLVERS = ("checker", "releaser")
_CHUNK = 5_000
_EXPECTED = ("id", "reference", "amount_fen", "account_tail", "state", "requested_on", "booked_on", "account_ref")
_FIELDS = [each.name for each in Finding._meta.concrete_fields]
Row = TypeVar("Row", bound=Model)


@transaction.atomic
def reconcile(
    *,
    reconciliation_id: str,
    day: date,
    lines: Sequence[StatementLine],
    by: Actor,
    as_of: datetime,
    listed: Iterable[Answer] | None = None,
    channel: str = "",
) -> ReconciliationReport:
    """Classifies every line of a day's statement and everything it lacks; keeps the findings as `reconcile_…`.

    `listed` is the treasury's own list, the third side, where it was asked. The same day may be reconciled again: what
    is still open is judged anew, what a person has closed stays closed. Raises ConflictError `day_closed`.
    """
    if controls().is_closed(day, channel):
        words = f"{day} was closed under two signatures"
        raise ConflictError("day_closed", words, "finance officer: reconcile what came since on the day it came")
    Finding.objects.filter(day=day, channel=channel, resolution="", reconciliation__isnull=False).delete()
    ours = Finding.objects.filter(channel=channel, reconciliation__isnull=False)
    moved = ours.exclude(treasury_reference="")
    known = set(_among(moved, "treasury_reference", (line.treasury_reference for line in lines)))
    fresh = [line for line in lines if line.treasury_reference not in known]
    expected = _expected(lines, day, channel)
    references = {line.reference for line in lines} | expected.keys()
    paid_before = set(_among(ours.filter(word=Word.PAID), "reference", references))
    told = None if listed is None else {each.reference: Listed(each.word, each.amount_fen) for each in listed}
    comparisons = list(compare(fresh, expected, paid_before, day, told))
    net = sum(line.amount_fen if line.word is Word.PAID else -line.amount_fen for line in lines)
    row = Reconciliation.objects.create(
        id=reconciliation_id,
        channel=channel,
        day=day,
        lines=len(lines),
        net_fen=net,
        by=by.account,
        made_at=utc(as_of),
    )
    for start in range(0, len(comparisons), _CHUNK):
        some = comparisons[start : start + _CHUNK]
        insert_rows(Finding, _FIELDS, [_finding(row, each, as_of) for each in some])
    counts = Counter(comparison.kind for comparison in comparisons)
    fields = {"day": day.isoformat(), "lines": len(lines), "net_fen": net, "findings": dict(counts)}
    ledger.record(kind="funds.reconciled", about=reconciliation_id, fields=fields, by=by, as_of=as_of)
    return ReconciliationReport(reconciliation_id, day, len(lines), net, dict(counts))


def _among(rows: QuerySet[Row], field: str, values: Iterable[str], names: Sequence[str] = ()) -> Iterator[Any]:
    """Of the rows whose field is one of the values that field, or a tuple of the named ones: thousands a query, for a
    statement holds more than a query has room for, and no objects."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _CHUNK):
        found = rows.filter(**{f"{field}__in": wanted[start : start + _CHUNK]})
        yield from found.values_list(*names) if names else found.values_list(field, flat=True)


def due_references(day: date, channel: str = "") -> tuple[str, ...]:
    """The references that a day's statement of a channel should hold: what the treasury's list is asked about."""
    return tuple(_due(day, channel).values_list("reference", flat=True))


def _due(day: date, channel: str) -> QuerySet[Disbursement]:
    due = Q(state__in=[State.SETTLED, State.RETURNED], booked_on=day) | Q(state=State.UNKNOWN, requested_on__lte=day)
    return Disbursement.objects.filter(due, channel=channel)


def _expected(lines: Sequence[StatementLine], day: date, channel: str) -> dict[str, Expected]:
    """What is due, and what the lines name besides."""
    found = {row[1]: _expectation(*row) for row in _due(day, channel).values_list(*_EXPECTED)}
    others = (line.reference for line in lines if line.reference not in found)
    stated = _among(Disbursement.objects.filter(channel=channel), "reference", others, _EXPECTED)
    return found | {row[1]: _expectation(*row) for row in stated}


def _expectation(number: str, reference: str, amount_fen: int, tail: str, state: str, *rest: Any) -> Expected:
    return Expected(number, reference, amount_fen, tail, State(state), *rest)


def _finding(row: Reconciliation, comparison: Comparison, as_of: datetime) -> tuple[object, ...]:
    """A finding's values in the order of `_FIELDS`."""
    line, expected = comparison.line, comparison.expected
    is_closed = comparison.kind is FindingKind.MATCHED
    return (
        new_id("finding"),
        row.id,
        row.channel,
        row.day,
        comparison.kind,
        comparison.proposal,
        expected.id if expected else None,
        line.reference if line else (expected.reference if expected else ""),
        line.treasury_reference if line else "",
        line.word if line else "",
        line.amount_fen if line else 0,
        expected.amount_fen if expected else 0,
        NONE_NEEDED if is_closed else "",
        "",
        "",
        utc(as_of) if is_closed else None,
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
