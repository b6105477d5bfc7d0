"""Many rows in one plain statement: the text of it, and a column of values as PostgreSQL writes an array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def insert_text(table: str, columns: Sequence[str], kinds: Sequence[str] = ()) -> str:
    """An INSERT of one row for each of many runs; where `kinds` tell the columns' types, of one array a column.

    The arrays are PostgreSQL's. A kind without a length has what is too long refused, not cut by the cast.
    """
    arrays = f"SELECT * FROM {_unnested(kinds)}"  # noqa: S608 (our own tables and columns)
    given = arrays if kinds else f"VALUES ({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) {given}"


def update_text(table: str, columns: Sequence[str], key: str, kinds: Sequence[str] = ()) -> str:
    """An UPDATE of the columns of one row, or by arrays of many, as in `insert_text`; the key's value comes last."""
    if not kinds:
        changes = ", ".join(f"{column} = %s" for column in columns)
        return f"UPDATE {table} SET {changes} WHERE {key} = %s"  # noqa: S608
    changes = ", ".join(f"{column} = r.{column}" for column in columns)
    given = f"{_unnested(kinds)} AS r({', '.join([*columns, key])})"
    return f"UPDATE {table} t SET {changes} FROM {given} WHERE t.{key} = r.{key}"  # noqa: S608


def array_text(values: Iterable[object]) -> str:
    """Texts, numbers, instants, days and None as one array literal."""
    return f"{{{','.join(map(_element, values))}}}"


def _unnested(kinds: Iterable[str]) -> str:
    return f"unnest({', '.join(f'%s::{kind}[]' for kind in kinds)})"


def _element(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "NULL" if value is None else f'"{value}"'
