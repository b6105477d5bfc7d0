"""The applicant's acts: hand in (for an automatic claim the one tap), hand in again, take back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from zhida.domain.errors import ApplicantError
from zhida.domain.packs.usage import usage_of
from zhida.domain.process import Act
from zhida.domain.values import Actor, Scope, local_date, utc
from zhida.kernel.cases.assessing import item_of
from zhida.kernel.cases.journeys import journey_of, locked, save
from zhida.kernel.cases.models import Case, Ruling
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry import queries as registry

UNDO = timedelta(minutes=10)
"""How long a submission can be taken back before anybody acts on it (工信厅信管函〔2021〕67号 annex 1, 2.6.1)."""


@transaction.atomic
def submit(
    *,
    case_id: str,
    undertakings: Collection[str] = (),
    waives_undo: bool = False,
    by: Actor,
    as_of: datetime,
) -> None:
    """Hands the claim in; ten minutes to take it back run unless the applicant waives them. Records `case.submitted`.

    `undertakings` are the requirements that the applicant promises to keep. Raises ApplicantError where a question, a
    paper, an undertaking or the account for the money is missing; ConflictError where the case is no draft.
    """
    row = locked(case_id)
    before = journey_of(row)
    after = before.submit(by=doer_of(by, row))
    _check_whole(row, undertakings)
    row.bank_account = _bank_account(row, as_of)
    row.submitted_at = utc(as_of)
    row.undo_until = utc(as_of) if waives_undo else utc(as_of) + UNDO
    Ruling.objects.bulk_create(
        Ruling(case=row, requirement=name, is_met=True, ruled_at=utc(as_of), ruled_by=by.account)
        for name in undertakings
    )
    save(row, before, after, by=by, as_of=as_of)
    fields = {
        "item": row.item,
        "revision": row.revision_id,
        "undertakings": sorted(undertakings),
        "undo_until": row.undo_until.isoformat(),
    }
    ledger.record(kind="case.submitted", about=row.id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def resubmit(*, case_id: str, by: Actor, as_of: datetime) -> None:
    """Hands a returned case in again; the office's clock goes on. Records `case.resubmitted`."""
    row = locked(case_id)
    before = journey_of(row)
    after = before.resubmit(by=doer_of(by, row))
    row.pauses.filter(resumed_at=None).update(resumed_at=utc(as_of))
    save(row, before, after, by=by, as_of=as_of)
    ledger.record(kind="case.resubmitted", about=row.id, fields={}, by=by, as_of=as_of)


@transaction.atomic
def withdraw(*, case_id: str, reason: str = "", by: Actor, as_of: datetime) -> None:
    """Takes the claim back at any time before the decision; the case is closed and can be opened anew."""
    row = locked(case_id)
    before = journey_of(row)
    before.check(Act.WITHDRAW, doer_of(by, row))
    row.closed_at = utc(as_of)
    row.pauses.filter(resumed_at=None).update(resumed_at=utc(as_of))
    save(row, before, before.withdraw(by=doer_of(by, row)), by=by, as_of=as_of)
    ledger.record(kind="case.withdrawn", about=row.id, fields={"reason": reason}, by=by, as_of=as_of)


def _check_whole(row: Case, undertakings: Collection[str]) -> None:
    pack, item = catalogue.revision(row.revision_id), item_of(row)
    answered = set(row.answers.values_list("key", flat=True))
    read = usage_of(item.expressions, item.program.schema).facts
    for name in pack.form.questions.keys() & read:
        if not pack.form.questions[name].optional and name not in answered:
            raise ApplicantError("answer_missing", field=name, zh="还有一个问题没有回答", en="is not answered yet")
    handed_in = set(row.evidence.values_list("requirement", flat=True))
    for name in pack.form.papers:
        if name in item.requires and name not in handed_in:
            raise ApplicantError("paper_missing", field=name, zh="还差一份材料", en="a paper is missing")
    for name in item.requires:
        if pack.requirements[name].kind == "undertaken" and name not in undertakings:
            raise ApplicantError("undertaking_missing", field=name, zh="请先作出承诺", en="is not undertaken yet")


def _bank_account(row: Case, as_of: datetime) -> str:
    """The open account on record that the money will go to; "" for an item without money."""
    if not item_of(row).pays:
        return ""
    scope = Scope.own(frozenset({row.subject_id}), f"case:{row.id}")
    found = registry.bank_account(row.subject_id, scope=scope, on=local_date(as_of))
    if found is None:
        raise ApplicantError(
            "account_missing",
            field="bank_account",
            zh="还没有登记收款账户",
            en="no bank account is on record",
        )
    return found.id
