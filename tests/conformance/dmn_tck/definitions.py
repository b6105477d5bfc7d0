"""A model's item definitions as types (DMN 1.5, clause 7.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.conformance.dmn_tck.model import ItemDefinition, Model
from tests.conformance.dmn_tck.types import Type, Types, define


def types_of(model: Model, admits: Callable[[str, Any], bool]) -> Types:
    """The types of a model; `admits` judges allowed values."""
    types = Types(admits)
    for name, item in model.items.items():
        types.definitions[name] = _type(item, types)
    return types


def names_of(model: Model) -> set[str]:
    """The names of types and of their components: what may stand behind `instance of` or a dot."""
    found = set(model.items)
    waiting = list(model.items.values())
    while waiting:
        item = waiting.pop()
        found.update(part.name for part in item.components)
        waiting.extend(item.components)
    return found


def _type(item: ItemDefinition, types: Types) -> Type:
    if item.components:
        base = Type("context", fields=tuple((part.name, _type(part, types)) for part in item.components))
    elif item.function is not None:
        parameters, result = item.function
        read = tuple(types.read(parameter) for parameter in parameters)
        base = Type("function", parameters=read, result=types.read(result))
    else:
        base = types.read(item.type_ref)
    return define(base, item.is_collection, item.allowed, item.collection_allowed)
