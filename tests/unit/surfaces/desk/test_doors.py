"""What a duty opens on the desk: its pages, its search, its views; and nothing to who does not hold it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.unit.surfaces.api.conftest import Place
from zhida.config import wiring
from zhida.domain.values import Actor, Scope
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.offices import actions as offices
from zhida.kernel.offices.queries import HeldDuty
from zhida.surfaces.desk import officers

OFFICE, EAST = "statistics", "register"


def held(*roles: str) -> tuple[HeldDuty, ...]:
    """These roles at the first office."""
    return tuple(HeldDuty(f"duty_{role}", "account_1", OFFICE, role, None, None) for role in roles)


@pytest.mark.parametrize(
    ("roles", "pages"),
    [
        ((), []),
        (("gridworker",), ["visits"]),
        (("reviewer",), ["mine", "publicity", "disputes", "feedback", "interests"]),
        (("checker",), ["funds", "batches", "unknowns", "reconciliation", "returns", "stops", "interests"]),
        (
            ("auditor", "gridworker"),
            ["funds", "reconciliation", "supervision", "visits", "ledger", "verify", "sampling", "interests"],
        ),
    ],
)
def test_a_duty_opens_its_pages(roles: tuple[str, ...], pages: list[str]) -> None:
    nav = officers.nav_of(held(*roles))
    assert [entry.name for entry in nav] == pages
    assert all(entry.href.startswith("/desk/") and entry.label and entry.count is None for entry in nav)


@pytest.mark.parametrize(
    ("roles", "search"),
    [
        ((), ""),
        (("operator",), ""),
        (("maker",), "payments"),
        (("auditor",), "payments"),
        (("maker", "reviewer"), "cases"),
    ],
)
def test_the_search_looks_for_what_may_be_opened(roles: tuple[str, ...], search: str) -> None:
    assert officers._search_of(held(*roles)) == search


def test_an_officer_acts_where_the_role_is_held() -> None:
    officer = officers.Officer("account_1", "李", "maker", (OFFICE, EAST), Scope())
    assert officer.at(EAST) == Actor("account_1", "maker", office=EAST)
    assert officer.at("elsewhere") == Actor("account_1", "maker", office=OFFICE)
    with pytest.raises(FrozenInstanceError):
        officer.role = "releaser"  # type: ignore[misc]


@officers.for_duty("auditor", "reviewer")
def view(request: HttpRequest, *, officer: officers.Officer, as_of: datetime) -> HttpResponse:
    """What the officer's role is, and where."""
    return HttpResponse(f"{officer.role} at {','.join(officer.offices)} by {officer.account}, {officer.scope.purpose}")


@pytest.fixture
def asked(place: Place, now: datetime) -> HttpRequest:
    """A request of somebody without a duty."""
    request = RequestFactory().get("/desk/")
    request.user = Account.objects.get(pk=open_account(login_name="li", as_of=now))
    request.session = {}  # type: ignore[assignment]
    return request


def test_a_view_is_for_who_holds_one_of_its_duties(asked: HttpRequest, actor: Actor, now: datetime) -> None:
    account = str(asked.user.pk)
    assert view(asked).status_code == 403
    assert asked.desk_nav == ()  # type: ignore[attr-defined]
    appointed = {"account_id": account, "by": actor, "as_of": now}
    offices.appoint(role="gridworker", office_id=EAST, **appointed)
    assert view(asked).status_code == 403
    assert [entry.name for entry in asked.desk_nav] == ["visits"]  # type: ignore[attr-defined]
    offices.appoint(role="reviewer", office_id=OFFICE, **appointed)
    said = f"reviewer at {OFFICE} by {account}, duty:reviewer"
    assert view(asked).content.decode() == said
    assert asked.desk_search == "cases"  # type: ignore[attr-defined]
    assert wiring.clock().now() == now


def test_of_several_duties_the_first_that_the_view_names_counts(
    asked: HttpRequest, actor: Actor, now: datetime
) -> None:
    account = str(asked.user.pk)
    for role, office in (("reviewer", OFFICE), ("auditor", EAST), ("auditor", OFFICE)):
        offices.appoint(account_id=account, role=role, office_id=office, by=actor, as_of=now)
    assert view(asked).content.decode().startswith(f"auditor at {EAST},{OFFICE} by")
    assert view.duties == ("auditor", "reviewer")  # type: ignore[attr-defined]
