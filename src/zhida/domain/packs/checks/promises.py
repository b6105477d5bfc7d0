"""What an item promises must hang together: whom it reaches, what it asks for, who pays, and nothing is left over."""

from __future__ import annotations

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.items import BenefitKind, Claim, Item
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.reading.packs import Draft
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.packs.usage import roots_of, usage_of
from zhida.domain.process import Collect, Issue, Pay, Select
from zhida.domain.sentences import tell

NOT_USED_YET = "not_used_yet"
"""A table or a parameter that no rule looks up: an author may be about to use it, and nothing is published with it."""


def check_promises(draft: Draft, dictionary: Dictionary, problems: Problems) -> None:
    """Notes every promise that the pack cannot keep, and every definition that nothing uses."""
    for name, item in draft.pack.items.items():
        _check_audience(item, draft.items[name].spot, dictionary, problems)
        _check_steps(draft.pack, item, draft.items[name].spot, problems)
        if item.program.region and not item.within:
            words = tell("{name} does not say which fact holds the subject's region", name=name)
            problems.add(draft.items[name].spot, "no_within", words, "within: registered_region")
        if item.claim is not Claim.APPLIED and _asked(item, draft.pack):
            words = tell(
                "{name} is {claim}, but needs {requirements}",
                name=name,
                claim=item.claim,
                requirements=tuple(_asked(item, draft.pack)),
            )
            problems.add(draft.items[name].spot, "cannot_be_at_once", words, "a person must look: claim: applied")
    _check_papers(draft, problems)
    _check_left_over(draft, problems)


def _asked(item: Item, pack: Pack) -> list[str]:
    kinds = {name: pack.requirements[name].kind for name in item.requires}
    return [name for name, kind in kinds.items() if kind in ("evidenced", "judged")]


def _check_audience(item: Item, spot: Spot, dictionary: Dictionary, problems: Problems) -> None:
    usage = usage_of(roots_of(item), item.program.schema)
    for name in sorted(usage.facts | usage.relations):
        entry = dictionary.attributes.get(name) or dictionary.relations.get(name)
        if entry and item.audience not in entry.audience:
            words = tell(
                "{item} is for a {audience}, but {name} describes a {audiences}",
                item=item.name,
                audience=item.audience,
                name=name,
                audiences=tuple(sorted(entry.audience)),
            )
            problems.add(spot, "wrong_audience", words)


def _check_steps(pack: Pack, item: Item, spot: Spot, problems: Problems) -> None:
    steps = pack.process.steps if pack.process else ()
    kinds = {type(step) for step in steps}
    if item.pays and Pay not in kinds:
        words = tell("{item} gives money, but no step pays it", item=item.name)
        problems.add(spot, "no_pay_step", words, "fulfil: [{pay: …}]")
    if item.program.quota and Select not in kinds:
        words = tell("{item} has a quota, but no step selects", item=item.name)
        problems.add(spot, "no_select_step", words, "review: [{select: …}]")
    if item.quota and item.quota.total_fen is not None and (not item.pays or item.group or item.schedule):
        words = tell("{item} shares out a sum: it must give money, once, outside any stacking group", item=item.name)
        problems.add(spot, "sum_cannot_be_shared", words, "limit it by n, or leave out stacking and schedule")
    issued = {step.credential for step in steps if isinstance(step, Issue)}
    if item.benefit.kind is BenefitKind.CREDENTIAL and item.benefit.credential not in issued:
        words = tell(
            "{item} gives {credential}, but no step issues it", item=item.name, credential=item.benefit.credential
        )
        problems.add(spot, "no_issue_step", words, "fulfil: [{issue: {credential: …}}]")


def _check_papers(draft: Draft, problems: Problems) -> None:
    pack = draft.pack
    evidenced = [name for name, requirement in pack.requirements.items() if requirement.kind == "evidenced"]
    steps = pack.process.steps if pack.process else ()
    collected = {name for step in steps if isinstance(step, Collect) for name in step.evidence}
    for name in evidenced:
        if name not in pack.form.papers and name not in collected:
            words = tell("nothing proves {name}: no paper in form.yaml, no step that collects it", name=name)
            hint = tell("papers: {{{name}: …}}", name=name)
            problems.add(Spot(f"{pack.id}/form.yaml"), "evidence_from_nowhere", words, hint)
    for name in pack.form.papers:
        if name not in evidenced:
            words = tell("the paper {name} proves no evidenced requirement", name=name)
            problems.add(Spot(f"{pack.id}/form.yaml"), "paper_for_nothing", words, "ask for nothing outside the list")
    for name in sorted(collected - set(evidenced)):
        words = tell("the step collect names {name}, which needs no evidence", name=name)
        problems.add(Spot(f"{pack.id}/process.yaml"), "not_evidenced", words)


def _check_left_over(draft: Draft, problems: Problems) -> None:
    pack, spot = draft.pack, Spot(f"{draft.pack.id}/rules.yaml")
    required = {name for item in pack.items.values() for name in item.requires}
    roots = [root for item in pack.items.values() for root in roots_of(item)]
    usage = usage_of(roots, pack.schema)
    left = [name for name in pack.requirements if name not in required]
    left += [name for name in draft.rules.amounts if name not in usage.amounts]
    for name in left:
        words = tell("no item uses {name}", name=name)
        problems.add(spot, "used_by_nothing", words, "remove it, or name it in items.yaml")
    for name in draft.rules.tables:
        if name not in usage.tables:
            words = tell("no rule looks up the table {name}", name=name)
            problems.add(spot, "not_used_yet", words, "look it up in a condition or an amount, or remove it")
    for name in pack.parameters:
        if name not in usage.parameters:
            parameters = Spot(f"{pack.id}/parameters.yaml")
            words = tell("no rule uses the parameter {name}", name=name)
            problems.add(parameters, "not_used_yet", words, "look it up in a condition or an amount, or remove it")
