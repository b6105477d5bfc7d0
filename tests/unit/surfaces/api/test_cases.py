"""One's own cases from opening to taking back; nobody else's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.unit.surfaces.api.conftest import ASKING, HEADS, Caller, Place
from zhida.domain.values import Actor, FactKey, Scope, new_id
from zhida.kernel.cases import queries

ANSWERS = {"share": 0.3, "begun_on": "2026-01-05"}


def opened(owner: Caller, place: Place, item: str = ASKING.item) -> str:
    """A draft of one's own."""
    return str(owner.post("/cases", {"item": item, "subject": place.firm}).json["id"])


def test_a_claim_goes_its_way(owner: Caller, place: Place) -> None:
    case = new_id("case")
    opening = {"item": ASKING.item, "subject": place.firm, "id": case}
    first, again = owner.post("/cases", opening), owner.post("/cases", opening)
    assert (first.status, again.status) == (201, 200)
    assert first.json["id"] == again.json["id"] == case
    assert first.json["may"] == ["submit", "withdraw"]

    answered = owner.post(f"/cases/{case}/answers", {"answers": ANSWERS})
    assert answered.json["answers"] == {"share": "0.3", "begun_on": "2026-01-05"}
    submitted = owner.post(f"/cases/{case}/submit", {"undertakings": ["honest"]}).json
    assert submitted["state"] == "submitted"
    assert submitted["undo_until"] == "2026-03-03T02:10:00Z"
    assert [step["kind"] for step in submitted["steps"]] == ["review", "pay"]
    assert [one["id"] for one in owner.get("/cases", state="submitted").json["cases"]] == [case]

    withdrawn = owner.post(f"/cases/{case}/withdraw", {"reason": "写错了"}).json
    assert (withdrawn["state"], withdrawn["outcome"]) == ("closed", "withdrawn")
    assert owner.post(f"/cases/{case}/withdraw", {}).refusal[0] == 409


def test_answers_reach_the_rules_exactly(owner: Caller, place: Place, now: datetime) -> None:
    case = opened(owner, place)
    owner.post(f"/cases/{case}/answers", {"answers": ANSWERS})
    by = Actor(place.owner, "agent", subject=place.firm)
    scope = Scope.own(frozenset({place.firm}), "test")
    found = queries.assessment_of(case, scope=scope, by=by, as_of=now)
    assert found.facts.known[FactKey("share")].value == Decimal("0.3")
    assert found.facts.known[FactKey("begun_on")].value == date(2026, 1, 5)
    assert found.assessment.answer == "entitled"


def test_the_person_is_told_what_to_mend(owner: Caller, place: Place) -> None:
    case = opened(owner, place)
    wrong = owner.post(f"/cases/{case}/answers", {"answers": {"share": "a lot"}})
    assert wrong.refusal == (422, "answer_not_taken")
    assert wrong.json["field"] == "share"
    assert wrong.json["words"]["zh"]
    assert owner.post(f"/cases/{case}/submit", {}).refusal == (422, "answer_missing")
    owner.post(f"/cases/{case}/answers", {"answers": ANSWERS})
    assert owner.post(f"/cases/{case}/submit", {}).refusal == (422, "undertaking_missing")
    bad_id = {"item": HEADS.item, "subject": place.firm, "id": "case_1"}
    assert owner.post("/cases", bad_id).refusal == (422, "malformed_case_id")


def test_a_claim_needs_its_kind_of_subject_and_a_record_that_is_there(owner: Caller, place: Place) -> None:
    invented = {"item": ASKING.item, "subject": place.firm, "record": "x" * 5000}
    assert owner.post("/cases", invented).refusal == (404, "no_such_record")
    assert owner.get("/cases").json["cases"] == []


def test_the_world_may_have_moved(owner: Caller, place: Place) -> None:
    case = opened(owner, place)
    again = owner.post("/cases", {"item": ASKING.item, "subject": place.firm})
    assert again.refusal == (409, "already_open")
    assert owner.post(f"/cases/{case}/resubmit").refusal[0] == 409
    assert owner.post("/cases", {"item": "a/b/c", "subject": place.firm}).refusal == (404, "not_published")


def test_an_automatic_claim_takes_one_tap(owner: Caller, viewer: Caller, place: Place) -> None:
    case = opened(owner, place, HEADS.item)
    assert viewer.post(f"/cases/{case}/submit", {}).refusal == (403, "mandate_missing")
    assert owner.post(f"/cases/{case}/submit", {"waives_undo": 1}).refusal == (422, "malformed_request")
    assert owner.post(f"/cases/{case}/submit", {"waives_undo": True}).json["state"] == "submitted"


def test_a_paper_that_nobody_asked_for_is_refused(owner: Caller, place: Place) -> None:
    case = opened(owner, place)
    sent = owner.client.post(
        f"/api/v1/cases/{case}/evidence/enough",
        {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7\n%%EOF\n")},
        headers={"X-CSRFToken": owner.token},
    )
    assert (sent.status_code, sent.json()["code"]) == (422, "paper_not_asked")


def test_who_may_look_may_not_act(owner: Caller, viewer: Caller, place: Place) -> None:
    case = opened(owner, place)
    assert viewer.get(f"/cases/{case}").json["id"] == case
    acts: dict[str, Any] = {"answers": {"answers": ANSWERS}, "submit": {}, "resubmit": {}, "withdraw": {}}
    for act, body in acts.items():
        assert viewer.post(f"/cases/{case}/{act}", body).refusal == (403, "mandate_missing"), act
    assert viewer.post("/cases", {"item": HEADS.item, "subject": place.firm}).refusal == (403, "mandate_missing")
    assert owner.get(f"/cases/{case}").json["version"] == 1


def test_anothers_case_is_not_seen(owner: Caller, stranger: Caller, place: Place) -> None:
    case = opened(owner, place)
    assert stranger.get("/cases").json == {"cases": []}
    assert stranger.get(f"/cases/{case}").refusal == (403, "case_out_of_scope")
    assert stranger.get("/cases/case_nowhere").refusal == (403, "case_out_of_scope"), "no telling which exist"
    assert stranger.post(f"/cases/{case}/withdraw", {}).refusal == (403, "case_out_of_scope")
    assert owner.post("/cases", {"item": HEADS.item, "subject": place.other}).refusal == (403, "mandate_missing")
    assert owner.get("/cases/records", item=HEADS.item, subject=place.other).refusal == (403, "mandate_missing")


def test_a_change_needs_the_token(owner: Caller, place: Place) -> None:
    owner.token = ""
    assert owner.post("/cases", {"item": HEADS.item, "subject": place.firm}).refusal == (403, "forged_request")
    assert owner.get("/cases").json == {"cases": []}
