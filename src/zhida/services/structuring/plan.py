"""What a draft pack is to hold: items, requirements, papers, steps, and why the other clauses need none.

Names come from anchors (`met_a2_1`), so that the same clause always bears the same name. A condition that could be said
in FEEL is computed, any other is judged by a person until somebody says it better; nothing that was not understood is
left out in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from zhida.services.structuring.characters import plain
from zhida.services.structuring.clocks import Clock
from zhida.services.structuring.outline import Clause
from zhida.services.structuring.roles import Role
from zhida.services.structuring.structure import ClauseReading, Structure

SURE = 60
_MAX_ITEMS = 60
_TITLE_LENGTH = 24
_GIVEN = ("fixed", "per_unit", "cap")


@dataclass(frozen=True)
class PlannedRequirement:
    """A requirement of rules.yaml; `when` is FEEL for a computed one, else ""."""

    name: str
    kind: str
    when: str
    cites: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class PlannedItem:
    """An item: where its benefit stands, what it is called, its sum in fen where it is one fixed sum, its duties."""

    name: str
    anchor: str
    title: str
    how_much: str
    fen: int | None
    requires: tuple[str, ...]
    cites: tuple[str, ...]
    is_yearly: bool
    duties: tuple[tuple[str, int, str], ...] = ()


@dataclass
class Plan:
    """All of a draft; `explained` are the clauses that nothing cites, each with its reason."""

    requirements: list[PlannedRequirement] = field(default_factory=list)
    items: list[PlannedItem] = field(default_factory=list)
    explained: dict[str, str] = field(default_factory=dict)
    steps: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def pays(self) -> bool:
        """Whether any item gives a known sum."""
        return any(item.fen is not None for item in self.items)

    def place_of(self, anchor: str) -> dict[str, str]:
        """The file and entry of the pack that carry a clause."""
        for requirement in self.requirements:
            if anchor in requirement.cites:
                return {"file": "rules.yaml", "path": f"requirements.{requirement.name}"}
        for item in self.items:
            if anchor in item.cites or any(anchor == cited for _, _, cited in item.duties):
                return {"file": "items.yaml", "path": item.name}
        if any(anchor == cited for _, cited in self.steps.values()):
            return {"file": "process.yaml", "path": "review"}
        return {"file": "clauses.yaml", "path": anchor}


_EXPLAINED = {
    Role.CONDITION: "opens a list of conditions",
    Role.BENEFIT: "tells of a benefit that no item carries yet",
    Role.MATERIAL: "opens a list of papers",
    Role.PROCESS: "tells how offices proceed",
    Role.CLOCK: "tells a term that no step carries yet",
    Role.CLAWBACK: "tells what follows a breach",
    Role.NONE: "purpose, definition or general rule",
}


def plan_of(structure: Structure) -> Plan:
    """The draft that a structure asks for."""
    plan = Plan()
    own: dict[str, list[str]] = {}
    groups: dict[str, list[ClauseReading]] = {}
    for reading in structure.in_force():
        group = group_of(reading.clause)
        requirement = _requirement(reading)
        if requirement:
            plan.requirements.append(requirement)
            own.setdefault(group.anchor, []).append(requirement.name)
        elif reading.judged.role is Role.BENEFIT and not reading.clause.is_heading:
            groups.setdefault(group.anchor, []).append(reading)
    _add_items(plan, structure, groups, own)
    _add_steps(plan, structure.in_force())
    for reading in structure.readings:
        anchor = reading.clause.anchor
        if plan.place_of(anchor)["file"] == "clauses.yaml":
            is_form = reading.clause.is_attachment
            plan.explained[anchor] = "a form or template" if is_form else _EXPLAINED[reading.judged.role]
    return plan


def group_of(clause: Clause) -> Clause:
    """The clause that one item's words stand in: the article; where there are none, the outermost numbered one."""
    articles = [each for each in clause.path if each.kind == "article"]
    outer = [each for each in clause.path if each.kind not in ("part", "chapter", "section", "attachment")]
    return (articles or outer or clause.path)[0]


def title_of(clause: Clause) -> str:
    """A short name for what a clause says: its first words, without braces (which would be blanks)."""
    words = plain(clause.text).replace("{", "").replace("}", "").strip()
    first = words.split("\n")[0].split("。")[0]
    return first[:_TITLE_LENGTH].strip() or clause.label or clause.anchor


