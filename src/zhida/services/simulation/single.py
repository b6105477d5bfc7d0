"""One subject: what would make it eligible for an item, and which items pay it most together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from zhida.domain.packs import Dictionary
from zhida.domain.rules import AmountState, Answer, Assessment, Program, assess
from zhida.domain.scenarios.changing import Way, ways_to
from zhida.domain.scenarios.combining import Choice, Combination, best_combination
from zhida.domain.scenarios.offers import offer_of
from zhida.domain.values import Actor, Fact, FactKey, Facts, Scope, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.entitlements.past import GRANTS, Inquiry
from zhida.kernel.entitlements.screening import reads_grants
from zhida.kernel.registry import queries as registry

_SOURCE = "zhida"


def ways(
    subject_id: str,
    item_id: str,
    *,
    as_of: datetime,
    scope: Scope,
    extra: Facts | None = None,
    by: Actor | None = None,
) -> tuple[Way, ...]:
    """The nearest changes that would entitle a subject to an item, the nearest first; none where it is entitled now or
    where nothing that it can act on helps. `extra` are facts laid over those held.

    Raises AccessError where the scope does not show the subject, ConflictError `not_published`.
    """
    published = catalogue.item(item_id, as_of=as_of)
    facts = entitlements.facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    return ways_with(published, facts, local_date(as_of))


def ways_with(
    published: PublishedItem, facts: Facts, day: date, dictionary: Dictionary | None = None
) -> tuple[Way, ...]:
    """`ways` for facts in hand, of nobody in particular: what a calculator asks. `dictionary` is the item's, where
    somebody holds it."""
    entries = (dictionary or dictionary_of(published)).attributes
    marked = {name: one.can_change for name, one in entries.items() if one.can_change}
    return ways_to(offer_of(published.item).program, facts, day, marked)


def dictionary_of(published: PublishedItem, shared: Dictionary | None = None) -> Dictionary:
    """The dictionary as last shared; where nothing was, the entries that the item's pack was published with."""
    shared = shared or catalogue.root().dictionary
    return shared if shared.attributes else catalogue.root(published.revision_id).dictionary


def combination(
    subject_id: str, *, as_of: datetime, scope: Scope, extra: Facts | None = None, by: Actor | None = None
) -> Combination:
    """The items in force that pay a subject most together, and why the rest is left; what evidence and judgement would
    decide counts as given, what was granted before is out and counts in its group.

    Raises AccessError where the scope does not show the subject, ConflictError `too_many_together`.
    """
    facts = entitlements.facts_for(subject_id, scope=scope, as_of=as_of, extra=extra, by=by)
    found = entitlements.screen_facts(registry.subject(subject_id, scope=scope).kind, facts, as_of=as_of)
    named = catalogue.items(as_of=as_of, item_ids=[*found.entitled, *found.possible])
    items = [one for one in named if one.item.id in found.entitled or _is_left(one.item.program)]
    day = local_date(as_of)
    (past,) = entitlements.pasts_of([Inquiry(items, subject_id, facts, day)])
    free = [one for one in items if not past.holder_for_subject(one.item) and one.item.id not in past.full]
    already = {name: standing.already_fen for name, standing in past.groups.items() if standing.already_fen}
    return combination_with(free, facts, day, already)


def combination_with(
    items: Sequence[PublishedItem], facts: Facts, day: date, already_fen: Mapping[str, int] | None = None
) -> Combination:
    """`combination` for items and facts in hand. `already_fen` is what earlier grants have given in a group."""
    programs = {one.item.id: _decided(one.item.program) for one in items}
    answers = {item_id: assess(program, facts, day) for item_id, program in programs.items()}
    entitled = [one for one in items if answers[one.item.id].answer is Answer.ENTITLED]
    fen = {one.item.id: _known_fen(answers[one.item.id]) for one in entitled}
    refusing = {one.item.id for one in entitled if reads_grants(one)}
    choices = []
    for one in entitled:
        item_id, refused = one.item.id, frozenset[str]()
        if item_id in refusing:
            others = (other for other in fen if other != item_id)
            refused = frozenset(
                other for other in others if _is_refused(programs[item_id], facts, day, other, fen[other] or 0)
            )
        choices.append(Choice(item_id, fen[item_id], one.item.group, refused))
    groups = {one.item.group: catalogue.group_of(one.revision_id, one.item.group) for one in entitled if one.item.group}
    return best_combination(choices, groups, already_fen)


def _is_left(program: Program) -> bool:
    """Whether what is not decided yet may be for a person to judge, or for evidence; else a fact is not known."""
    return any(one.kind != "computed" for one in program.requires)


def _decided(program: Program) -> Program:
    """The program with what facts decide alone."""
    decided = tuple(one for one in program.requires if one.kind == "computed")
    return replace(program, requires=decided, quota=False)


def _known_fen(found: Assessment) -> int | None:
    return found.amount_fen if found.amount is AmountState.KNOWN else None


def _is_refused(program: Program, facts: Facts, day: date, other: str, fen: int) -> bool:
    """Whether an item would refuse a subject that had been granted another one today."""
    held = facts.get(GRANTS)
    grant = {"item": other, "granted_on": day, "amount_fen": fen}
    grants = (*(held.value if held else ()), grant)
    granted = facts.with_facts({FactKey(GRANTS.attribute): Fact(grants, _SOURCE, day)})
    return assess(program, granted, day).answer is not Answer.ENTITLED
