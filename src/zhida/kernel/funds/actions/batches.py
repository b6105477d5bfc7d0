"""Payment batches: for what no standing release covers, three persons see the same rows and sign them one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.values import Actor, utc
from zhida.kernel.funds.actions.disbursements import dispatch
from zhida.kernel.funds.actions.releases import require_duty, sign_check, sign_last
from zhida.kernel.funds.models import Disbursement, PaymentBatch
from zhida.kernel.funds.ports import controls
from zhida.kernel.funds.progress import locked
from zhida.kernel.ledger import actions as ledger


@transaction.atomic
def prepare_batch(*, batch_id: str, disbursement_ids: Collection[str], by: Actor, as_of: datetime) -> str:
    """The maker puts reserved disbursements of one line together; gives the digest that all three sign.

    Raises AccessError for another duty; ConflictError where one is not reserved, lies in a batch or under a standing
    release, or the lines differ.
    """
    require_duty(by, "maker")
    rows = locked(disbursement_ids)
    for row in rows:
        if row.state != State.RESERVED or row.batch_id or row.release_id or row.line_id != rows[0].line_id:
            words = f"{row.id} is {row.state}, released otherwise, or of another line"
            raise ConflictError("not_for_this_batch", words, "leave it out")
    if not rows:
        raise ConflictError("empty_batch", "a batch pays something", "choose reserved disbursements")
    total = sum(row.amount_fen for row in rows)
    controls().check_signature(by, rows[0].line_id, total, as_of=as_of)
    digest = digest_of(rows)
    batch = PaymentBatch.objects.create(
        id=batch_id,
        line_id=rows[0].line_id,
        digest=digest,
        payments=len(rows),
        total_fen=total,
        maker=by.account,
        made_at=utc(as_of),
    )
    Disbursement.objects.filter(pk__in=[row.id for row in rows]).update(batch=batch)
    _record("funds.batch_prepared", batch, by, as_of)
    return digest


@transaction.atomic
def check_batch(*, batch_id: str, digest: str, by: Actor, as_of: datetime) -> None:
    """The checker signs what the digest fixes. Raises AccessError for the maker, ConflictError where rows changed."""
    batch, _ = _opened(batch_id, digest)
    sign_check(batch, by, as_of)
    batch.save(update_fields=["checker", "checked_at"])
    _record("funds.batch_checked", batch, by, as_of)


@transaction.atomic
def release_batch(*, batch_id: str, digest: str, by: Actor, as_of: datetime) -> None:
    """The releaser signs, and every payment of the batch is instructed in the same transaction.

    Raises AccessError for the maker or the checker, ConflictError where it is unchecked, released, or rows changed.
    """
    batch, rows = _opened(batch_id, digest)
    sign_last(batch, by, as_of)
    batch.save(update_fields=["releaser", "released_at"])
    _record("funds.batch_released", batch, by, as_of)
    dispatch(rows, by=by, as_of=as_of)


@transaction.atomic
def dissolve_batch(*, batch_id: str, reason: str, by: Actor, as_of: datetime) -> None:
    """Takes an unreleased batch apart; its disbursements stay reserved and can go into another."""
    batch, rows = _locked_batch(batch_id)
    if batch.releaser is not None:
        raise ConflictError("batch_released", f"{batch_id} is released", "void what has not been sent yet")
    Disbursement.objects.filter(pk__in=[row.id for row in rows]).update(batch=None)
    ledger.record(kind="funds.batch_dissolved", about=batch_id, fields={"reason": reason}, by=by, as_of=as_of)


def digest_of(rows: Iterable[Disbursement]) -> str:
    """SHA-256 over what is paid to whom, in the order of the ids: any change of a row changes it."""
    seen = [[row.id, row.grant_id, row.subject_id, row.account_ref, row.amount_fen, row.purpose] for row in rows]
    return hashlib.sha256(canonical_json(seen)).hexdigest()


def _opened(batch_id: str, digest: str) -> tuple[PaymentBatch, list[Disbursement]]:
    batch, rows = _locked_batch(batch_id)
    if not digest == batch.digest == digest_of(rows):
        raise ConflictError("batch_changed", f"{batch_id} is not what was seen", "dissolve it and prepare another")
    return batch, rows


def _locked_batch(batch_id: str) -> tuple[PaymentBatch, list[Disbursement]]:
    rows = list(Disbursement.objects.select_for_update().filter(batch_id=batch_id).order_by("pk"))
    batch = PaymentBatch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise ConflictError("no_such_batch", f"{batch_id} was never prepared", "prepare it first")
    return batch, rows


def _record(kind: str, batch: PaymentBatch, by: Actor, as_of: datetime) -> None:
    fields = {"line": batch.line_id, "digest": batch.digest, "payments": batch.payments, "total_fen": batch.total_fen}
    ledger.record(kind=kind, about=batch.id, fields=fields, by=by, as_of=as_of)