def _requirement(reading: ClauseReading) -> PlannedRequirement | None:
    clause, role = reading.clause, reading.judged.role
    name, title = clause.anchor.replace("-", "_"), title_of(clause)
    conditions = [passage.condition for passage in reading.passages if passage.condition]
    if role is Role.CONDITION and conditions:
        feels = [each.feel for each in conditions]
        is_sure = all(feels) and min(each.confidence for each in conditions) >= SURE
        if is_sure:
            return PlannedRequirement(f"met_{name}", "computed", " and ".join(feels), (clause.anchor,), title)
        kind = "undertaken" if "承诺" in plain(clause.text)[:12] else "judged"
        return PlannedRequirement(f"met_{name}", kind, "", (clause.anchor,), title)
    if (
        role is Role.MATERIAL
        and not clause.children
        and clause.kind not in ("paragraph", "article")
        and clause.text.strip()
    ):
        return PlannedRequirement(f"paper_{name}", "evidenced", "", (clause.anchor,), title)
    return None


def _add_items(
    plan: Plan, structure: Structure, groups: dict[str, list[ClauseReading]], own: dict[str, list[str]]
) -> None:
    duties = tuple(_duties(structure.in_force()))
    shared = [name for group, names in own.items() if group not in groups for name in names]
    for anchor, readings in [*groups.items()][:_MAX_ITEMS]:
        first = readings[0].clause
        group = group_of(first)
        fens = [each.fen for reading in readings for passage in reading.passages for each in passage.amounts]
        given = [
            each
            for reading in readings
            for passage in reading.passages
            for each in passage.amounts
            if each.role in _GIVEN
        ]
        is_one = len(fens) == 1 and len(given) == 1 and given[0].role == "fixed" and given[0].currency == "CNY"
        shares = any(passage.rates or passage.bands for reading in readings for passage in reading.passages)
        words = "".join(plain(reading.clause.text) for reading in readings)
        plan.items.append(
            PlannedItem(
                name=f"item_{anchor.replace('-', '_')}",
                anchor=anchor,
                title=title_of(group),
                how_much=plain(first.text).replace("{", "").replace("}", "").replace("\n", " ")[:80].strip(),
                fen=given[0].fen if is_one and not shares else None,
                requires=(*own.get(anchor, ()), *shared),
                cites=tuple(reading.clause.anchor for reading in readings),
                is_yearly="每年" in words or "年度" in words,
                duties=duties if not plan.items else (),
            )
        )
    if not plan.items:
        _add_bare_item(plan, structure, own)


def _add_bare_item(plan: Plan, structure: Structure, own: dict[str, list[str]]) -> None:
    """A document that gives nothing readable still has one item, so that its text can be worked on."""
    cited = {anchor for requirement in plan.requirements for anchor in requirement.cites}
    free = [each.clause for each in structure.readings if each.clause.anchor not in cited]
    clause = (free or [each.clause for each in structure.readings])[0]
    names = tuple(name for names in own.values() for name in names)
    title = structure.header.title.text if structure.header.title else title_of(clause)
    words = plain(title).replace("{", "").replace("}", "")[:_TITLE_LENGTH]
    plan.items.append(PlannedItem("service", clause.anchor, words, words, None, names, (clause.anchor,), False))


def _duties(readings: Iterable[ClauseReading]) -> Iterable[tuple[str, int, str]]:
    for reading in readings:
        told = [each for passage in reading.passages for each in passage.details if each.kind == "obligation"]
        if told and int(told[0].value["years"]) and reading.judged.role is Role.CLAWBACK:
            name = f"duty_{reading.clause.anchor.replace('-', '_')}"
            yield name, int(told[0].value["years"]), reading.clause.anchor


def _add_steps(plan: Plan, readings: tuple[ClauseReading, ...]) -> None:
    """The first term in working days for review, publicity and payment, where no item or rule cites its clause."""
    taken = {anchor for requirement in plan.requirements for anchor in requirement.cites}
    taken |= {anchor for item in plan.items for anchor in item.cites}
    taken |= {anchor for item in plan.items for _, _, anchor in item.duties}
    for reading in readings:
        for clock in (each for passage in reading.passages for each in passage.clocks):
            if _is_step(clock) and clock.act not in plan.steps and reading.clause.anchor not in taken:
                plan.steps[clock.act] = (clock.count, reading.clause.anchor)


def _is_step(clock: Clock) -> bool:
    return clock.unit == "working_days" and clock.act in ("review", "publicise", "pay") and 0 < clock.count < 250
