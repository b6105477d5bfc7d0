"""Lifting the database's own guards (triggers), for tests that play the attacker or empty the tables after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def lifted() -> Iterator[None]:
    """While this lasts no trigger fires in the test's database."""
    if connection.vendor == "postgresql":
        _execute("SET session_replication_role = replica")
        yield
        _execute("SET session_replication_role = DEFAULT")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
    for name, _ in triggers:
        _execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        _execute(statement)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
