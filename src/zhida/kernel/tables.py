"""Many rows with one plain statement, past the ORM: every payment passes here, and objects would cost most of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from django.db import connection, models

from zhida.domain.values.bulk import array_text, insert_text, update_text

Rows = Sequence[Sequence[Any]]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Adds rows, each with a value for every named field; constraints and triggers see each. Raises IntegrityError."""
    columns, kinds = _columns(model, tuple(names), connection.vendor)
    _run(insert_text(model._meta.db_table, columns, kinds), rows)


def update_rows(model: type[models.Model], names: Sequence[str], rows: Rows) -> None:
    """Writes the named fields of rows that are there; the last value of each row is its primary key's."""
    columns, kinds = _columns(model, (*names, "pk"), connection.vendor)
    _run(update_text(model._meta.db_table, columns[:-1], columns[-1], kinds), rows)


def _run(statement: str, rows: Rows) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(statement, [array_text(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(statement, [[_plain(value) for value in row] for row in rows])


@cache
def _columns(model: type[models.Model], names: tuple[str, ...], vendor: str) -> tuple[list[str], list[str]]:
    """The fields' columns, and in PostgreSQL their types without a length."""
    found = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in names]
    fields = cast("list[models.Field[Any, Any]]", found)
    kinds = [str(field.db_type(connection)).split("(")[0] for field in fields] if vendor == "postgresql" else []
    return [str(field.column) for field in fields], kinds


def _plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
