"""Types of expressions: what kind of value, in which unit, with how many decimals, from which closed list or tree."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal as OneOf

from zhida.domain.rules.numbers import FEEL
from zhida.domain.rules.schema import FactType, RelationType
from zhida.domain.sentences import Sentence, tell

TypeKind = OneOf["boolean", "number", "text", "date", "list", "record", "any"]


@dataclass(frozen=True)
class Type:
    """`unit` "" fits any unit. `scale` is how many decimals a number provably has at most (0: whole; None: unproved),
    `low` and `high` what the dictionary bounds it by, included. `gapped` says that a table may give none. `values` and
    `code_tree` are a text's closed list and tree; `item` is a list's member, `relation` a record's."""

    kind: TypeKind
    unit: str = ""
    scale: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    gapped: bool = False
    values: tuple[str, ...] = ()
    code_tree: str = ""
    item: Type | None = None
    relation: RelationType | None = None

    @property
    def whole(self) -> bool:
        """Whether a number is provably an integer."""
        return self.scale == 0

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Sentence:
        """The type in words."""
        if self.kind == "list" and self.item is not None:
            return tell("list of {item}", item=self.item.told)
        kind = tell(self.kind)
        return tell("{kind} in {unit}", kind=kind, unit=tell(self.unit)) if self.unit else kind


ANY = Type("any")
BOOLEAN = Type("boolean")
NUMBER = Type("number")
WHOLE = Type("number", scale=0)
TEXT = Type("text")
DATE = Type("date")


def type_of_fact(fact: FactType, relation: RelationType | None = None) -> Type:
    """The type of a fact's value; a relation's is a list of its records."""
    if fact.kind == "relation":
        return list_of(Type("record", relation=relation))
    if fact.kind == "texts":
        return list_of(Type("text", values=fact.values, code_tree=fact.code_tree))
    if fact.kind == "number":
        return Type("number", fact.unit, fact.scale, fact.minimum, fact.maximum)
    return Type(fact.kind, values=fact.values, code_tree=fact.code_tree)


def type_of_constant(value: object) -> Type:
    """The type of a literal or of a parameter's value."""
    if isinstance(value, bool):
        return BOOLEAN
    if isinstance(value, Decimal):
        return Type("number", scale=decimals_of(value))
    return TEXT if isinstance(value, str) else DATE


def decimals_of(value: Decimal) -> int:
    """How many decimals a number needs: 0.50 needs one, 1E+3 none."""
    exponent = FEEL.normalize(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


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
    known = left.scale is not None and right.scale is not None
    return replace(
        left,
        unit=left.unit or right.unit,
        scale=max(left.scale or 0, right.scale or 0) if known else None,
        low=left.low if left.low == right.low else None,
        high=left.high if left.high == right.high else None,
        gapped=left.gapped or right.gapped,
        values=left.values if left.values == right.values else (),
        code_tree=left.code_tree if left.code_tree == right.code_tree else "",
        item=item,
    )


def fields_of(item: Type) -> dict[str, Type]:
    """The fields of a record by name, none for anything else."""
    return {name: type_of_fact(fact) for name, fact in item.relation.fields.items()} if item.relation else {}


def misfit(found: Type, wanted: Type) -> str:
    """The code of a problem where one type does not fit another."""
    return "wrong_unit" if found.kind == wanted.kind == "number" else "wrong_type"


CURES = {
    ("list", "number"): "count(…), sum(…), min(…) or max(…) makes one number of a list",
    ("text", "number"): "a number stands without quotes",
    ("text", "date"): 'write date("2026-01-31")',
    ("number", "boolean"): "compare it: `> 0`",
}
