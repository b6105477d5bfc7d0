"""Whose payment a payment is: the case behind a grant, and whether that grant is still to be paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zhida.kernel.cases.models import Grant


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
