"""A lost second factor is taken away by a named operator, with a reason, and the ledger keeps who did it."""

from __future__ import annotations

from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.ledger import queries as log
from zhida.kernel.offices import actions as offices
from zhida.services.identities.second_factors import forget_second_factors
from zhida.surfaces.cli.office import command

__all__ = ["place", "published"]


@pytest.fixture
def operator(place: Place, actor: Actor, now: datetime) -> str:
    """An operator's account; the firm's agent holds a code and spare codes."""
    account = open_account(login_name="qin", as_of=now)
    offices.appoint(account_id=account, office_id="statistics", role="operator", by=actor, as_of=now)
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user_id=place.owner, type=kind, data={})
    Authenticator.objects.create(user_id=place.viewer, type="totp", data={})
    return account


def test_all_of_one_account_are_taken_and_nobody_elses(place: Place, operator: str, now: datetime) -> None:
    taken = forget_second_factors(account_id=place.owner, operator=operator, reason="手机丢了", as_of=now)
    assert taken == 2
    assert [one.user_id for one in Authenticator.objects.all()] == [place.viewer]
    (fact,) = [one for one in log.entries_about(place.owner) if one.kind == "accounts.second_factors_removed"]
    assert fact.fields["reason"] == "手机丢了"
    assert fact.fields["kinds"] == ["recovery_codes", "totp"]
    assert operator in str(fact)


def test_whoever_is_no_operator_takes_nothing(place: Place, operator: str, now: datetime) -> None:
    for who, reason, wrong in (
        (place.stranger, "x", AccessError),
        (operator, " ", ConflictError),
    ):
        with pytest.raises(wrong):
            forget_second_factors(account_id=place.owner, operator=who, reason=reason, as_of=now)
    with pytest.raises(AccessError, match="own_second_factor"):
        forget_second_factors(account_id=operator, operator=operator, reason="x", as_of=now)
    with pytest.raises(ConflictError, match="no_second_factor"):
        forget_second_factors(account_id=place.stranger, operator=operator, reason="x", as_of=now)
    assert Authenticator.objects.count() == 3


def test_the_command_names_the_operator(place: Place, operator: str) -> None:
    told = CliRunner().invoke(
        command, ["forget-second-factors", "owner", "--by", "qin", "--reason", "带身份证来过"], catch_exceptions=False
    )
    assert "2 taken from owner" in told.output
    assert not Authenticator.objects.filter(user_id=place.owner).exists()
