"""Types of expressions: what kind of value, in which unit, from which closed list or code tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal as OneOf

from zhida.domain.rules.schema import FactType, RelationType

TypeKind = OneOf["boolean", "number", "text", "date", "list", "record", "any"]


@dataclass(frozen=True)
class Type:
    """`unit` "" fits any unit. `whole` says that a number is provably an integer. `gapped` says that a table may give
    none. `values` and `code_tree` are a text's closed list and tree; `item` a list's member, `relation` a record's."""

    kind: TypeKind
    unit: str = ""
    whole: bool = False
    gapped: bool = False
    values: tuple[str, ...] = ()
    code_tree: str = ""
    item: Type | None = None
    relation: RelationType | None = None

    def __str__(self) -> str:
        if self.kind == "list":
            return f"a list of {self.item}"
        return f"{self.kind} in {self.unit}" if self.unit else self.kind


ANY = Type("any")
BOOLEAN = Type("boolean")
NUMBER = Type("number")
WHOLE = Type("number", whole=True)
TEXT = Type("text")
DATE = Type("date")


def type_of_fact(fact: FactType, relation: RelationType | None = None) -> Type:
    """The type of a fact's value; a relation's is a list of its records."""
    if fact.kind == "relation":
        return list_of(Type("record", relation=relation))
    if fact.kind == "texts":
        return list_of(Type("text", values=fact.values, code_tree=fact.code_tree))
    whole = fact.kind == "number" and fact.scale == 0
    return Type(fact.kind, fact.unit, whole, values=fact.values, code_tree=fact.code_tree)


def list_of(item: Type) -> Type:
    """A list whose members have this type."""
    return Type("list", item=item)


def merged(left: Type, right: Type) -> Type | None:
    """The type that holds both, or None where their kinds or named units differ."""
    if "any" in (left.kind, right.kind):
        return ANY
    if left.kind != right.kind or (left.unit and right.unit and left.unit != right.unit):
        return None
    if left.kind == "record" and left.relation != right.relation:
        return None
    item = merged(left.item, right.item) if left.item and right.item else None
    if left.kind == "list" and item is None:
        return None
    return replace(
        left,
        unit=left.unit or right.unit,
        whole=left.whole and right.whole,
        gapped=left.gapped or right.gapped,
        values=left.values if left.values == right.values else (),
        code_tree=left.code_tree if left.code_tree == right.code_tree else "",
        item=item,
    )
