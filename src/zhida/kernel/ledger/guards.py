"""Append-only tables: triggers in SQLite and PostgreSQL that refuse what the code never does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.apps.registry import Apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

PREFIX = "append_only_"
"""Every guard's trigger bears this prefix; a test that empties tables lifts the triggers by it."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION zhida_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append_only: % on %', TG_OP, TG_TABLE_NAME; END $$
"""


def append_only(table: str, refuse: Sequence[str] = ("UPDATE", "DELETE")) -> RunPython:
    """A migration step after which `table` refuses these statements (and TRUNCATE, where DELETE is refused).

    SQLite loses triggers when Django remakes a table: a later migration that alters the table repeats this step.
    """

    def build(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _statements(editor.connection.vendor, table, refuse):
            editor.execute(statement, params=None)

    def remove(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        on_table = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for event in (*refuse, "TRUNCATE"):
            editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on_table}")

    return RunPython(build, remove)


@contextmanager
def lifted(tables: Sequence[str]) -> Iterator[None]:
    """While this lasts the tables' guards let through: for a repair that is proven, and nothing else.

    Only in a transaction: an error undoes the lifting with everything else.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            return
        marks = ", ".join("%s" for _ in tables)
        like = f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ({marks})"  # noqa: S608
        cursor.execute(like, list(tables))
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)


def _name(table: str, event: str) -> str:
    return f"{PREFIX}{table}_{event.lower()}"


def _statements(vendor: str, table: str, refuse: Sequence[str]) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append_only: {event} on {table}'); END"
            for event in refuse
        ]
    events = [*refuse, "TRUNCATE"] if "DELETE" in refuse else [*refuse]
    return [_FUNCTION] + [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table} "
        f"FOR EACH {'STATEMENT' if event == 'TRUNCATE' else 'ROW'} EXECUTE FUNCTION zhida_append_only()"
        for event in events
    ]
