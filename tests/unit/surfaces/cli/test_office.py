"""A city begins with the command line alone: packs bring regions and offices, then people, firms and money."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, Scope
from zhida.kernel.accounts.queries import account_named
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials.ports import issuer
from zhida.kernel.funds import queries as funds
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.kernel.registry import actions as registry
from zhida.surfaces.cli.groundwork.publishing import publish_folder
from zhida.surfaces.cli.office import command
from zhida.surfaces.cli.pack import command as pack

PACKS = Path(__file__).parents[4] / "packs"
BY = Actor("shell:test", "operator")
NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)


@pytest.fixture
def city(db: None) -> None:
    """One pack published, and with it all that packs share."""
    assert [one["is_new"] for one in publish_folder(PACKS, ["mingzhou/research-rebate"], by=BY, as_of=NOW)] == [True]


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), input=typed, catch_exceptions=False)


def test_publishing_brings_regions_and_offices(city: None) -> None:
    assert offices.region_names("en")["990102"] == "Hudong District"
    assert offices.office("mingzhou-science").region == "990000"
    assert [one["is_new"] for one in publish_folder(PACKS, ["mingzhou/research-rebate"], by=BY, as_of=NOW)] == [False]


def test_a_policy_is_withdrawn(city: None) -> None:
    withdrawn = CliRunner().invoke(pack, ["withdraw", "mingzhou/research-rebate", "--reason", "印错了"])
    assert withdrawn.exit_code == 0, withdrawn.output
    with pytest.raises(ConflictError, match="not_published"):
        catalogue.policy("mingzhou/research-rebate", as_of=clock().now())
    (row,) = catalogue.revisions("mingzhou/research-rebate")
    assert row.id in withdrawn.output


def test_an_officer_a_line_and_an_agent(city: None) -> None:
    assert run("account", "lin", "--name", "经办", typed="pw-Long-1\n").exit_code == 0
    assert run("appoint", "lin", "--office", "mingzhou-science", "--role", "reviewer").exit_code == 0
    lin = account_named("lin")
    assert lin is not None
    assert [(one.office, one.role) for one in offices.duties_of(lin.id, clock().now())] == [
        ("mingzhou-science", "reviewer")
    ]
    assert run("line", "science/research-rebate", "--total-yuan", "500").exit_code == 0
    standing = funds.standing("science/research-rebate", scope=Scope.system("test"))
    assert (standing.total, standing.office, standing.name) == (50_000, "mingzhou-science", "研发费用补助资金")
    firm = registry.NewSubject("subject_1", "organisation", "云泽启衡", "990102", credit_code="91990102MA0000000A")
    registry.register_subject(subject=firm, by=BY, as_of=NOW)
    assert "acts for 云泽启衡" in run("mandate", "lin", "--credit-code", "91990102MA0000000A").output
    assert "subject_1" in offices.mandates_of(lin.id, clock().now())


@pytest.mark.parametrize("typed", ["", "short", "12345678", "zhang-wei-1"])
def test_an_account_begins_with_a_password_that_keeps_the_rules(db: None, typed: str) -> None:
    with pytest.raises(ConflictError, match="password_refused"):
        run("account", "zhang-wei", typed=f"{typed}\n")
    assert account_named("zhang-wei") is None


def test_a_duty_a_mandate_and_an_account_end(city: None, client: Client) -> None:
    run("account", "lin", typed="pw-Long-1\n")
    lin = account_named("lin")
    assert lin is not None
    run("appoint", "lin", "--office", "mingzhou-science", "--role", "reviewer")
    zhao = registry.NewSubject("subject_2", "person", "赵", "990102", number="990102199001010015")
    registry.register_subject(subject=zhao, by=BY, as_of=NOW)
    given = run("mandate", "lin", "--citizen", typed="990102199001010015\n")
    assert "acts for 赵" in given.output
    assert "990102199001010015" not in given.output
    tomorrow = clock().now() + timedelta(days=1)
    assert offices.duties_of(lin.id, tomorrow)
    assert offices.mandates(lin.id, tomorrow)
    run("dismiss", "lin", "--office", "mingzhou-science", "--role", "reviewer")
    run("end-mandate", "lin", "--citizen", typed="990102199001010015\n")
    assert offices.duties_of(lin.id, clock().now())
    assert not offices.duties_of(lin.id, tomorrow)
    assert not offices.mandates(lin.id, tomorrow)
    run("close", "lin")
    assert not client.login(login_name="lin", password="pw-Long-1")
    assert not account_named("lin").is_active


def test_a_mandate_is_for_one_subject(city: None) -> None:
    for wrong in ((), ("--citizen", "--credit-code", "x")):
        assert run("mandate", "lin", *wrong).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("appoint", "nobody", "--office", "mingzhou-science", "--role", "reviewer"), "no_such_account"),
        (("appoint", "nobody", "--office", "nowhere", "--role", "reviewer"), "no_such_office"),
        (("mandate", "nobody", "--credit-code", "x"), "no_such_subject"),
        (("dismiss", "nobody", "--office", "x", "--role", "reviewer"), "no_such_account"),
        (("close", "nobody"), "no_such_account"),
        (("line", "no/line", "--total-yuan", "1"), "no_such_line"),
    ],
)
def test_what_is_not_there_is_told(city: None, arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(ConflictError, match=code):
        run(*arguments)


def test_the_key_of_licences_is_changed_and_the_old_one_stays_known(city: None) -> None:
    before = issuer().key_id
    said = run("rotate-key")
    assert said.exit_code == 0, said.output
    assert said.output.strip() == issuer().key_id != before
    assert {before, issuer().key_id} <= issuer().public_keys().keys()
