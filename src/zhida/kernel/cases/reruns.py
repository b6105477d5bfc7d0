"""Running past decisions again from what was stored with them: the same bytes, or the place where they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.rules.schema import FactType, Schema
from zhida.domain.values import Fact, FactKey, Facts, Scope
from zhida.kernel.cases.assessing import Known, assess, published_of, typed_value
from zhida.kernel.cases.models import Case, Freeze
from zhida.kernel.cases.parties import in_scope
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.entitlements.past_then import past_before
from zhida.kernel.ledger import queries as ledger


@dataclass(frozen=True)
class Rerun:
    """One decision run again.

    `sealed` is the digest that the ledger holds, `stored` that of what is stored now: alike where nothing was altered.
    `before` and `after` are the canonical bytes of the assessment, stored and run again: alike where rules and facts
    still give the same.
    """

    case_id: str
    item: str
    revision_id: str
    outcome: str
    amount_fen: int | None
    on: date
    entry_id: str
    sealed: str
    stored: str
    before: bytes
    after: bytes

    @property
    def is_untouched(self) -> bool:
        """Whether what is stored is what the ledger sealed."""
        return bool(self.sealed) and self.sealed == self.stored

    @property
    def is_same(self) -> bool:
        """Whether it is untouched and comes out the same, to the byte."""
        return self.is_untouched and self.before == self.after


def draw(seed: str, count: int, *, scope: Scope) -> tuple[str, ...]:
    """`count` of the scope's decided cases, by SHA-256 over seed and id: whoever knows the seed draws alike."""
    ids = in_scope(scope).filter(decided_at__isnull=False).values_list("pk", flat=True)
    return tuple(sorted(ids, key=lambda case: hashlib.sha256(f"{seed}|{case}".encode()).digest())[:count])


def rerun(case_ids: Sequence[str], *, scope: Scope) -> tuple[Rerun, ...]:
    """Each case's decision, run again from its frozen facts under its pinned rules; in the order asked for."""
    rows = in_scope(scope).prefetch_related("rulings", "freezes").in_bulk(list(case_ids))
    return tuple(_rerun(rows[case]) for case in case_ids if case in rows)


def _rerun(row: Case) -> Rerun:
    frozen = next(each for each in row.freezes.all() if each.moment == "decision")
    fact = _decision(row)
    found = _again(row, frozen, fact.id if fact else "").assessment
    whole = {"facts": frozen.facts, "assessment": frozen.assessment, "on": frozen.as_of_on.isoformat()}
    return Rerun(
        case_id=row.id,
        item=row.item,
        revision_id=row.revision_id,
        outcome=row.outcome,
        amount_fen=row.amount_fen,
        on=frozen.as_of_on,
        entry_id=fact.id if fact else "",
        sealed=str(fact.fields.get("assessment", "")) if fact else "",
        stored=hashlib.sha256(canonical_json(whole)).hexdigest(),
        before=canonical_json(frozen.assessment),
        after=canonical_json({**found.record(), "digest": found.digest}),
    )


def decided_on(row: Case) -> CaseAssessment | None:
    """What a case was decided on, facts and past as they were then; None before its decision. For this app alone."""
    frozen = next((each for each in row.freezes.all() if each.moment == "decision"), None)
    fact = _decision(row) if frozen else None
    return _again(row, frozen, fact.id if fact else "") if frozen else None


def _decision(row: Case) -> ledger.RecordedFact | None:
    return next((each for each in reversed(ledger.entries_about(row.id)) if each.kind == "case.decided"), None)


def _again(row: Case, frozen: Freeze, decision: str) -> CaseAssessment:
    published, day = published_of(row), frozen.as_of_on
    facts = revived(frozen.facts, published.item.program.schema)
    past = past_before(published, row.subject_id, facts, day, case_id=row.id, decision=decision)
    rulings = {
        each.requirement: each.is_met
        for each in sorted(row.rulings.all(), key=lambda each: each.pk)
        if row.decided_at is not None and each.ruled_at <= row.decided_at
    }
    return assess(row, Known(facts, rulings, past), on=day)


def revived(stored: Mapping[str, Any], schema: Schema) -> Facts:
    """Frozen facts as rules read them, each typed as the schema has it."""
    known = {}
    for name, kept in stored.items():
        key = FactKey.parse(name)
        observed = date.fromisoformat(kept["observed_on"]) if kept["observed_on"] else None
        known[key] = Fact(_value(key.attribute, kept["value"], schema), kept["source"], observed)
    return Facts(known)


def _value(name: str, value: Any, schema: Schema) -> Any:
    relation = schema.relations.get(name)
    if relation is None:
        return _field(schema.facts.get(name), value)
    return tuple({field: _field(relation.fields.get(field), part) for field, part in row.items()} for row in value)


def _field(fact: FactType | None, value: Any) -> Any:
    if value is None or fact is None:
        return value
    if fact.kind == "number" and not isinstance(value, int):
        return Decimal(str(value))
    return value if fact.kind == "number" else typed_value(fact.kind, value)
