"""What is one's own: a consent shows what it names and nothing else, every look is told, and it can be taken back."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import ASKING, Place
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.accounts.models import Account
from zhida.kernel.cases import actions as cases
from zhida.kernel.registry import queries as registry

ALL = Scope.system("test")
SENT = {"receiver": "甲银行", "purpose": "贷款", "days": "7", "attributes": ["staff"]}


def shared_with(client: Client) -> str:
    """Lets somebody see one fact; the address."""
    assert client.post("/my/consents/", SENT).status_code == 302
    return re.findall(r'href="http://testserver(/shared/[^"]+)"', client.get("/my/consents/").content.decode())[0]


def test_a_consent_shows_what_it_names_until_it_is_withdrawn(signed_in: Client, place: Place) -> None:
    address = shared_with(signed_in)
    page = Client().get(address).content.decode()
    assert "12" in page
    assert "500.00" not in page
    (note,) = registry.access_notes(place.firm, scope=ALL)
    assert note.purpose.startswith("consent:consent_")
    readings = signed_in.get("/my/readings/").content.decode()
    assert "甲银行" in readings
    assert "您授权的：贷款" in readings
    assert "甲银行" in signed_in.get("/my/readings.csv").content.decode("utf-8-sig")
    assert "甲银行" not in signed_in.get("/my/readings/?office=statistics").content.decode()
    withdraw = re.findall(r"/my/consents/consent_\w+/withdraw/", signed_in.get("/my/consents/").content.decode())[0]
    assert signed_in.post(withdraw).status_code == 302
    assert Client().get(address).status_code == 403
    assert signed_in.post(withdraw).status_code == 302
    assert "已经结束的" in signed_in.get("/my/consents/").content.decode()
    assert len(registry.access_notes(place.firm, scope=ALL)) == 1


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        ("outreach:上门告知津贴", "走访时告诉您：上门告知津贴"),
        ("case:case_1", "办件 case_1"),
        ("screening run_1", "比对谁符合条件"),
        ("reach of a/b", "reach of a/b"),
    ],
)
def test_a_reading_says_in_words_what_it_was_for(
    signed_in: Client, place: Place, actor: Actor, now: datetime, purpose: str, words: str
) -> None:
    scope = Scope(None, None, None, purpose)
    registry.facts_of(place.firm, scope=scope, as_of=now, by=actor)
    assert registry.access_notes(place.firm, scope=ALL)
    assert words in signed_in.get("/my/readings/").content.decode()


def test_a_reading_for_ones_own_case_leads_to_it(signed_in: Client, place: Place, actor: Actor, now: datetime) -> None:
    own, others = new_id("case"), new_id("case")
    for case_id, firm in ((own, place.firm), (others, place.other)):
        agent = Actor("account_x", "agent", subject=firm)
        cases.open_case(case_id=case_id, item_id=ASKING.item, subject_id=firm, by=agent, as_of=now)
        registry.facts_of(place.firm, scope=Scope(None, None, None, f"case:{case_id}"), as_of=now, by=actor)
    page = signed_in.get("/my/readings/").content.decode()
    assert f'href="/my/cases/{own}/"' in page
    assert f"办件 …{others[-8:]}" in page
    assert f'href="/my/cases/{others}/"' not in page


def test_an_address_that_nobody_gave_shows_nothing(signed_in: Client, place: Place) -> None:
    address = shared_with(signed_in)
    for wrong in (address[:-3] + "/", "/shared/x/", "/shared/consent_01ARZ3NDEKTSV4RRFFQ69G5FAV.x/"):
        assert Client().get(wrong).status_code == 404
    assert registry.access_notes(place.firm, scope=ALL) == ()


def test_a_consent_says_what_is_missing_and_takes_nothing_unknown(signed_in: Client, place: Place) -> None:
    for field, words in (
        ("receiver", "给谁看"),
        ("purpose", "做什么用"),
        ("attributes", "至少选一项"),
        ("days", "到哪天"),
    ):
        page = signed_in.post("/my/consents/", {**SENT, field: []}).content.decode()
        assert "错误：" in page
        assert words in page
    assert "至少选一项" in signed_in.post("/my/consents/", {**SENT, "attributes": ["secrets"]}).content.decode()


def test_who_may_only_look_gives_no_consent(place: Place) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=place.viewer))
    assert client.post("/my/consents/", SENT).status_code == 403


def test_the_app_keeps_nothing_personal_by_itself(signed_in: Client) -> None:
    told = signed_in.get("/app.webmanifest").json()
    assert told["display"] == "standalone"
    assert {"192x192", "512x512", "any"} == {icon["sizes"] for icon in told["icons"]}
    worker = signed_in.get("/service-worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/my/" not in worker.content.decode()
    assert "12345" in Client().get("/offline/").content.decode()
    assert signed_in.get("/my/cards/").status_code == 200
