"""A case's facts and what the rules of its pinned revision make of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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

APPLICANT = "applicant"


def item_of(row: Case) -> Item:
    """The case's item as its pinned revision has it."""
    return catalogue.item_of(row.revision_id, row.item)


class Known(NamedTuple):
    """What a case is assessed by: the facts held, with the applicant's answers over them, and the officers' rulings."""

    facts: Facts
    rulings: Mapping[str, bool]


def known_of(row: Case, *, by: Actor, as_of: datetime) -> Known:
    """What is known now; the reading names the case."""
    scope = Scope.system(f"case:{row.id}")
    facts = entitlements.facts_for(row.subject_id, scope=scope, as_of=as_of, extra=answers_of(row), by=by)
    return Known(facts, dict(row.rulings.order_by("pk").values_list("requirement", "is_met")))


def assess(row: Case, known: Known, *, on: date) -> CaseAssessment:
    """What the pinned rules say for the date `on` of what is known."""
    facts, rulings = known
    published = PublishedItem(item_of(row), catalogue.revision(row.revision_id), row.revision_id, "")
    whole = entitlements.assess_facts(published, row.subject_id, facts, on, rulings=rulings)
    found = one_record(row, whole, facts)
    return CaseAssessment(facts, found, _deducted(row, published.item, found, facts, on, rulings))


def _deducted(row: Case, item: Item, found: Assessment, facts: Facts, on: date, rulings: Mapping[str, bool]) -> int:
    """What a stacking group takes off the amount because of earlier grants, in fen."""
    if not item.group or found.amount_fen is None:
        return 0
    alone = one_record(row, rules.assess(item.program, facts, on, rulings=rulings), facts)
    return (alone.amount_fen or 0) - found.amount_fen


def one_record(row: Case, whole: Assessment, facts: Facts) -> Assessment:
    """For an item with one claim a record, the assessment of the case's own record; else the whole."""
    if not row.record:
        return whole
    return dict(whole.each)[record_index(row, facts)]


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
    for answer in row.answers.order_by("pk"):
        key = FactKey.parse(answer.key)
        value = _typed(questions[key.attribute].fact.kind, answer.value)
        known[key] = Fact(value, APPLICANT, local_date(answer.answered_at))
    return Facts(known)


def _typed(kind: str, value: Any) -> Any:
    """A fact's value from the JSON that `plain_value` made of it."""
    if kind == "number":
        return Decimal(str(value))
    if kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if kind == "texts" else value


def freeze(row: Case, moment: str, found: CaseAssessment, on: date) -> str:
    """Keeps the facts and the assessment as they are; the digest that the ledger names."""
    facts = {str(key): _plain(fact) for key, fact in sorted(found.facts.known.items(), key=lambda each: str(each[0]))}
    record = {**found.assessment.record(), "digest": found.assessment.digest}
    digest = hashlib.sha256(canonical_json({"facts": facts, "assessment": record, "on": on.isoformat()})).hexdigest()
    Freeze.objects.create(case=row, moment=moment, as_of_on=on, facts=facts, assessment=record, digest=digest)
    return digest


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
