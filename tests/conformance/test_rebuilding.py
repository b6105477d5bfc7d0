"""Real policies written anew on the desk's pages alone decide what the hand-written packs decide, to the fen.

Three stand for the rest here: a sum for each purchase, hires that are used up with bands over their number, a group of
which the highest is paid. `WHOLE=all pytest tests/conformance/test_rebuilding.py` tries all 25.
"""

from __future__ import annotations

import os
from datetime import datetime

import pytest
from django.test import Client

from tests.conformance.differing import differing
from tests.conformance.rebuilding import Rebuilder
from tests.conformance.test_policies import EXAMPLES, NUMBERS, by_number, policies
from zhida.domain.packs.sharing import shared_files
from zhida.domain.values import Actor
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.accounts.models import Account
from zhida.kernel.catalogue import actions as catalogue
from zhida.kernel.offices import actions as offices

WHOLE = NUMBERS if os.environ.get("WHOLE") == "all" else ["p02", "p10", "p24"]


@pytest.fixture
def rebuilder(db: None, request: pytest.FixtureRequest, actor: Actor, now: datetime) -> Rebuilder:
    pack = by_number()[request.param]
    catalogue.publish_shared(files=shared_files(policies()), by=actor, as_of=now)
    account = open_account(login_name="ann", as_of=now)
    offices.appoint(account_id=account, office_id=pack.owner, role="author", by=actor, as_of=now)
    client = Client()
    client.force_login(Account.objects.get(pk=account))
    return Rebuilder(client, pack)


@pytest.mark.parametrize("rebuilder", WHOLE, indirect=True)
def test_a_policy_written_anew_on_the_desk_decides_the_same(rebuilder: Rebuilder) -> None:
    found = differing(rebuilder.pack, rebuilder.rebuild(), rebuilder)
    assert found == []
    asked = {(item, name) for item, name, _ in EXAMPLES.get(rebuilder.pack.follows, [])}
    assert asked <= {(item, case.name) for case in rebuilder.pack.golden for item in case.expected}
