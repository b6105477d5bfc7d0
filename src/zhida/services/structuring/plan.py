"""What a draft pack is to hold: items, requirements, papers, steps, and why the other clauses need none.

Names come from anchors (`met_a2_1`), so that the same clause always bears the same name. A condition that could be said
in FEEL is computed, any other is judged by a person until somebody says it better; nothing that was not understood is
left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from zhida.domain.values import SubjectKind
from zhida.services.structuring.characters import plain
from zhida.services.structuring.clocks import Clock
from zhida.services.structuring.conditions import Condition
from zhida.services.structuring.givings import Given, givings_of
from zhida.services.structuring.naming import is_for_all, name_of, phrase_of, told_apart, whole_words, whom_of
from zhida.services.structuring.outline import Clause
from zhida.services.structuring.roles import Role
from zhida.services.structuring.structure import ClauseReading, Structure
from zhida.services.structuring.sums import AmountRule, Question, Standard

SURE = 60
_MAX_ITEMS = 60
_HEADING_LENGTH = 40
_ANY_OF = re.compile(r"之一[^。；;，]{0,20}[:：。]?$")
_REFUSED = re.compile(r"，?(?:均)?(?:不予|不得|不享受|不适用|不纳入)[^，。；;]*$")


@dataclass(frozen=True)
class PlannedRequirement:
    """A requirement of rules.yaml; `when` is FEEL for a computed one, else "". `options` are its named alternatives:
    name, FEEL, clause, title."""

    name: str
    kind: str
    when: str
    cites: tuple[str, ...]
    title: str
    options: tuple[tuple[str, str, str, str], ...] = ()

    @property
    def all_cited(self) -> tuple[str, ...]:
        """Every clause that it or one of its alternatives cites."""
        return (*self.cites, *(cited for _, _, cited, _ in self.options))


@dataclass(frozen=True)
class PlannedItem:
    """An item: where its benefit stands, what it is called, its duties, the rule of its sum where one could be made.
    `words_at` is the place of the one sentence that gives it: paragraph, start, end; None where its clauses do."""

    name: str
    anchor: str
    title: str
    how_much: str
    rule: AmountRule | None
    requires: tuple[str, ...]
    cites: tuple[str, ...]
    is_yearly: bool
    duties: tuple[tuple[str, int, str], ...] = ()
    words_at: tuple[int, int, int] | None = None


@dataclass
class Plan:
    """All of a draft. `office` stands in as the owner of new facts, which describe the `audience`; `explained` are the
    clauses that nothing cites, each with its reason."""

    office: str
    audience: SubjectKind
    requirements: list[PlannedRequirement] = field(default_factory=list)
    items: list[PlannedItem] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)
    steps: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def pays(self) -> bool:
        """Whether any item gives a known sum."""
        return any(item.rule is not None for item in self.items)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the form asks for the rules of sums, each once."""
        return tuple(dict.fromkeys(each for item in self.items if item.rule for each in item.rule.questions))

    @property
    def standards(self) -> tuple[Standard, ...]:
        """The figures of other documents that the rules of sums go by, each once."""
        return tuple(dict.fromkeys(each for item in self.items if item.rule for each in item.rule.standards))

    def place_of(self, anchor: str) -> dict[str, str]:
        """The file and entry of the pack that carry a clause."""
        for item in self.items:
            if anchor in item.cites or any(anchor == cited for _, _, cited in item.duties):
                return {"file": "items.yaml", "path": item.name}
        for requirement in self.requirements:
            if anchor in requirement.all_cited:
                return {"file": "rules.yaml", "path": f"requirements.{requirement.name}"}
        if any(anchor == cited for _, cited in self.steps.values()):
            return {"file": "process.yaml", "path": "review"}
        return {"file": "clauses.yaml", "path": anchor}


_EXPLAINED = {
    Role.CONDITION: "下面各项条件的总起",
    Role.BENEFIT: "说到一项还没有立项的待遇",
    Role.MATERIAL: "下面各项材料的总起",
    Role.PROCESS: "说的是部门怎么办",
    Role.CLOCK: "说到一个还没有写进步骤的期限",
    Role.CLAWBACK: "说的是违反以后怎么办",
    Role.NONE: "目的、定义或总的规定",
}


