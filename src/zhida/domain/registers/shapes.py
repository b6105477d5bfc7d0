"""The shape of an attribute as the registry needs it: kind, scale, period, owner, class, what absence means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import FactKey

RESTRICTED = frozenset({"restricted", "personal", "sensitive"})


@dataclass(frozen=True)
class Shape:
    """One dictionary entry. `kind` is boolean, number, text, date, texts (a list) or relation (`fields` say of what).

    A number is kept as an integer scaled by 10**`scale`. `absence` is the value that a missing row of a complete
    source stands for; None where it says nothing. `stale_after_days` is the age at which a value counts as unknown.
    """

    name: str
    kind: str
    unit: str = ""
    scale: int = 0
    period: str = "none"
    values: tuple[str, ...] = ()
    code_tree: str = ""
    owner: str = ""
    field_class: str = "restricted"
    audience: tuple[str, ...] = ()
    absence: Any = None
    stale_after_days: int | None = None
    is_derived: bool = False
    fields: tuple[Shape, ...] = ()

    def entry(self) -> dict[str, Any]:
        """This shape as JSON, for the registry's own table."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "fields"}
        return {
            **plain,
            "values": list(self.values),
            "audience": list(self.audience),
            "fields": [f.entry() for f in self.fields],
        }

    @classmethod
    def of_entry(cls, entry: Mapping[str, Any]) -> Shape:
        """The shape that `entry` wrote."""
        lists = {name: tuple(entry[name]) for name in ("values", "audience")}
        return cls(**{**entry, **lists, "fields": tuple(cls.of_entry(field) for field in entry["fields"])})


def shape_of(key: FactKey, shapes: Mapping[str, Shape]) -> Shape:
    """The shape behind a fact key. Raises ConflictError `unknown_attribute` or `wrong_period`."""
    shape = shapes.get(key.attribute)
    if shape is None:
        raise ConflictError(
            "unknown_attribute",
            f"the registry knows no attribute {key.attribute!r}",
            "load the dictionary that declares it, or correct the name",
        )
    if (key.period is not None) != (shape.period != "none"):
        raise ConflictError(
            "wrong_period",
            f"{key} does not fit an attribute with period {shape.period!r}",
            "write name, name@2025, name@2025-06 or name@2025-01-01/2026-01-01 as the dictionary declares",
        )
    return shape


def refuse_derived(shape: Shape, source: str) -> None:
    """Raises AccessError where a source would supply what the dictionary computes."""
    if shape.is_derived:
        raise AccessError(
            "derived_attribute",
            f"{shape.name} is computed from other facts; {source} may not supply it",
            "supply the facts it is computed from, or let the dictionary say supplied_wins",
        )
