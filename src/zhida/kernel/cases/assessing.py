"""A case's facts and what the rules of its pinned revision make of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from zhida.domain import rules
from zhida.domain.errors import ConflictError
from zhida.domain.packs import Item
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.rules import Assessment
from zhida.domain.values import Actor, Fact, FactKey, Facts, Scope, local_date
from zhida.kernel.cases.models import Case, Freeze
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.past import Inquiry, Past

APPLICANT = "applicant"


def item_of(row: Case) -> Item:
    """The case's item as its pinned revision has it."""
    return catalogue.item_of(row.revision_id, row.item)


class Known(NamedTuple):
    """What a case is assessed by: the facts held, with the applicant's answers over them, and the officers' rulings.

    `past` is what the subject was granted before, where it was read together with that of other cases.
    """

    facts: Facts
    rulings: Mapping[str, bool]
    past: Past | None = None


def known_of(rows: Collection[Case], *, by: Actor, as_of: datetime) -> dict[str, Known]:
    """What is known now, by case; each reading names its case, so that cases of one subject are read in turn."""
    found: dict[str, Known] = {}
    waiting = list(rows)
    while waiting:
        found |= _known_of({row.subject_id: row for row in waiting}.values(), by=by, as_of=as_of)
        waiting = [row for row in waiting if row.id not in found]
    return found


def _known_of(rows: Collection[Case], *, by: Actor, as_of: datetime) -> dict[str, Known]:
    """`known_of` for cases of which no two are of one subject."""
    scopes = {row.subject_id: Scope.system(f"case:{row.id}") for row in rows}
    read = {row.subject_id: item_of(row).reads for row in rows}
    held = entitlements.facts_for_many(scopes, as_of=as_of, by=by, only=read)
    facts = {row.id: held[row.subject_id].with_facts(answers_of(row).known) for row in rows}
    inquiries = [
        Inquiry([published_of(row)], row.subject_id, facts[row.id], local_date(row.submitted_at or as_of))
        for row in rows
    ]
    pasts = entitlements.pasts_of(inquiries)
    return {row.id: Known(facts[row.id], _rulings(row), past) for row, past in zip(rows, pasts, strict=True)}


def assess(row: Case, known: Known, *, on: date) -> CaseAssessment:
    """What the pinned rules say for the date `on` of what is known."""
    facts, rulings, past = known
    published = published_of(row)
    past = past if past and past.day == on else None
    whole = entitlements.assess_facts(published, row.subject_id, facts, on, rulings=rulings, past=past)
    found = one_record(row, whole, facts)
    return CaseAssessment(facts, found, _deducted(row, published.item, found, facts, on, rulings))


def published_of(row: Case) -> PublishedItem:
    """The case's item under its pinned revision."""
    return PublishedItem(item_of(row), catalogue.revision(row.revision_id), row.revision_id)


def _rulings(row: Case) -> dict[str, bool]:
    """The latest finding on each requirement that a person finds on."""
    return {each.requirement: each.is_met for each in sorted(row.rulings.all(), key=lambda each: each.pk)}


def _deducted(row: Case, item: Item, found: Assessment, facts: Facts, on: date, rulings: Mapping[str, bool]) -> int:
    """What a stacking group takes off the amount because of earlier grants, in fen."""
    if not item.group or found.amount_fen is None:
        return 0
    alone = one_record(row, rules.assess(item.program, facts, on, rulings=rulings), facts)
    return (alone.amount_fen or 0) - found.amount_fen


def one_record(row: Case, whole: Assessment, facts: Facts) -> Assessment:
    """For an item with one claim a record, the assessment of the case's own record; else the whole.

    Where money was shared out among all who waited, no more than the case's share.
    """
    found = dict(whole.each)[record_index(row, facts)] if row.record else whole
    if row.allotted_fen is None or found.amount_fen is None:
        return found
    return replace(found, amount_fen=min(found.amount_fen, row.allotted_fen))


def record_index(row: Case, facts: Facts) -> int:
    """Where the case's record stands among the subject's. Raises ConflictError where its source took it back."""
    keys = record_keys(item_of(row), facts)
    if row.record not in keys:
        raise ConflictError("record_gone", f"{row.id}: its source no longer holds the record", "ask that source")
    return keys.index(row.record)


def record_keys(item: Item, facts: Facts) -> tuple[str, ...]:
    """What tells the records of a for_each item apart, in their order: the fields that its once_per names."""
    relation = facts.get(FactKey(item.for_each))
    fields = {part.removeprefix("record.") for key in item.once_per for part in key if part.startswith("record.")}
    records = relation.value if relation else ()
    return tuple(_record_key(record, sorted(fields), index) for index, record in enumerate(records))


def _record_key(record: Mapping[str, Any], fields: list[str], index: int) -> str:
    named = [record.get(name) for name in fields]
    if not named or None in named:
        return f"#{index}"
    return hashlib.sha256(canonical_json([str(value) for value in named])).hexdigest()[:32]


def answers_of(row: Case) -> Facts:
    """What the applicant said, the latest word of each, typed as the form asked for it."""
    questions = catalogue.revision(row.revision_id).form.questions
    known = {}
    for answer in sorted(row.answers.all(), key=lambda each: each.pk):
        key = FactKey.parse(answer.key)
        value = typed_value(questions[key.attribute].fact.kind, answer.value)
        known[key] = Fact(value, APPLICANT, local_date(answer.answered_at))
    return Facts(known)


def typed_value(kind: str, value: Any) -> Any:
    """A fact's value from the JSON that `plain_value` made of it."""
    if kind == "number":
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if kind == "texts" else value


def frozen_of(row: Case, moment: str, found: CaseAssessment, on: date, period: str = "") -> Freeze:
    """The facts and the assessment as they are, under their digest; not yet written."""
    facts = {str(key): _plain(fact) for key, fact in sorted(found.facts.known.items(), key=lambda each: str(each[0]))}
    record = {**found.assessment.record(), "digest": found.assessment.digest}
    digest = hashlib.sha256(canonical_json({"facts": facts, "assessment": record, "on": on.isoformat()})).hexdigest()
    kept = {"facts": facts, "assessment": record, "digest": digest}
    return Freeze(case=row, moment=moment, period=period, as_of_on=on, **kept)


def _plain(fact: Fact) -> dict[str, Any]:
    observed = fact.observed_on.isoformat() if fact.observed_on else ""
    return {"value": plain_value(fact.value), "source": fact.source, "observed_on": observed}


def plain_value(value: Any) -> Any:
    """A fact's value as JSON without floats: decimals and dates as text."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain_value(each) for each in value]
    if isinstance(value, Mapping):
        return {name: plain_value(each) for name, each in value.items()}
    return value
