"""Reading funds: lines with their figures, releases, batches, disbursements, findings, and whether the books hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.postings import FindingKind, Proposal, State
from zhida.domain.values import Scope
from zhida.kernel.funds import models
from zhida.kernel.funds.actions.releases import is_in_force
from zhida.kernel.funds.records import Batch, DisbursementRecord, FindingRecord, Line, Release


def lines(*, scope: Scope, year: int | None = None) -> tuple[Line, ...]:
    """The budget lines of the scope's offices and regions, by id, of one year where it is given."""
    rows = models.BudgetLine.objects.select_related("standing").filter(_of_lines(scope, ""))
    if year is not None:
        rows = rows.filter(year=year)
    return tuple(_line(row) for row in rows.order_by("pk"))


def standing(line: str, *, scope: Scope) -> Line:
    """One line with its figures. Raises AccessError where the scope does not hold it, or there is none."""
    row = models.BudgetLine.objects.select_related("standing").filter(_of_lines(scope, ""), pk=line).first()
    if row is None:
        raise AccessError("line_out_of_scope", f"{line} is no budget line you may see", "its office can show it")
    return _line(row)


def release_in_force(line: str, *, as_of: datetime) -> Release | None:
    """The standing release under which the system may pay from a line now, the one with most left; None without one."""
    rows = models.StandingRelease.objects.filter(line_id=line, releaser__isnull=False, revoked_at__isnull=True)
    found = [_release(row, as_of) for row in rows]
    in_force = [release for release in found if release.is_in_force]
    return max(in_force, key=lambda release: (release.cap_fen - release.used_fen, release.id), default=None)


def releases(line: str, *, as_of: datetime) -> tuple[Release, ...]:
    """Every standing release of a line, the newest first."""
    rows = models.StandingRelease.objects.filter(line_id=line).order_by("-made_at", "-pk")
    return tuple(_release(row, as_of) for row in rows)


def batches(*, scope: Scope, is_open: bool = True) -> tuple[Batch, ...]:
    """The payment batches of the scope's lines, the newest first; only those not yet released unless told otherwise."""
    rows = models.PaymentBatch.objects.filter(_of_lines(scope, "line__")).order_by("-made_at", "-pk")
    full = Exists(models.Disbursement.objects.filter(batch=OuterRef("pk")))
    rows = rows.annotate(is_full=full)
    rows = rows.filter(releaser__isnull=True, is_full=True) if is_open else rows
    return tuple(_batch(row, is_dissolved=not row.is_full) for row in rows)


def disbursement(disbursement_id: str, *, scope: Scope) -> DisbursementRecord:
    """One disbursement. Raises AccessError where the scope does not hold it, or there is none."""
    row = _of_scope(scope).filter(pk=disbursement_id).first()
    if row is None:
        words = f"{disbursement_id} is no disbursement you may see"
        raise AccessError("disbursement_out_of_scope", words, "its payee or its office can show it")
    return _disbursement(row)


def disbursements(
    *,
    scope: Scope,
    line: str = "",
    batch: str = "",
    states: Iterable[State] = (),
    limit: int = 200,
) -> tuple[DisbursementRecord, ...]:
    """The scope's disbursements, the newest first, narrowed by line, batch and states where given."""
    rows = _of_scope(scope)
    rows = rows.filter(line_id=line) if line else rows
    rows = rows.filter(batch_id=batch) if batch else rows
    wanted = list(states)
    rows = rows.filter(state__in=wanted) if wanted else rows
    return tuple(_disbursement(row) for row in rows.order_by("-reserved_at", "-pk")[:limit])


def disbursements_by_id(ids: Iterable[str], *, scope: Scope) -> tuple[DisbursementRecord, ...]:
    """Those of many disbursements that the scope shows."""
    return tuple(_disbursement(row) for row in _of_scope(scope).filter(pk__in=list(ids)))


def ids_of(references: Iterable[str]) -> dict[str, str]:
    """The disbursement behind each of our references that a treasury names; others are left out."""
    rows = models.Disbursement.objects.filter(reference__in=list(references))
    return dict(rows.values_list("reference", "pk"))