def plan_of(structure: Structure, office: str) -> Plan:
    """The draft that a structure asks for, of an office of the dictionary."""
    plan = Plan(office=office, audience=structure.audience)
    own: dict[str, list[str]] = {}
    groups: dict[str, list[ClauseReading]] = {}
    readings = {each.clause.anchor: each for each in structure.in_force() if each.judged.role is Role.CONDITION}
    taken: set[str] = set()
    for reading in structure.in_force():
        anchor, group = reading.clause.anchor, group_of(reading.clause)
        either = _alternatives(reading, readings) if anchor in readings and anchor not in taken else None
        found = [] if anchor in taken else _requirements(reading)
        if either:
            found = [*found, either]
            taken |= {*either.cites, *(cited for _, _, cited, _ in either.options)}
        if found:
            plan.requirements += found
            own.setdefault(group.anchor, []).extend(each.name for each in found)
        elif anchor in taken:
            continue
        elif reading.judged.role is Role.BENEFIT and not _is_only_heading(reading):
            groups.setdefault(group.anchor, []).append(reading)
    _add_items(plan, structure, groups, own)
    _add_steps(plan, structure.in_force())
    for reading in structure.readings:
        anchor = reading.clause.anchor
        if plan.place_of(anchor)["file"] == "clauses.yaml":
            is_form = reading.clause.is_attachment
            plan.explained[anchor] = "附件里的表格或范本" if is_form else _EXPLAINED[reading.judged.role]
    return plan


def _is_only_heading(reading: ClauseReading) -> bool:
    """Whether a clause says nothing but what stands below it; one whose words begin in the next line says more, and so
    does one with a sum."""
    clause, words = reading.clause, reading.clause.text.strip()
    has_sum = any(passage.amounts or passage.rates for passage in reading.passages)
    return not has_sum and clause.is_heading and len(words) <= _HEADING_LENGTH and not words.endswith(("。", "；", ";"))


def group_of(clause: Clause) -> Clause:
    """The clause that one item's words stand in: the article; where there are none, the outermost numbered one."""
    articles = [each for each in clause.path if each.kind == "article"]
    outer = [each for each in clause.path if each.kind not in ("part", "chapter", "section", "attachment")]
    return (articles or outer or clause.path)[0]


def _requirements(reading: ClauseReading) -> list[PlannedRequirement]:
    """What a clause asks: what can be computed now, and beside it what a person judges, is promised, or is proved."""
    clause, role = reading.clause, reading.judged.role
    name, title = clause.anchor.replace("-", "_"), phrase_of(clause)
    conditions = [each for passage in reading.passages if passage.is_condition for each in passage.conditions]
    if role is Role.CONDITION and conditions:
        return _of_conditions(name, title, clause, conditions)
    is_point = not clause.children and clause.kind not in ("paragraph", "article") and bool(clause.text.strip())
    if role is Role.MATERIAL and is_point:
        return [PlannedRequirement(f"paper_{name}", "evidenced", "", (clause.anchor,), title)]
    return []


def _of_conditions(name: str, title: str, clause: Clause, conditions: list[Condition]) -> list[PlannedRequirement]:
    if any(each.excludes for each in conditions):
        title = f"没有这种情形：{_REFUSED.sub('', title)}"
    is_sure = all(each.feel and each.confidence >= SURE for each in conditions)
    left = [part for each in conditions for part in each.left]
    if is_sure:
        is_ready = all(each.is_ready for each in conditions)
        when = " and ".join(f"({each.feel})" if " or " in each.feel else each.feel for each in conditions)
        kind = "computed" if is_ready else "judged"
        found = [PlannedRequirement(f"met_{name}", kind, when if is_ready else "", (clause.anchor,), title)]
        judged = PlannedRequirement(f"judged_{name}", "judged", "", (clause.anchor,), f"{title}（人工判断部分）")
        return [*found, judged] if left else found
    is_promise = bool(left) and all(part.kind == "undertaken" for each in conditions for part in each.parts)
    kind = "undertaken" if is_promise or "承诺" in plain(clause.text)[:12] else "judged"
    return [PlannedRequirement(f"met_{name}", kind, "", (clause.anchor,), title)]


def _alternatives(reading: ClauseReading, readings: dict[str, ClauseReading]) -> PlannedRequirement | None:
    """The points below 符合下列条件之一 as one requirement: of named alternatives where each can be computed now, else
    a person's judgement of all of them."""
    clause = reading.clause
    text = plain(clause.text).rstrip()
    if not clause.children or not _ANY_OF.search(text):
        return None
    own = [readings[each.anchor] for each in clause.children if each.anchor in readings]
    if any(each.excludes for found in own for passage in found.passages for each in passage.conditions):
        return None  # Whoever meets one of them is refused: each has to be absent.
    below = [anchor for anchor, each in readings.items() if any(step is clause for step in each.clause.path[:-1])]
    name, title = clause.anchor.replace("-", "_"), phrase_of(clause)
    each_one = [_requirements(each) for each in own]
    if all(len(found) == 1 and found[0].kind == "computed" for found in each_one) and len(own) == len(below):
        options = tuple((found[0].name, found[0].when, found[0].cites[0], found[0].title) for found in each_one)
        return PlannedRequirement(f"any_{name}", "computed", "", (), title, options)
    return PlannedRequirement(f"any_{name}", "judged", "", tuple(below), title)


