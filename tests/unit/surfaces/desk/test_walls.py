"""With the conditions taken out of the queries the database still shows no other office's money, page by page.

The program's role is made by the how-to's own SQL, as in `tests/unit/kernel/ledger/test_roles.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client

from tests.unit.kernel.ledger.test_roles import as_program
from tests.unit.surfaces.desk.conftest import BATCH, LINE, Desk
from zhida.domain.values import Actor, Scope
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.funds import queries
from zhida.kernel.offices import actions as offices
from zhida.surfaces.desk.urls import urlpatterns

__all__ = ["as_program"]
pytestmark = [pytest.mark.postgres]
TABLES = (
    "funds_budgetline", "funds_standing", "funds_standingrelease", "funds_paymentbatch", "funds_disbursement",
    "funds_posting",
)  # fmt: skip


@pytest.fixture
def elsewhere(silent: list[str], actor: Actor, now: datetime) -> Client:
    """A maker of another office."""
    offices.load_offices(
        offices=[offices.NewOffice("east", "990102", "甲区局", "register", "East")], by=actor, as_of=now
    )
    account = open_account(login_name="east", as_of=now)
    offices.appoint(account_id=account, office_id="east", role="maker", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return client


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody forgot the conditions of offices and regions."""
    monkeypatch.setattr(queries, "_of_lines", lambda scope, path: Q())


def seen() -> Iterator[int]:
    """How many rows of each table this connection is shown."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            yield cursor.fetchone()[0]


def said(offices_: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zhida.offices', %s, true)", [offices_])


def test_every_table_of_money_is_behind_the_wall(silent: list[str], as_program: None) -> None:
    said("*")
    whole = list(seen())
    assert all(count for name, count in zip(TABLES, whole, strict=True) if name != "funds_standingrelease")
    for nobody in ("", "east", "east,west"):
        said(nobody)
        assert list(seen()) == [0] * len(TABLES), nobody
    said("east,statistics")
    assert list(seen()) == whole


def test_who_says_nothing_is_shown_nothing(db: None) -> None:
    """The policy's own condition, for a connection that never said for whom it asks."""
    said_nothing = "NULL::text = '*' OR 'statistics' = ANY (string_to_array(NULL::text, ','))"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce({said_nothing}, false), current_setting('zhida.offices', true)")
        assert cursor.fetchone() == (False, "*"), "only the program says that it may see all"


def test_nobody_writes_through_it(silent: list[str], as_program: None) -> None:
    said("east")
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("funds_budgetline", "funds_disbursement"):
            cursor.execute(f"UPDATE {table} SET id = id")
            assert cursor.rowcount == 0


def test_without_its_conditions_a_page_shows_no_other_offices_money(
    elsewhere: Client, silent: list[str], careless: None, as_program: None, desk: Desk
) -> None:
    assert queries.standing(LINE, scope=Scope(frozenset(), frozenset(), None, "test")).id == LINE, "nothing else holds"
    pages = ("funds/", "funds/batches/", "funds/payments/", "funds/unknowns/", "funds/returns/", "funds/limits/",
             "funds/transfers/", "funds/recoveries/", "funds/recalls/", "funds/obligations/", f"funds/lines/{LINE}/",
             f"funds/batches/{BATCH}/", f"funds/payments/{silent[0]}/")  # fmt: skip
    for page in pages:
        answer = elsewhere.get(f"/desk/{page}")
        shown = answer.content.decode()
        assert answer.status_code in (200, 403, 404), page
        assert "稳岗返还" not in shown, page
        assert silent[0] not in shown or answer.status_code != 200, page
    assert "稳岗返还" in desk("maker").get("/desk/funds/").content.decode()


def test_the_pages_of_money_stand_behind_the_wall() -> None:
    """But those of a whole bank, of what is stopped everywhere, and one that only posts."""
    outside = {"stops", "prepare"}
    money = {route for route in urlpatterns if str(route.pattern).startswith("funds/")}
    assert len(money) >= 12
    for route in money:
        assert getattr(route.callback, "walled", False) is (route.name not in outside), route.name
