"""Whose payment a payment is: the case behind a grant, whether it is still to be paid, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhida.kernel.cases.models import Case, Freeze, Grant


@dataclass(frozen=True)
class PaidCase:
    """The case of a grant; `disbursement` is the payment that counts now, an earlier one was paid again by it."""

    case_id: str
    item: str
    office: str
    disbursement: str
    is_fulfilled: bool


def cases_of_grants(grant_ids: Iterable[str]) -> dict[str, PaidCase]:
    """The case behind each grant (an entitlement's id); what no case set in motion is left out."""
    rows = Grant.objects.filter(entitlement_id__in=list(grant_ids)).select_related("case")
    return {
        row.entitlement_id: PaidCase(
            row.case_id, row.case.item, row.case.office, row.disbursement, row.fulfilled_at is not None
        )
        for row in rows
    }


@dataclass(frozen=True)
class Inputs:
    """What a grant rests on: the case with its pinned revision, the facts frozen with it, the rulings on it by now."""

    case: Case
    on: date
    facts: Mapping[str, Any]
    assessment: Mapping[str, Any]
    digest: str
    rulings: Mapping[str, bool]


def inputs_of(grant_ids: Iterable[str]) -> dict[str, Inputs | None]:
    """What each grant (an entitlement's id) of a case rests on, None where it is no longer kept."""
    rows = Grant.objects.filter(entitlement_id__in=list(grant_ids)).select_related("case")
    grants = list(rows.prefetch_related("case__rulings"))
    freezes = Freeze.objects.filter(case_id__in={row.case_id for row in grants}, moment="payment")
    kept = {(each.case_id, each.period): each for each in freezes}
    return {row.entitlement_id: _inputs(row.case, kept.get((row.case_id, row.period))) for row in grants}


def _inputs(case: Case, frozen: Freeze | None) -> Inputs | None:
    if frozen is None:
        return None
    rulings = {each.requirement: each.is_met for each in sorted(case.rulings.all(), key=lambda each: each.pk)}
    return Inputs(case, frozen.as_of_on, frozen.facts, frozen.assessment, frozen.digest, rulings)
