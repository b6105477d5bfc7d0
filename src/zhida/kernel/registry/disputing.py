"""A fact disputed by whom it describes, and answered by the office that owns it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhida.domain.errors import AccessError, ApplicantError, ConflictError
from zhida.domain.registers.shapes import refuse_derived, shape_of
from zhida.domain.values import Actor, FactKey, local_date, utc
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry.dictionary import shapes
from zhida.kernel.registry.models import Dispute, Subject
from zhida.kernel.registry.overlaying import record_fact

LONGEST = 1_000
LONGEST_CLAIM = 200


@transaction.atomic
def dispute_fact(
    *,
    dispute_id: str,
    subject_id: str,
    key: str,
    held: str = "",
    claimed: str = "",
    reason: str,
    by: Actor,
    as_of: datetime,
) -> None:
    """Whoever acts for a subject says that a fact is wrong, why, and what would be right as far as they know.

    `held` is the value as they saw it, so that the office need not read it anew. It goes to the office that owns the
    fact. Records `fact.disputed`, without the words. Raises ApplicantError for empty or endless words, AccessError for
    another subject or a derived fact (dispute what it is computed from), ConflictError for a fact that the registry
    does not know, or one disputed already.
    """
    if by.subject != subject_id:
        raise AccessError("not_your_fact", f"{by.account} does not act for {subject_id}", "ask its own account")
    if not 0 < len(reason.strip()) <= LONGEST:
        zh, en = (
            f"请写明哪里不对、有什么依据，不超过 {LONGEST} 字",
            f"say what is wrong, in at most {LONGEST:,} characters",
        )
        raise ApplicantError("dispute_reason", field="reason", zh=zh, en=en)
    if len(claimed) > LONGEST_CLAIM:
        zh, en = f"不超过 {LONGEST_CLAIM} 字", f"at most {LONGEST_CLAIM} characters"
        raise ApplicantError("dispute_claim", field="claimed", zh=zh, en=en)
    shape = shape_of(FactKey.parse(key), shapes())
    refuse_derived(shape, "a dispute")
    subject = Subject.objects.get(pk=subject_id)
    row = Dispute(id=dispute_id, subject=subject, fact_key=key, office=shape.owner, held=held[:LONGEST_CLAIM])
    row.claimed = claimed.strip()
    row.reason, row.account, row.raised_at = reason.strip(), by.account, utc(as_of)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as caught:
        raise ConflictError("already_disputed", f"{key} is disputed already", "wait for the answer") from caught
    fields = {"dispute": dispute_id, "key": key, "office": shape.owner}
    ledger.record(kind="fact.disputed", about=subject_id, fields=fields, by=by, as_of=as_of)


@transaction.atomic
def answer_dispute(
    *, dispute_id: str, outcome: str, answer: str, value: Any = None, by: Actor, as_of: datetime
) -> None:
    """The owning office answers, with its reason: `corrected` (to `value`), `suspended` (wrong, the right value still
    unknown, so nobody is judged by it) or `upheld`. What changes is an overlay fact, in force at once.

    Records `fact.dispute_answered`. Raises AccessError where the actor does not hold its duty at the owning office or
    above it, ConflictError for no open dispute, no reason, an unknown outcome or a value that does not fit.
    """
    row = Dispute.objects.select_for_update().filter(pk=dispute_id, state="open").first()
    if row is None:
        raise ConflictError("no_open_dispute", f"{dispute_id} does not wait for an answer", "look at the list again")
    offices.check_duty(by, office_id=row.office, as_of=as_of)
    if outcome not in ("corrected", "suspended", "upheld") or not 0 < len(answer.strip()) <= LONGEST:
        raise ConflictError("answer_incomplete", "an answer has an outcome and a reason", "say both")
    if outcome == "corrected" and value is None:
        raise ConflictError("no_value", "a correction needs the right value", "say it, or suspend the fact")
    fields: dict[str, str | int] = {"dispute": row.id, "key": row.fact_key, "outcome": outcome}
    if outcome != "upheld":
        fields["position"] = record_fact(
            subject_id=row.subject_id,
            key=row.fact_key,
            value=value if outcome == "corrected" else None,
            source=row.office,
            observed_on=local_date(as_of),
            nature="correction",
            by=by,
            as_of=as_of,
        )
    row.state, row.answer, row.answered_by, row.answered_at = outcome, answer.strip(), by.account, utc(as_of)
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    ledger.record(kind="fact.dispute_answered", about=row.subject_id, fields=fields, by=by, as_of=as_of)