def unanswered(channel: str = "") -> tuple[DisbursementRecord, ...]:
    """All that is in flight over a channel: instructed or sent, without a final answer; the longest waiting first."""
    rows = models.Disbursement.objects.filter(state__in=[State.INSTRUCTED, State.UNKNOWN], channel=channel)
    return tuple(_disbursement(row) for row in rows.order_by("changed_at", "pk"))


def reconciled_lines(day: date, channel: str = "") -> int | None:
    """How many lines the statement of a day had that was compared last; None where none was."""
    rows = models.Reconciliation.objects.filter(day=day, channel=channel).order_by("-made_at", "-pk")
    return rows.values_list("lines", flat=True).first()


def findings(
    *, day: date | None = None, channel: str | None = None, is_open: bool = True, limit: int = 500
) -> tuple[FindingRecord, ...]:
    """Findings of reconciliations and of the treasury's news, the latest day first; for those who close them."""
    rows = models.Finding.objects.all() if channel is None else models.Finding.objects.filter(channel=channel)
    rows = rows.filter(day=day) if day else rows
    rows = rows.filter(resolution="") if is_open else rows
    return tuple(_finding(row) for row in rows.order_by("-day", "pk")[:limit])


def finding(finding_id: str) -> FindingRecord:
    """One finding. Raises ConflictError where there is none."""
    row = models.Finding.objects.filter(pk=finding_id).first()
    if row is None:
        raise ConflictError("no_such_finding", f"{finding_id} was never found", "look at the findings again")
    return _finding(row)


def _finding(row: models.Finding) -> FindingRecord:
    return FindingRecord(
        id=row.id,
        day=row.day,
        kind=FindingKind(row.kind),
        proposal=Proposal(row.proposal),
        disbursement_id=row.disbursement_id,
        reference=row.reference,
        treasury_reference=row.treasury_reference,
        word=row.word,
        stated_fen=row.stated_fen,
        expected_fen=row.expected_fen,
        resolution=row.resolution,
        note=row.note,
    )


def _of_lines(scope: Scope, path: str) -> Q:
    condition = Q()
    if scope.offices is not None:
        condition &= Q(**{f"{path}office__in": scope.offices})
    if scope.regions is not None:
        condition &= Q(**{f"{path}region__in": scope.regions})
    return condition


def _of_scope(scope: Scope) -> QuerySet[models.Disbursement]:
    rows = models.Disbursement.objects.filter(_of_lines(scope, "line__"))
    return rows if scope.subjects is None else rows.filter(subject_id__in=scope.subjects)


def _line(row: models.BudgetLine) -> Line:
    figures = row.standing
    return Line(
        id=row.id,
        name=row.name,
        office=row.office,
        region=row.region,
        year=row.year,
        total=figures.total,
        available=figures.available,
        committed=figures.committed,
        in_flight=figures.in_flight,
        paid=figures.paid,
        returned=figures.returned,
        frozen_reason=row.frozen_reason,
    )


def _batch(row: models.PaymentBatch, *, is_dissolved: bool) -> Batch:
    return Batch(
        id=row.id,
        line=row.line_id,
        digest=row.digest,
        payments=row.payments,
        total_fen=row.total_fen,
        maker=row.maker,
        checker=row.checker,
        releaser=row.releaser,
        made_at=row.made_at,
        is_dissolved=is_dissolved,
    )


def _release(row: models.StandingRelease, as_of: datetime) -> Release:
    return Release(
        id=row.id,
        line=row.line_id,
        cap_fen=row.cap_fen,
        used_fen=row.used_fen,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        maker=row.maker,
        checker=row.checker,
        releaser=row.releaser,
        revoked_at=row.revoked_at,
        is_in_force=is_in_force(row, as_of),
    )


def _disbursement(row: models.Disbursement) -> DisbursementRecord:
    return DisbursementRecord(
        id=row.id,
        reference=row.reference,
        line=row.line_id,
        release=row.release_id,
        batch=row.batch_id,
        channel=row.channel,
        grant_id=row.grant_id,
        subject_id=row.subject_id,
        account_ref=row.account_ref,
        account_tail=row.account_tail,
        amount_fen=row.amount_fen,
        recovered_fen=row.recovered_fen,
        purpose=row.purpose,
        state=State(row.state),
        reserved_at=row.reserved_at,
        requested_on=row.requested_on,
        booked_on=row.booked_on,
        treasury_reference=row.treasury_reference,
        reason=row.reason,
        changed_at=row.changed_at,
    )
