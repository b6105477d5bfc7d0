"""rules.yaml read: requirements with their alternatives, tables, amounts; each cites its clauses."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhida.domain.packs.reading.expressions import parse_placed, place_of
from zhida.domain.packs.reading.tables import read_table
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import Problems, TextNode
from zhida.domain.rules import Alternative, Amount, FactType, Literal, Requirement, Table
from zhida.domain.sentences import tell

KINDS = ("computed", "evidenced", "judged", "undertaken")


@dataclass
class Citations:
    """Every anchor that something cites, with the place of each citation, as (anchor, who cites)."""

    found: list[tuple[TextNode, str]] = field(default_factory=list)

    def take(self, fields: Fields, required: bool = True) -> tuple[str, ...]:
        """Reads the `cites` of a record; at least one where it is required."""
        cited = fields.placed_texts("cites", required)
        self.found.extend((node, fields.where) for node in cited)
        return tuple(node.text for node in cited)


@dataclass(frozen=True)
class Rules:
    """What rules.yaml says."""

    requirements: dict[str, Requirement] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    amounts: dict[str, Amount] = field(default_factory=dict)


def read_rules(top: Fields, facts: dict[str, FactType], citations: Citations, problems: Problems) -> Rules:
    """All of rules.yaml; `facts` are the known facts, whose types read the cells of tables."""
    rules = Rules()
    for name, fields in top.record("requirements", required=False).named():
        rules.requirements[name] = _requirement(name, fields, citations, problems)
        fields.close()
    for name, fields in top.record("tables", required=False).named():
        cites = citations.take(fields)
        rules.tables[name] = read_table(name, fields, cites, facts, problems)
        fields.close()
    for name, fields in top.record("amounts", required=False).named():
        rules.amounts[name] = _amount(name, fields, citations, problems)
        fields.close()
    top.close()
    return rules


def _requirement(name: str, fields: Fields, citations: Citations, problems: Problems) -> Requirement:
    kind = fields.choice("kind", KINDS)
    if kind != "computed":
        return Requirement(name, kind, (), citations.take(fields))  # type: ignore[arg-type]
    if "any_of" not in fields:
        cites = citations.take(fields)
        return Requirement(name, "computed", (_alternative("", fields, cites, problems),), cites)
    alternatives = []
    for label, below in fields.record("any_of").named():
        alternatives.append(_alternative(label, below, citations.take(below), problems))
        below.close()
    if len(alternatives) < 2:
        words = tell("{name} has fewer than two", name=name)
        fields.wrong(fields.spot_of("any_of"), "one_alternative", words, "write a plain `when`")
    cited = dict.fromkeys(anchor for alternative in alternatives for anchor in alternative.cites)
    return Requirement(name, "computed", tuple(alternatives), tuple(cited))


def _alternative(label: str, fields: Fields, cites: tuple[str, ...], problems: Problems) -> Alternative:
    found = fields.placed("when")
    clause = cites[0] if cites else ""
    node = parse_placed(found, problems, clause)
    place = place_of(found.spot if found else fields.spot, clause)
    return Alternative(label, node or Literal("boolean", True), cites, place)


def _amount(name: str, fields: Fields, citations: Citations, problems: Problems) -> Amount:
    found, cites = fields.placed("is"), citations.take(fields)
    clause = cites[0] if cites else ""
    node = parse_placed(found, problems, clause)
    place = place_of(found.spot if found else fields.spot, clause)
    return Amount(name, node or Literal("number", 0), cites, place)  # type: ignore[arg-type]
