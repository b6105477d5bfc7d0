"""What a person sends by hand is answered in words, and a fact of one's own can be said to be wrong, once at a time."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import HEADS, Place
from zhida.domain.values import Scope
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases.models import Case
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.disputes import disputes_of

ALL = Scope.system("test")


def test_a_bank_has_a_name_of_some_length(signed_in: Client, place: Place) -> None:
    answer = signed_in.post("/my/account/", {"bank": "长" * 121, "number": "6200000000000018"})
    assert "不超过 120 个字" in answer.content.decode()


def test_what_is_known_can_be_said_to_be_wrong(signed_in: Client, place: Place) -> None:
    page = signed_in.get("/my/facts/").content.decode()
    assert "fact=staff" in page
    address = "/my/facts/wrong/?fact=staff"
    assert "请写明哪里不对" in signed_in.post(address, {"claimed": "12", "reason": " "}).content.decode()
    assert signed_in.post(address, {"claimed": "12", "reason": "少报两人"}).status_code == 302
    assert signed_in.post(address, {"claimed": "13", "reason": "再说一次"}).status_code == 302
    (dispute,) = disputes_of(place.firm, scope=ALL).values()
    assert (dispute.fact_key, dispute.claimed, dispute.reason) == ("staff", "12", "少报两人")
    assert "等" in signed_in.get("/my/facts/").content.decode()
    assert registry.access_notes(place.firm, scope=ALL) == ()


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/my/facts/wrong/?fact=staff", {"reason": "不对"}),
        ("/my/account/", {"bank": "乙银行", "number": "6200000000000018"}),
        (f"/my/claim/{HEADS.item}/", {}),
    ],
)
def test_who_may_only_look_changes_nothing(place: Place, path: str, sent: dict[str, str]) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=place.viewer))
    before = ledger.standing().entries
    assert client.get(path).status_code == 200
    refused = client.post(path, sent)
    assert refused.status_code == 403
    assert "授权" in refused.content.decode()
    assert ledger.standing().entries == before


@pytest.mark.parametrize("fact", ["", "nothing", "staff@2025", "staff@x", "@", "%00", "staff/../place"])
def test_what_is_not_known_is_not_there(signed_in: Client, fact: str) -> None:
    assert signed_in.get("/my/facts/wrong/", {"fact": fact}).status_code == 404


@pytest.mark.parametrize(
    "submission", ["case_x", "case_01ARZ3NDEKTSV4RRFFQ69G5FAV\x00", "subject_01ARZ3NDEKTSV4RRFFQ69G5FAV"]
)
def test_a_strange_submission_opens_a_case_of_its_own(signed_in: Client, place: Place, submission: str) -> None:
    answer = signed_in.post(f"/my/claim/{HEADS.item}/", {"submission": submission})
    assert answer.status_code in (200, 302)
    assert submission not in set(Case.objects.values_list("pk", flat=True))