def _add_items(
    plan: Plan, structure: Structure, groups: dict[str, list[ClauseReading]], own: dict[str, list[str]]
) -> None:
    duties = tuple(_duties(structure.in_force()))
    shared = [name for group, names in own.items() if group not in groups for name in names]
    title = structure.header.title.text if structure.header.title else ""
    clauses = {each.clause.anchor: each.clause for each in structure.readings}
    for anchor, readings in [*groups.items()][:_MAX_ITEMS]:
        for given in givings_of(readings, structure.facts, is_persons=structure.audience is SubjectKind.PERSON):
            if len(plan.items) < _MAX_ITEMS:
                requires = (*own.get(anchor, ()), *shared)
                plan.items.append(_item(plan, given, requires, duties if not plan.items else (), title))
    if len(plan.items) == 1:
        plan.items = [replace(plan.items[0], title=name_of(clauses[plan.items[0].anchor], title, is_only=True))]
    plan.items = _named_apart(plan.items, clauses)
    if not plan.items:
        _add_bare_item(plan, structure, own)


def _item(
    plan: Plan, given: Given, requires: tuple[str, ...], duties: tuple[tuple[str, int, str], ...], title: str
) -> PlannedItem:
    """One item, and the judged requirement that the case is one that its own words speak of (对…的企业); none where
    they speak only of whoever meets the conditions (对符合条件的企业) and there are such."""
    first, rule, name = given.clause, given.rule, given.name
    words = plain(first.text) if given.said else "".join(plain(each.clause.text) for each in given.readings)
    if not (requires and is_for_all(first)):
        told = f"属于条文所述情形：{_case(given)}"
        plan.requirements.append(PlannedRequirement(f"case_{name}", "judged", "", (first.anchor,), told))
        requires = (*requires, f"case_{name}")
    return PlannedItem(
        name=f"item_{name}",
        anchor=first.anchor,
        title=name_of(first if rule else group_of(first), title),
        how_much=whole_words(plain(first.text).replace("{", "").replace("}", "").replace("\n", " ")) or first.label,
        rule=rule,
        requires=requires,
        cites=tuple(each.clause.anchor for each in given.readings),
        is_yearly="每年" in words or "年度" in words,
        duties=duties,
        words_at=(given.said.paragraph, given.said.start, len(given.said.text)) if given.said else None,
    )


def _case(given: Given) -> str:
    """Whom an item is for; the points of one table are its alternatives."""
    if given.rule is None or len(given.rule.cites) < 2 or given.said:
        return whom_of(given.clause) or phrase_of(given.clause)
    return "；或者".join(phrase_of(each.clause) for each in given.readings if each.clause.anchor in given.rule.cites)


def _named_apart(items: Iterable[PlannedItem], clauses: Mapping[str, Clause]) -> list[PlannedItem]:
    rows = [*items]
    names = told_apart([(item.title, clauses[item.anchor]) for item in rows])
    return [replace(item, title=name) for item, name in zip(rows, names, strict=True)]


def _add_bare_item(plan: Plan, structure: Structure, own: dict[str, list[str]]) -> None:
    """A document that gives nothing readable still has one item, so that its text can be worked on."""
    cited = {anchor for requirement in plan.requirements for anchor in requirement.all_cited}
    free = [each.clause for each in structure.readings if each.clause.anchor not in cited]
    clause = (free or [each.clause for each in structure.readings])[0]
    names = tuple(name for names in own.values() for name in names)
    title = structure.header.title.text if structure.header.title else ""
    words = whole_words(plain(title).replace("{", "").replace("}", "")) or name_of(clause, title)
    plan.items.append(PlannedItem("service", clause.anchor, words, words, None, names, (clause.anchor,), False))


def _duties(readings: Iterable[ClauseReading]) -> Iterable[tuple[str, int, str]]:
    for reading in readings:
        told = [each for passage in reading.passages for each in passage.details if each.kind == "obligation"]
        if told and int(told[0].value["years"]) and reading.judged.role is Role.CLAWBACK:
            name = f"duty_{reading.clause.anchor.replace('-', '_')}"
            yield name, int(told[0].value["years"]), reading.clause.anchor


def _add_steps(plan: Plan, readings: tuple[ClauseReading, ...]) -> None:
    """The first term in working days for review, publicity and payment, where no item or rule cites its clause."""
    taken = {anchor for requirement in plan.requirements for anchor in requirement.all_cited}
    taken |= {anchor for item in plan.items for anchor in item.cites}
    taken |= {anchor for item in plan.items for _, _, anchor in item.duties}
    for reading in readings:
        for clock in (each for passage in reading.passages for each in passage.clocks):
            if _is_step(clock) and clock.act not in plan.steps and reading.clause.anchor not in taken:
                plan.steps[clock.act] = (clock.count, reading.clause.anchor)


def _is_step(clock: Clock) -> bool:
    return clock.unit == "working_days" and clock.act in ("review", "publicise", "pay") and 0 < clock.count < 250
