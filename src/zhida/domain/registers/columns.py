"""Values of attributes as Arrow columns and as JSON, exactly: numbers are scaled integers, an unknown value is null."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import pyarrow as pa

from zhida.domain.registers.shapes import Shape

_LARGEST = 2**63 - 1
_PLAIN = {"boolean": pa.bool_(), "number": pa.int64(), "date": pa.date32(), "texts": pa.list_(pa.string())}


def arrow_type(shape: Shape, *, nested: bool = False) -> pa.DataType:
    """int64 for numbers, date32, bool, text (a dictionary of texts for codes), lists, list<struct> for relations."""
    if shape.kind == "relation":
        return pa.list_(pa.struct([arrow_field(field.name, field, nested=True) for field in shape.fields]))
    if shape.kind == "text":
        coded = (shape.values or shape.code_tree) and not nested
        return pa.dictionary(pa.int32(), pa.string()) if coded else pa.string()
    return _PLAIN[shape.kind]


def arrow_field(key: str, shape: Shape, *, nested: bool = False) -> pa.Field:
    """A column named by its written fact key; its metadata carry scale, class, owner and staleness."""
    notes = {
        "kind": shape.kind,
        "scale": str(shape.scale),
        "field_class": shape.field_class,
        "owner": shape.owner,
        "stale_after_days": "" if shape.stale_after_days is None else str(shape.stale_after_days),
    }
    return pa.field(key, arrow_type(shape, nested=nested), metadata=notes)


def scaled(value: Any, scale: int) -> int:
    """A number times 10**scale as a 64-bit integer. Raises ValueError where it would lose digits or not fit."""
    try:
        number = Decimal(value) if not isinstance(value, float) else None
    except (InvalidOperation, TypeError, ValueError):
        number = None
    if number is None or not number.is_finite():
        raise ValueError("not_a_number")
    shifted = number.scaleb(scale)
    if shifted != shifted.to_integral_value():
        raise ValueError("too_many_decimals")
    if abs(shifted) > _LARGEST:
        raise ValueError("number_too_large")
    return int(shifted)


def stored(shape: Shape, value: Any) -> Any:
    """A domain value as its column holds it. Raises ValueError, its text a stable reason, where it does not fit."""
    if value is None:
        return None
    match shape.kind:
        case "number" if not isinstance(value, bool):
            return scaled(value, shape.scale)
        case "boolean" if isinstance(value, bool):
            return value
        case "date" if type(value) is date:
            return value
        case "text" if isinstance(value, str):
            if shape.values and value not in shape.values:
                raise ValueError("not_in_list")
            return value
        case "texts" if not isinstance(value, str) and all(isinstance(text, str) for text in value):
            return list(value)
        case "relation" if not isinstance(value, str | Mapping):
            return [_stored_record(shape, record) for record in value]
    raise ValueError(f"not_a_{shape.kind}")


def _stored_record(shape: Shape, record: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name: field for field in shape.fields}
    if set(record) - set(known):
        raise ValueError("unknown_field")
    return {name: stored(field, record.get(name)) for name, field in known.items()}


def column(shape: Shape, values: Iterable[Any]) -> pa.Array:
    """Domain values (None is unknown) as one column. Raises ValueError as `stored` does."""
    return pa.array([stored(shape, value) for value in values], type=arrow_type(shape))


def value_of(field: pa.Field, held: Any) -> Any:
    """A column's value as the domain wants it: int or Decimal, str, bool, date, tuple of texts, tuple of records."""
    if held is None or isinstance(held, bool | str | date):
        return held
    if pa.types.is_integer(field.type):
        scale = int((field.metadata or {}).get(b"scale", b"0"))
        return Decimal(held).scaleb(-scale) if scale else held
    if pa.types.is_list(field.type) and pa.types.is_struct(field.type.value_type):
        inner = {child.name: child for child in field.type.value_type}
        return tuple(
            {name: value_of(inner[name], one) for name, one in record.items() if one is not None} for record in held
        )
    return tuple(held)


def to_json(shape: Shape, value: Any) -> Any:
    """A domain value as exact JSON: numbers and dates as text. Raises ValueError as `stored` does."""
    stored(shape, value)
    if shape.kind == "relation":
        fields = {field.name: field for field in shape.fields}
        return [
            {name: to_json(fields[name], one) for name, one in record.items() if one is not None} for record in value
        ]
    if shape.kind in {"number", "date"}:
        return str(value)
    return list(value) if shape.kind == "texts" else value


def from_json(shape: Shape, written: Any) -> Any:
    """The domain value that `to_json` wrote."""
    match shape.kind:
        case "number":
            number = Decimal(written)
            return number if shape.scale else int(number)
        case "date":
            return date.fromisoformat(written)
        case "texts":
            return tuple(written)
        case "relation":
            fields = {field.name: field for field in shape.fields}
            return tuple({name: from_json(fields[name], one) for name, one in record.items()} for record in written)
    return written


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, for hashing."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()
