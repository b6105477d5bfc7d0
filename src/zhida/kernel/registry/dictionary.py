"""The registry's copy of the dictionary: taken over when it changes, read wherever a value enters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from zhida.domain.packs.dictionary import Attribute as AttributeEntry
from zhida.domain.packs.dictionary import Dictionary, RelationAttribute
from zhida.domain.registers.shapes import Shape
from zhida.domain.rules.schema import FactType
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.registry.models import Attribute


def shapes() -> dict[str, Shape]:
    """Every attribute and relation the registry knows, by name."""
    return {row.name: Shape.of_entry(row.entry) for row in Attribute.objects.all()}


def shapes_of(dictionary: Dictionary) -> dict[str, Shape]:
    """Every attribute and relation of a dictionary as the registry needs it, by name."""
    plain = {name: _attribute(entry) for name, entry in dictionary.attributes.items()}
    return plain | {name: _relation(entry) for name, entry in dictionary.relations.items()}


@transaction.atomic
def load_dictionary(*, dictionary: Dictionary, by: Actor, as_of: datetime) -> int:
    """Takes the dictionary's entries over; gives how many changed, came or went (0 does nothing at all)."""
    fresh = shapes_of(dictionary)
    held = shapes()
    gone = set(held) - set(fresh)
    changed = [shape for shape in fresh.values() if held.get(shape.name) != shape]
    if not changed and not gone:
        return 0
    Attribute.objects.filter(name__in=gone).delete()
    Attribute.objects.bulk_create(
        (
            Attribute(name=shape.name, owner=shape.owner, field_class=shape.field_class, entry=shape.entry())
            for shape in changed
        ),
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["owner", "field_class", "entry"],
    )
    ledger.record(
        kind="dictionary.loaded",
        about="registry",
        fields={"hash": dictionary.hash, "changed": sorted(shape.name for shape in changed), "gone": sorted(gone)},
        by=by,
        as_of=as_of,
    )
    return len(changed) + len(gone)


def _attribute(entry: AttributeEntry) -> Shape:
    fact = entry.fact
    is_derived = fact.expression is not None and not fact.supplied_wins
    return _shape(
        fact,
        owner=fact.owner,
        field_class=str(entry.field_class),
        audience=tuple(sorted(entry.audience)),
        absence=None if fact.absence == "unknown" else _written(fact.absence),
        is_derived=is_derived,
    )


def _relation(entry: RelationAttribute) -> Shape:
    return Shape(
        name=entry.name,
        kind="relation",
        owner=entry.owner,
        field_class=str(entry.field_class),
        audience=tuple(sorted(entry.audience)),
        absence=[] if entry.empty_when_absent else None,
        fields=tuple(_shape(field) for field in entry.relation.fields.values()),
    )


def _shape(fact: FactType, **more: Any) -> Shape:
    return Shape(
        name=fact.name,
        kind=fact.kind,
        unit=fact.unit,
        scale=fact.scale,
        period=fact.period,
        values=fact.values,
        code_tree=fact.code_tree,
        stale_after_days=fact.stale_after_days,
        **more,
    )


def _written(value: Any) -> Any:
    """A dictionary's value as JSON keeps it."""
    return list(value) if isinstance(value, tuple) else value if isinstance(value, bool | str) else str(value)
