"""Platforms come on the list and off it by the command line; what is none is refused in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.unit.surfaces.api.conftest import Place, place, published
from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor
from zhida.kernel.ledger import queries as ledger
from zhida.services.vouching import clients
from zhida.services.vouching.models import Client
from zhida.surfaces.cli.client import command

__all__ = ["place", "published"]

BACK = "https://east.example.org/back"
ADD = ["add", "east", "--zh", "东区平台", "--en", "East platform", "--office", "statistics", "--redirect", BACK]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_a_platform_comes_on_the_list_and_off_it(place: Place) -> None:
    told = run(*ADD, "--scope", "profile").output
    secret = told.split("client_secret  ")[1].strip()
    assert "issuer         http://127.0.0.1:8000" in told
    assert secret not in str(Client.objects.values())
    assert clients.proves_itself("east", secret) is not None
    assert run("list").output == f"east  东区平台  statistics  openid profile  {BACK}\n"
    assert "(none: PKCE alone)" in run("add", "phones", *ADD[2:], "--public").output
    run("close", "east")
    assert [one.id for one in clients.clients()] == ["phones"]
    assert clients.proves_itself("east", secret) is None
    kinds = [fact.kind for fact in ledger.entries_about("east")]
    assert sorted(kinds) == ["vouching.client_added", "vouching.client_closed"]
    with pytest.raises(ConflictError, match="no_such_client"):
        run("close", "east")


@pytest.mark.parametrize("change", [
    {"id": "Upper"}, {"redirects": ["http://east.example.org/back"]}, {"redirects": ["https://*.example.org/"]},
    {"redirects": ["https://east.example.org/#x"]}, {"redirects": []}, {"scopes": ["email"]}, {"titles": ("", "x")},
    {"redirects": ["https://a@east.example.org/"]},
])  # fmt: skip
def test_what_is_no_platform_is_not_put_on_the_list(
    place: Place, actor: Actor, now: datetime, change: dict[str, Any]
) -> None:
    good = {"id": "east", "titles": ("东", "East"), "office": "statistics", "redirects": [BACK], "scopes": ["profile"]}
    with pytest.raises(ConflictError, match="malformed_client"):
        clients.add_client(new=clients.NewClient(**(good | change)), by=actor, as_of=now)
    assert clients.clients() == ()
