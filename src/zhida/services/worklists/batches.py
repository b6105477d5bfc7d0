"""Many cases of one kind decided together: held back first, undone or released as a whole, exceptions left out.

What stands in a batch is only a list until it is released: no case changes before. A case that somebody handled in the
meantime is left alone, and the rest goes through with the same facts as one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.process import Finding, Outcome
from zhida.domain.rules import AmountState, Answer, Assessment
from zhida.domain.values import Actor, Scope, utc
from zhida.kernel.cases import actions
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.actions import Decision, Found, Review
from zhida.kernel.cases.records import CaseRecord, StepRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.services.worklists.models import HeldBatch

DECISION = -1
"""The position of a batch that decides, where the review is over."""
LARGEST, SAMPLE = 200, 3
_BY_PERSONS = ("evidenced", "judged")


@dataclass(frozen=True)
class Candidate:
    """A case of the kind: its sum in fen where the rules give one; why it cannot go with the others, "" if it can; the
    step that waits, None where that is the decision."""

    case: CaseRecord
    amount_fen: int | None
    exception: str
    step: StepRecord | None = None


@dataclass(frozen=True)
class BatchRecord:
    """A batch as it stands: `done` is how many went through, None unless released."""

    id: str
    office: str
    item: str
    position: int
    case_ids: tuple[str, ...]
    made_at: datetime
    ended_at: datetime | None
    done: int | None


def candidates(
    item: str,
    position: int,
    office: str,
    *,
    scope: Scope,
    by: Actor,
    as_of: datetime,
    among: Collection[str] | None = None,
    apart: Collection[str] = (),
) -> list[Candidate]:
    """All cases of an item that wait for an office at a step (DECISION where the review is over), at most 200; of
    those `among` them alone, where that is given.

    An exception is `own` (the officer acts for the subject, or stands `apart` from it), `not_entitled`,
    `amount_unknown` or `step_failed`.
    """
    waits = cases.worklist(office=office, scope=scope, limit=1_000)
    kind = [
        (one, step)
        for one, step in waits
        if one.item == item and _position(step) == position and (among is None or one.id in among)
    ][:LARGEST]
    own = offices.mandates_of(by.account, as_of).union(apart)
    found = cases.assessments_of([one.id for one, _ in kind], scope=scope, by=by, as_of=as_of)
    failed = cases.with_failed_step(list(found), scope=scope) if position == DECISION else frozenset()
    return [
        Candidate(
            one,
            found[one.id].assessment.amount_fen,
            "step_failed" if one.id in failed else _exception(one, position, own, found[one.id].assessment),
            step,
        )
        for one, step in kind
    ]


def sample_of(case_ids: Sequence[str], batch_id: str) -> frozenset[str]:
    """The few of a batch that are looked at first: drawn by the batch's own id, so that nobody chooses them."""
    drawn = sorted(case_ids, key=lambda case_id: hashlib.sha256(f"{batch_id}|{case_id}".encode()).digest())
    return frozenset(drawn[:SAMPLE])


@transaction.atomic
def hold(
    *, batch_id: str, item: str, position: int, chosen: Mapping[str, int], scope: Scope, by: Actor, as_of: datetime,
    apart: Collection[str] = (),
) -> int:  # fmt: skip
    """Puts these cases (with the versions that were shown) into a batch; how many. A second time does nothing.

    Raises ConflictError `batch_empty` where none of them can go. Records `cases.batch_held`.
    """
    offices.check_duty(by, office_id=by.office, as_of=as_of)
    before = HeldBatch.objects.filter(id=batch_id).first()
    if before is not None:
        return len(before.versions)
    found = candidates(item, position, by.office, scope=scope, by=by, as_of=as_of, apart=apart)
    fit = {one.case.id: one.case.version for one in found if not one.exception}
    versions = {case_id: version for case_id, version in chosen.items() if fit.get(case_id) == version}
    if not versions:
        raise ConflictError("batch_empty", "none of these can be decided together", "look at the list again")
    HeldBatch.objects.create(
        id=batch_id, office=by.office, account=by.account, item=item, position=position, versions=versions,
        made_at=utc(as_of),
    )  # fmt: skip
    _record("cases.batch_held", batch_id, {"item": item, "cases": sorted(versions)}, by, as_of)
    return len(versions)


