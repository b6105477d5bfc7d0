"""Dropping indexes that nobody asks: an operation for migrations of the ledger and of what writes as often."""

from typing import Any

from django.db import migrations


def without_prefix_indexes(*tables: str) -> migrations.RunPython:
    """Drops, in PostgreSQL, the second index that Django gives each text key for LIKE. Ids are never searched by their
    beginning, and each of these costs every insert and every change of a row about as much as the first."""

    def drop(_: Any, editor: Any) -> None:
        if editor.connection.vendor != "postgresql":
            return
        with editor.connection.cursor() as cursor:
            wanted = "SELECT indexname FROM pg_indexes WHERE tablename = ANY(%s) AND indexname LIKE %s"
            cursor.execute(wanted, [list(tables), r"%\_like"])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP INDEX "{name}"')

    return migrations.RunPython(drop, migrations.RunPython.noop)
