"""The roles that the how-to for PostgreSQL tells a city to make: its own SQL, run here, and then attacked.

The page's role stands for a stolen password of the program: it can do its work, and none of what would hide a trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.simulation import paying
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions, queries
from zhida.kernel.ledger.publishing import publish
from zhida.kernel.ledger.verification import verify

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "run-on-postgresql.md"
APPEND_ONLY = ("ledger_entry", "ledger_leaf", "ledger_node", "ledger_checkpoint", "ledger_cosignature", "funds_posting")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def as_program() -> Iterator[None]:
    """The rest of the test's transaction runs as the program's role, with what the page grants it."""
    (grants,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    _execute("CREATE ROLE zhida_app NOLOGIN")
    _execute(grants)
    _execute("SET ROLE zhida_app")
    yield
    _execute("RESET ROLE")


@pytest.fixture
def log(write: Callable[[int], list[str]], now: datetime, as_program: None) -> list[str]:
    """The program's role writes, seals and publishes."""
    ids = write(12)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()
    return ids


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        yield


def test_the_programs_role_can_do_its_work(log: list[str], actor: Actor, now: datetime) -> None:
    paying.open_line(now)
    system = paying.sign_release(now)
    paying.reserved(system, now, 100_000, 200_000)
    actions.erase(entry_id=log[3], names=["outcome"], reason="asked for", by=actor, as_of=now)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()
    assert verify().ok
    assert queries.receipt(log[0])


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_it_can_change_no_row_of_an_append_only_table(table: str, log: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
        column = cursor.fetchone()[0]
    _execute(f"GRANT ALL ON {table} TO zhida_app")  # warns, and grants nothing
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"SELECT * FROM {table} FOR UPDATE",
    ):
        with refused("permission denied"):
            _execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
        "ALTER TABLE ledger_entry ADD COLUMN spare text",
        "ALTER TABLE ledger_entry OWNER TO zhida_app",
        "DROP TRIGGER append_only_ledger_entry_update ON ledger_entry",
        "DROP TABLE ledger_cosignature",
        "CREATE TRIGGER mine BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION zhida_append_only()",
        "CREATE OR REPLACE FUNCTION zhida_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
        "CREATE RULE mine AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "SET ROLE postgres_owner_of_nothing",
        "CREATE TABLE public.mine (id int)",
        "INSERT INTO ledger_checkpoint SELECT size, 'x', sealed_at FROM ledger_checkpoint "
        "ON CONFLICT (size) DO UPDATE SET note = 'x'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0002_append_only', now())",
        "COPY (SELECT 1) TO '/tmp/out'",
    ],
)
def test_it_can_neither_lift_the_guards_nor_get_around_them(statement: str, log: list[str]) -> None:
    with refused(r"permission denied|must be owner|does not exist|must have privileges|must be superuser"):
        _execute(statement)


def test_what_it_may_delete_is_named(log: list[str]) -> None:
    """Fields and the waiting list can be deleted, which erasing and sequencing do: without a fact it shows."""
    _execute(f"DELETE FROM ledger_payload WHERE entry_id = '{log[3]}'")
    assert {(fault.record, fault.reason.code) for fault in verify().faults} == {(log[3], "missing_field")}


def test_a_fact_kept_out_of_the_tree_is_named(log: list[str], write: Callable[[int], list[str]]) -> None:
    (hidden,) = write(1)
    _execute("DELETE FROM ledger_waiting")
    assert (hidden, "stray_entry") in {(fault.record, fault.reason.code) for fault in verify().faults}