@transaction.atomic
def undo(*, batch_id: str, by: Actor, as_of: datetime) -> None:
    """Takes a batch back before its release: nothing has happened. Raises as `release`.

    Records `cases.batch_undone`.
    """
    row = _open(batch_id, by)
    row.ended_at = utc(as_of)
    row.save(update_fields=["ended_at"])
    _record("cases.batch_undone", batch_id, {"item": row.item}, by, as_of)


@transaction.atomic
def release(*, batch_id: str, scope: Scope, by: Actor, as_of: datetime, apart: Collection[str] = ()) -> tuple[int, int]:
    """Passes or grants what the batch holds; how many went through, and how many had changed and were left alone.

    Raises AccessError for another officer's, ConflictError `no_such_held_batch` where it was released or undone.
    Records `cases.batch_released`, and for each case what one by one would.
    """
    row = _open(batch_id, by)
    actor = Actor(by.account, by.duty, office=row.office)
    asked = {"scope": scope, "by": actor, "as_of": as_of, "among": row.versions, "apart": apart}
    now = candidates(row.item, row.position, row.office, **asked)
    fit = [one for one in now if not one.exception and row.versions.get(one.case.id) == one.case.version]
    if row.position == DECISION:
        decisions = [Decision(one.case.id, Outcome.GRANTED) for one in fit]
        actions.decide_many(decisions=decisions, by=actor, as_of=as_of)
    else:
        actions.review_many(reviews=_reviews(fit, scope), by=actor, as_of=as_of)
    row.ended_at, row.done = utc(as_of), len(fit)
    row.save(update_fields=["ended_at", "done"])
    fields = {"item": row.item, "cases": sorted(one.case.id for one in fit)}
    _record("cases.batch_released", batch_id, fields, actor, as_of)
    return len(fit), len(row.versions) - len(fit)


def batch(batch_id: str, *, by: Actor) -> BatchRecord:
    """One of the officer's own. Raises AccessError for any other."""
    row = HeldBatch.objects.filter(id=batch_id, account=by.account).first()
    if row is None:
        raise AccessError("batch_of_another", f"{batch_id} is no batch of yours", "whoever made it releases it")
    told = (row.id, row.office, row.item, row.position, tuple(row.versions), row.made_at, row.ended_at, row.done)
    return BatchRecord(*told)


def waiting_batches(account: str) -> tuple[str, ...]:
    """The ids of an officer's batches that are neither released nor undone, the newest first."""
    rows = HeldBatch.objects.filter(account=account, ended_at=None).order_by("-made_at")
    return tuple(rows.values_list("id", flat=True))


def _open(batch_id: str, by: Actor) -> HeldBatch:
    row = HeldBatch.objects.select_for_update().filter(id=batch_id, account=by.account).first()
    if row is None:
        raise AccessError("batch_of_another", f"{batch_id} is no batch of yours", "whoever made it releases it")
    if row.ended_at is not None:
        raise ConflictError("no_such_held_batch", f"{batch_id} was released or undone", "look at the worklist")
    return row


def _position(step: StepRecord | None) -> int:
    return DECISION if step is None else step.position


def _exception(case: CaseRecord, position: int, own: Collection[str], found: Assessment) -> str:
    if case.subject_id in own:
        return "own"
    if position == DECISION:
        if found.answer is not Answer.ENTITLED:
            return "not_entitled"
        return "amount_unknown" if found.amount is AmountState.UNKNOWN else ""
    return "not_entitled" if found.answer is Answer.NOT else ""


def _reviews(fit: Sequence[Candidate], scope: Scope) -> list[Review]:
    ruled = cases.ruled_on([one.case.id for one in fit], scope=scope)
    return [_review(one.case, one.step, ruled[one.case.id]) for one in fit if one.step is not None]


def _review(case: CaseRecord, step: StepRecord, done: Collection[str]) -> Review:
    requires = catalogue.item_of(case.revision_id, case.item).program.requires
    judged = [one.name for one in requires if one.kind in _BY_PERSONS and step.may_find_on(one.name)]
    found = {name: Found(True) for name in judged if name not in done and step.kind == "review"}
    return Review(case.id, step.position, Finding.PASSED, found)


def _record(kind: str, about: str, fields: dict[str, object], by: Actor, as_of: datetime) -> None:
    ledger.record(kind=kind, about=about, fields=fields, by=by, as_of=as_of)
