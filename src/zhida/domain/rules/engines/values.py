"""What an expression can be worth while it runs, and the Kleene rules for values that are not known.

A value is a bool, a Decimal, a text (a Code where it stands in a tree), a date, a Record, Members, UNKNOWN or NONE.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import UNKNOWN, Unknown
from zhida.domain.rules.schema import FactType, RelationType
from zhida.domain.values import CodeTree, FactKey


class NoneGiven:
    """A table found no row: there is no amount. It absorbs arithmetic; the checker keeps it out of conditions."""

    def __repr__(self) -> str:
        return "NONE"


NONE = NoneGiven()


class Code(str):
    """A hierarchical code that carries its tree, and the fact to ask for where it is too coarse to tell."""

    tree: CodeTree
    key: FactKey

    @classmethod
    def of(cls, text: str, tree: CodeTree, key: FactKey) -> Code:
        """The code `text`, read from the fact `key`."""
        code = cls(text)
        code.tree, code.key = tree, key
        return code


@dataclass(frozen=True)
class Record:
    """One record of a relation. A field that it leaves out is unknown."""

    relation: RelationType
    fields: Mapping[str, Any]
    trees: Mapping[str, CodeTree] = field(default_factory=dict, compare=False)

    def get(self, name: str) -> Any:
        """A field's value, or UNKNOWN that names `relation.field`."""
        value, key = self.fields.get(name), FactKey(f"{self.relation.name}.{name}")
        if value is None:
            return Unknown((key,))
        return plain(self.relation.fields[name], value, self.trees, key)


@dataclass(frozen=True)
class Members:
    """A list: each member, and the doubt (an Unknown) whether it belongs to the list at all."""

    items: tuple[tuple[Any, Unknown | None], ...]

    @classmethod
    def of(cls, values: Iterable[Any]) -> Members:
        """A list whose members surely belong to it."""
        return cls(tuple((value, None) for value in values))


def unknown_of(*values: Any) -> Unknown:
    """The unknown that any of these make together: it names every fact that could tell."""
    keys: dict[FactKey, None] = {}
    for value in values:
        if isinstance(value, Unknown):
            keys.update(dict.fromkeys(value.missing))
        elif isinstance(value, Members):
            for member, doubt in value.items:
                keys.update(dict.fromkeys(unknown_of(member, doubt).missing))
    return Unknown(tuple(keys)) if keys else UNKNOWN


def is_settled(value: Any) -> bool:
    """Whether a value is known through and through."""
    if isinstance(value, Members):
        return all(doubt is None and is_settled(member) for member, doubt in value.items)
    return not isinstance(value, Unknown)


def agreed(values: list[Any], *causes: Any) -> Any:
    """The one value that all of these are, else unknown for all their causes and for `causes`."""
    first = values[0]
    if all(is_settled(value) and same(value, first) for value in values):
        return first
    return unknown_of(*causes, *values)


def same(left: Any, right: Any) -> bool:
    """Equality of settled values of one kind."""
    return bool(left == right)


def plain(fact: FactType, value: Any, trees: Mapping[str, CodeTree], key: FactKey) -> Any:
    """A supplied value as the engines hold it. Raises InvariantBroken where it is not of the fact's type."""
    kind = fact.kind
    if kind == "number" and type(value) in (int, Decimal) and Decimal(value).is_finite():
        return Decimal(value)
    if kind == "text" and isinstance(value, str):
        return Code.of(value, trees[fact.code_tree], key) if fact.code_tree else value
    if kind == "boolean" and type(value) is bool:
        return value
    if kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if kind == "texts" and isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
        tree = trees[fact.code_tree] if fact.code_tree else None
        return Members.of(Code.of(text, tree, key) if tree else text for text in value)
    raise InvariantBroken("fact_of_wrong_type", f"{fact.name} is declared as {kind}, but holds {value!r}")
