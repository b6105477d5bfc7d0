"""The applicant's acts: hand in (for an automatic claim the one tap), hand in again, take back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from zhida.domain.errors import ApplicantError
from zhida.domain.packs.usage import usage_of
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.handling import Handling
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
    case = Handling.of(case_id, by=by, as_of=as_of)
    after = case.journey.submit(by=case.doer)
    _check_whole(case, undertakings)
    row = case.row
    row.bank_account = _bank_account(case)
    row.submitted_at = utc(as_of)
    row.undo_until = utc(as_of) if waives_undo else utc(as_of) + UNDO
    for name in undertakings:
        case.rule(name, is_met=True)
    case.go_on(after)
    fields = {
        "item": row.item,
        "revision": row.revision_id,
        "undertakings": sorted(undertakings),
        "undo_until": row.undo_until.isoformat(),
    }
    case.record("case.submitted", fields)


@transaction.atomic
def resubmit(*, case_id: str, by: Actor, as_of: datetime) -> None:
    """Hands a returned case in again; the office's clock goes on. Records `case.resubmitted`."""
    case = Handling.of(case_id, by=by, as_of=as_of)
    after = case.journey.resubmit(by=case.doer)
    case.start_clock()
    case.go_on(after)
    case.record("case.resubmitted", {})


@transaction.atomic
def withdraw(*, case_id: str, reason: str = "", by: Actor, as_of: datetime) -> None:
    """Takes the claim back at any time before the decision; the case is closed and can be opened anew."""
    case = Handling.of(case_id, by=by, as_of=as_of)
    after = case.journey.withdraw(by=case.doer)
    case.row.closed_at = utc(as_of)
    case.start_clock()
    case.go_on(after)
    case.record("case.withdrawn", {"reason": reason})


def _check_whole(case: Handling, undertakings: Collection[str]) -> None:
    form, item = case.pack.form, case.item
    wanted = {name for name, question in form.questions.items() if not question.optional}
    wanted &= usage_of(item.expressions, item.program.schema).facts if wanted else set()
    if wanted and (missing := wanted - {each.key for each in case.row.answers.all()}):
        raise ApplicantError("answer_missing", field=min(missing), zh="还有一个问题没有回答", en="is not answered yet")
    papers = form.papers.keys() & set(item.requires)
    if papers and (lacking := papers - set(case.row.evidence.values_list("requirement", flat=True))):
        raise ApplicantError("paper_missing", field=min(lacking), zh="还差一份材料", en="a paper is missing")
    for name in item.requires:
        if case.pack.requirements[name].kind == "undertaken" and name not in undertakings:
            raise ApplicantError("undertaking_missing", field=name, zh="请先作出承诺", en="is not undertaken yet")


def _bank_account(case: Handling) -> str:
    """The open account on record that the money will go to; "" for an item without money."""
    if not case.item.pays:
        return ""
    found = registry.bank_account(case.row.subject_id, scope=case.scope, on=case.today)
    if found is None:
        raise ApplicantError(
            "account_missing", field="bank_account", zh="还没有登记收款账户", en="no bank account is on record"
        )
    return found.id
