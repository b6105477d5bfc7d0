"""A DMN model as it was read: boxed expressions, decisions, knowledge, services, types (DMN 1.5, clauses 6 to 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Box:
    """Any boxed expression; its value is coerced to `type_ref`, "" where it says none."""

    type_ref: str = ""


@dataclass(frozen=True)
class Text(Box):
    """A literal expression."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Entry:
    """An entry of a boxed context; without a name it is the result of the context."""

    name: str
    type_ref: str
    value: Box | None


@dataclass(frozen=True)
class Context(Box):
    """A boxed context, whose later entries read the earlier ones."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Items(Box):
    """A boxed list."""

    items: tuple[Box | None, ...]


@dataclass(frozen=True)
class Relation(Box):
    """A list of contexts written as a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Box | None, ...], ...]


@dataclass(frozen=True)
class Invocation(Box):
    """A function applied to arguments by name."""

    function: Box | None
    arguments: tuple[tuple[str, Box | None], ...]


@dataclass(frozen=True)
class Definition(Box):
    """A boxed function; `kind` is FEEL, Java or PMML."""

    parameters: tuple[tuple[str, str], ...]
    body: Box | None
    kind: str = "FEEL"


@dataclass(frozen=True)
class Conditional(Box):
    """A boxed if."""

    condition: Box | None
    then: Box | None
    otherwise: Box | None


@dataclass(frozen=True)
class FilterOf(Box):
    """A boxed filter."""

    source: Box | None
    match: Box | None


@dataclass(frozen=True)
class Walk(Box):
    """A boxed for, some or every."""

    quantifier: str
    variable: str
    source: Box | None
    result: Box | None


@dataclass(frozen=True)
class Column:
    """An input or output of a table: the expression it reads or its name, its type, the values allowed, a default."""

    name: str
    type_ref: str
    values: str = ""
    default: str = ""


@dataclass(frozen=True)
class Rule:
    """A row: the unary tests of its inputs and the expressions of its outputs."""

    tests: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Table(Box):
    """A decision table; `aggregation` is SUM, MIN, MAX, COUNT or "" for COLLECT."""

    hit_policy: str
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class InputData:
    """An input of the model."""

    name: str
    type_ref: str


@dataclass(frozen=True)
class Decision:
    """A decision and the references of what it requires: inputs, decisions, business knowledge, services."""

    name: str
    type_ref: str
    requires: tuple[str, ...]
    logic: Box | None


@dataclass(frozen=True)
class Knowledge:
    """A business knowledge model."""

    name: str
    type_ref: str
    requires: tuple[str, ...]
    logic: Definition | None


@dataclass(frozen=True)
class Service:
    """A decision service by the references of its decisions and inputs."""

    name: str
    type_ref: str
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element = InputData | Decision | Knowledge | Service


@dataclass
class ItemDefinition:
    """A type as the model defines it."""

    name: str
    type_ref: str
    is_collection: bool
    allowed: str
    components: tuple[ItemDefinition, ...]
    function: tuple[tuple[str, ...], str] | None = None
    collection_allowed: str = ""


@dataclass
class Model:
    """One model with the elements of those it imports. An element's key is `namespace#id`; `aliases` has the name under
    which one namespace imports another."""

    namespace: str
    elements: dict[str, Element] = field(default_factory=dict)
    items: dict[str, ItemDefinition] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)

    def named(self, kind: type, name: str) -> tuple[str, Any] | None:
        """The key and the element of a kind by its name, of this model itself first."""
        found = [(key, one) for key, one in self.elements.items() if isinstance(one, kind) and one.name == name]
        found.sort(key=lambda pair: not pair[0].startswith(f"{self.namespace}#"))
        return found[0] if found else None


def boxes(value: Any) -> Iterator[Box]:
    """Every boxed expression inside a value, itself included."""
    if isinstance(value, Box):
        yield value
    if isinstance(value, tuple):
        for member in value:
            yield from boxes(member)
    elif isinstance(value, Box | Entry):
        for part in fields(value):
            yield from boxes(getattr(value, part.name))
