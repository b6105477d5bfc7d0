"""What names an expression may use, and of which type: facts, relations, parameters, tables, amounts, code trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from zhida.domain.rules.chains import tangled
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.places import NOWHERE, Place
from zhida.domain.values import CodeTree, FactKey

if TYPE_CHECKING:
    from zhida.domain.rules.tables import Table

Kind = OneOf["boolean", "number", "text", "date", "texts", "relation"]
PeriodKind = OneOf["none", "year", "month", "interval"]
Scalar = Decimal | str | bool | date


@dataclass(frozen=True)
class FactType:
    """An attribute as rules see it.

    `unit` is "" where a number has none; `scale` is how many decimals its column keeps. `values` closes a text to a
    list, `code_tree` names the tree of a hierarchical code. `minimum` and `maximum` bound a number's domain, included.
    `expression` derives the fact from others: an inlined one is read anew at each as_of (a supplied value wins only
    with `supplied_wins`); a materialised one is read where it is stored, else derived. A fact observed more than
    `stale_after_days` days before as_of counts as unknown. Kind `texts` is a list of text.
    """

    name: str
    kind: Kind
    unit: str = ""
    scale: int = 0
    period: PeriodKind = "none"
    values: tuple[str, ...] = ()
    code_tree: str = ""
    owner: str = ""
    expression: Node | None = None
    derived: OneOf["materialised", "inlined"] = "materialised"
    supplied_wins: bool = False
    absence: Scalar | tuple[str, ...] = "unknown"
    stale_after_days: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @cached_property
    def key(self) -> FactKey:
        """Its key without a period: the same one each time, since most reads ask for it."""
        return FactKey(self.name)

    @property
    def reads_stored(self) -> bool:
        """Whether a stored value is looked at before the expression."""
        return self.expression is None or self.derived == "materialised" or self.supplied_wins


@dataclass(frozen=True)
class RelationType:
    """Records of a subject (hires, members, purchases), one level deep. `singular` names the record in `for_each`."""

    name: str
    singular: str
    fields: Mapping[str, FactType]


@dataclass(frozen=True)
class ParameterRow:
    """A value from a date on, in a region ("" is everywhere), with the day and the place of its publication."""

    effective: date
    value: Scalar
    region: str = ""
    published: date | None = None
    source: str = ""


@dataclass(frozen=True)
class ParameterSeries:
    """The values of one parameter over time and regions. In each region the latest effective row is in force; among
    the regions that contain the subject the narrowest counts."""

    name: str
    rows: tuple[ParameterRow, ...]
    unit: str = ""

    def in_force(self, as_of: date) -> dict[str, ParameterRow]:
        """Region to the row in force there on a date; a region without one is absent."""
        rows = sorted((row for row in self.rows if row.effective <= as_of), key=lambda row: row.effective)
        return {row.region: row for row in rows}


@dataclass(frozen=True)
class Amount:
    """A named amount of a pack; `value` is its expression."""

    name: str
    value: Node
    cites: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True)
class Schema:
    """All the names of one pack. Names are unique across facts, relations, tables and amounts."""

    facts: Mapping[str, FactType] = field(default_factory=dict)
    relations: Mapping[str, RelationType] = field(default_factory=dict)
    parameters: Mapping[str, ParameterSeries] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    code_trees: Mapping[str, CodeTree] = field(default_factory=dict)
    amounts: Mapping[str, Amount] = field(default_factory=dict)

    @cached_property
    def expressions(self) -> Mapping[str, tuple[Node, ...]]:
        """Each derived fact, table and amount with the expressions that it is made of."""
        derived = {name: (fact.expression,) for name, fact in self.facts.items() if fact.expression is not None}
        tables = {name: table.expressions for name, table in self.tables.items()}
        return {**derived, **tables, **{name: (amount.value,) for name, amount in self.amounts.items()}}

    @cached_property
    def tangled(self) -> frozenset[str]:
        """The names that are inside themselves or too deep; the checker refuses them wherever they are used."""
        return tangled(self.expressions)
