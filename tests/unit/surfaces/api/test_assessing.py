"""Anybody assesses facts that are brought; an account assesses its own subjects. Nothing brought is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.surfaces.api.conftest import ASKING, HEADS, Caller, Place
from zhida.kernel.ledger import queries as ledger

WHOLE = {"place": "990102", "staff": 10, "share": 0.25, "begun_on": "2026-01-31", "wages_fen": 300}


@pytest.mark.usefixtures("published")
class TestBroughtFacts:
    """POST /assess."""

    def test_facts_are_exact(self, anybody: Caller) -> None:
        found = anybody.post("/assess", {"item": ASKING.item, "facts": WHOLE}).json
        assert (found["answer"], found["amount_fen"]) == ("entitled", 300)
        assert found["reasons"][-2]["words"] == {"zh": "人数够了", "en": "Enough"}
        text = json.dumps({"item": ASKING.item, "facts": WHOLE})
        assert anybody.post("/assess", text.replace("0.25", "0.24")).json["answer"] == "not"
        too_fine = text.replace("0.25", "0.2499999999999999999999999")
        assert anybody.post("/assess", too_fine).refusal == (422, "facts_not_taken"), "nothing is rounded up to enough"

    def test_what_is_not_said_is_unknown(self, anybody: Caller) -> None:
        found = anybody.post("/assess", {"item": HEADS.item, "facts": {"place": "990102"}}).json
        assert (found["answer"], found["missing"]) == ("possible", ["staff", "wages_fen"])

    def test_another_day_is_asked_for(self, anybody: Caller) -> None:
        found = anybody.post("/assess", {"item": HEADS.item, "facts": WHOLE_HEADS, "on": "2025-12-31"}).json
        assert found["reasons"][0]["requirement"] == "out_of_force"

    def test_all_mistakes_are_told_at_once(self, anybody: Caller) -> None:
        facts = {"stuff": 1, "staff": "many", "wages_fen": None, "staff@20x": 1}
        refused = anybody.post("/assess", {"item": HEADS.item, "facts": facts})
        assert refused.refusal == (422, "facts_not_taken")
        codes = [one["code"] for one in refused.json["problems"]]
        assert sorted(codes) == ["malformed_period", "unknown_fact", "wrong_type", "wrong_type"]

    @pytest.mark.parametrize("body", ["", "[", "[]", '{"item": 3}', '{"facts": {}}', '{"item": "a/b/c", "facts": []}'])
    def test_malformed_bodies_are_refused(self, anybody: Caller, body: str) -> None:
        assert anybody.post("/assess", body).refusal in {(400, "unreadable_request"), (422, "malformed_request")}

    def test_a_mistyped_field_is_not_overheard(self, anybody: Caller) -> None:
        assert anybody.post("/assess", {"item": HEADS.item, "fact": {}}).refusal == (422, "malformed_request")

    @pytest.mark.parametrize("number", ["1e999999999", "NaN", "Infinity", "9" * 5000, "1" + "0" * 40 + ".5"])
    def test_numbers_that_cost_are_refused(self, anybody: Caller, number: str) -> None:
        body = f'{{"item": "{HEADS.item}", "facts": {{"staff": {number}}}}}'
        assert anybody.post("/assess", body).refusal == (400, "unreadable_request")

    def test_half_a_character_is_refused(self, anybody: Caller) -> None:
        for item in ("\\ud800", "\\uDFFFx"):
            assert anybody.post("/assess", f'{{"item": "{item}"}}').refusal == (400, "unreadable_request")
        assert anybody.post("/assess", '{"item": "\\ud83d\\ude00"}').refusal == (404, "not_published")

    def test_an_unknown_item_is_not_there(self, anybody: Caller) -> None:
        assert anybody.post("/assess", {"item": "a/b/c"}).refusal == (404, "not_published")

    def test_nothing_is_kept(self, anybody: Caller) -> None:
        before = ledger.standing().entries
        anybody.post("/assess", {"item": ASKING.item, "facts": WHOLE})
        assert ledger.standing().entries == before


WHOLE_HEADS = {"place": "990102", "staff": 10, "wages_fen": 300}


def test_an_account_sees_for_whom_it_may_act(owner: Caller, stranger: Caller, place: Place) -> None:
    (subject,) = owner.get("/my/session").json["subjects"]
    assert (subject["id"], subject["name"]) == (place.firm, "0号厂")
    assert stranger.get("/my/session").json["subjects"] == []


def test_held_facts_are_assessed_with_those_brought_over_them(owner: Caller, place: Place) -> None:
    everything = {one["item"]: one for one in owner.get(f"/my/subjects/{place.firm}/assessments").json}
    assert everything[HEADS.item]["answer"] == "entitled"
    assert everything[HEADS.item]["amount_fen"] == 50_000
    assert everything[ASKING.item]["missing"] == ["share", "begun_on"]
    body = {"item": ASKING.item, "facts": {"share": 0.3, "begun_on": "2026-01-01"}}
    assert owner.post(f"/my/subjects/{place.firm}/assess", body).json["answer"] == "entitled"
    again = owner.post(f"/my/subjects/{place.firm}/assess", {"item": ASKING.item}).json
    assert again["answer"] == "possible", "what was brought was not kept"


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_anothers_subject_is_refused(request: pytest.FixtureRequest, place: Place, who: str) -> None:
    caller: Any = request.getfixturevalue(who)
    assert caller.get(f"/my/subjects/{place.other}/assessments").refusal == (403, "mandate_missing")
    body = {"item": HEADS.item}
    assert caller.post(f"/my/subjects/{place.other}/assess", body).refusal == (403, "mandate_missing")


@pytest.mark.usefixtures("published")
def test_without_a_session_nothing_is_anybodys(anybody: Caller) -> None:
    assert anybody.get("/my/session").refusal == (401, "not_logged_in")
    assert anybody.get("/cases").refusal == (401, "not_logged_in")
