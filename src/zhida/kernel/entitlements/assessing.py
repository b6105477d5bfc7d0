"""One subject assessed: the rules, and what earlier grants, stacking groups and quotas say beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from zhida.domain.rules import AmountState, Answer, Assessment, Met, Question, ReasonAnswer, Reserved
from zhida.domain.rules.engines import one, questions
from zhida.domain.values import Actor, FactKey, Facts, Scope, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements.past import Past, past_of, with_grants, without_used
from zhida.kernel.registry import queries as registry

Rulings = Mapping[str, bool]


def assess(
    subject_id: str,
    item_id: str,
    *,
    as_of: datetime,
    scope: Scope,
    extra: Facts | None = None,
    rulings: Rulings | None = None,
    revision_id: str = "",
    by: Actor | None = None,
) -> Assessment:
    """Whether a subject may have an item, how much in fen, and why, its past grants counted.

    `extra` are facts laid over those held (answers of a form), `rulings` a reviewer's decisions; `revision_id` pins a
    revision, else the one in force is taken. In a highest-only or capped group the amount is what is still payable.
    Raises AccessError where the scope does not show the subject, ConflictError where the item is not published.
    """
    published = catalogue.pinned_item(revision_id, item_id) if revision_id else catalogue.item(item_id, as_of=as_of)
    facts = facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    return assess_facts(published, subject_id, facts, local_date(as_of), rulings=rulings)


def assess_all(
    subject_id: str, *, as_of: datetime, scope: Scope, extra: Facts | None = None, by: Actor | None = None
) -> tuple[Assessment, ...]:
    """Every item in force for the subject's kind, by item id; facts and past are read once for all of them."""
    kind = registry.subject(subject_id, scope=scope).kind
    items = catalogue.items(as_of=as_of, audience=kind)
    facts = facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    past = past_of(items, subject_id, facts, local_date(as_of))
    return tuple(_assessed(published, facts, past, {}) for published in items)


def ask(
    subject_id: str,
    *,
    as_of: datetime,
    scope: Scope,
    item_ids: Collection[str] = (),
    extra: Facts | None = None,
    by: Actor | None = None,
) -> tuple[Question, ...]:
    """The unknown facts that can still change an answer or an amount, the one that settles most first.

    Over the named items, else over all in force for the subject's kind.
    """
    if item_ids:
        items = tuple(catalogue.item(item_id, as_of=as_of) for item_id in sorted(item_ids))
    else:
        items = catalogue.items(as_of=as_of, audience=registry.subject(subject_id, scope=scope).kind)
    facts = facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    return questions.ask([published.item.program for published in items], facts, local_date(as_of))


def facts_for(
    subject_id: str, *, scope: Scope, as_of: datetime, extra: Facts | None = None, by: Actor | None = None
) -> Facts:
    """All that an assessment reads of a subject: what is held, its grants, and `extra` over both."""
    facts = facts_for_many({subject_id: scope}, as_of=as_of, by=by)[subject_id]
    return facts.with_facts(extra.known) if extra else facts


def facts_for_many(
    scopes: Mapping[str, Scope],
    *,
    as_of: datetime,
    by: Actor | None = None,
    only: Mapping[str, Collection[str]] | None = None,
) -> dict[str, Facts]:
    """What is held of many subjects, each read under its own scope, and their grants; `only` names attributes."""
    return with_grants(registry.facts_of_many(scopes, as_of=as_of, by=by, only=only), local_date(as_of))


def assess_facts(
    published: PublishedItem,
    subject_id: str,
    facts: Facts,
    day: date,
    *,
    rulings: Rulings | None = None,
    past: Past | None = None,
) -> Assessment:
    """An assessment over facts already in hand (a case's frozen ones), with the subject's past as it stands now.

    `past` hands over what `pasts_of` has read for many at once.
    """
    past = past or past_of([published], subject_id, facts, day)
    return _assessed(published, facts, past, rulings or {})


def _assessed(published: PublishedItem, facts: Facts, past: Past, rulings: Rulings) -> Assessment:
    item = published.item
    usable = without_used(item, facts, past)
    held = _held(published, past, rulings)
    assessment = one.assess(item.program, usable, past.day, rulings=rulings, held=held)
    if item.for_each and assessment.each:
        assessment = _without_used_records(assessment, published, usable, past)
    stacking = past.groups.get(item.group)
    if stacking is None or not stacking.grant_ids or Reserved.EXCLUDED_BY_GROUP in held:
        return assessment
    if assessment.amount is AmountState.UNKNOWN:
        return assessment
    payable = stacking.payable_fen(assessment.amount_fen)
    if payable is None:
        note = {Reserved.EXCLUDED_BY_GROUP.value: ", ".join(stacking.grant_ids)}
        return one.assess(item.program, usable, past.day, rulings=rulings, held={**held, **note})
    return replace(assessment, amount_fen=payable) if assessment.amount is AmountState.KNOWN else assessment


def _held(published: PublishedItem, past: Past, rulings: Rulings) -> dict[str, str]:
    item = published.item
    held: dict[str, str] = {}
    holder = past.holder_for_subject(item)
    if holder:
        held[Reserved.ALREADY_GRANTED] = holder
    stacking = past.groups.get(item.group)
    if stacking is not None and stacking.grant_ids and stacking.group.rule == "first_only":
        held[Reserved.EXCLUDED_BY_GROUP] = ", ".join(stacking.grant_ids)
    if item.id in past.full and not rulings.get(Reserved.QUOTA):
        held[Reserved.QUOTA] = str(item.quota.n if item.quota else "")
    return held


def _without_used_records(assessment: Assessment, published: PublishedItem, facts: Facts, past: Past) -> Assessment:
    """The claims of records that another grant holds are refused; what is left answers for the item."""
    relation = facts.get(FactKey(published.item.for_each))
    records = relation.value if relation else ()
    holders = {index: past.holder_for_record(published.item, record) for index, record in enumerate(records)}
    if not any(holders.values()):
        return assessment
    each = tuple((index, _used(one_claim, holders[index])) for index, one_claim in assessment.each)
    answer = next(answer for answer in Answer if any(claim.answer is answer for _, claim in each))
    best = [claim for _, claim in each if claim.answer is answer]
    fen = [claim.amount_fen for claim in best if claim.amount_fen is not None]
    is_known = answer is Answer.ENTITLED and len(fen) == len(best)
    unknown = AmountState.UNKNOWN if fen or best[0].amount is AmountState.UNKNOWN else AmountState.NONE
    return replace(
        assessment,
        answer=answer,
        amount=AmountState.KNOWN if is_known else unknown,
        amount_fen=sum(fen) if is_known else None,
        reasons=best[0].reasons,
        missing=tuple(dict.fromkeys(key for _, claim in each for key in claim.missing)),
        each=each,
    )


def _used(claim: Assessment, holder: str) -> Assessment:
    if not holder:
        return claim
    reason = ReasonAnswer(Reserved.ALREADY_GRANTED, "reserved", Met.NOT_MET, note=holder)
    return replace(claim, answer=Answer.NOT, reasons=(reason, *claim.reasons), missing=())
