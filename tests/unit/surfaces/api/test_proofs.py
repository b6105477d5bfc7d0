"""Receipts for whom they concern, verification for anyone."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.unit.surfaces.api.conftest import HEADS, Caller, Place
from zhida.domain.values import Actor, Span, new_id
from zhida.kernel.credentials import actions as credentials
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger import queries
from zhida.kernel.offices import actions as offices


def sealed(now: datetime) -> None:
    """Every fact under a signed head."""
    while ledger.sequence(as_of=now):
        pass
    ledger.seal(as_of=now)


@pytest.fixture
def case(owner: Caller, place: Place) -> str:
    """A case of the first firm."""
    return str(owner.post("/cases", {"item": HEADS.item, "subject": place.firm}).json["id"])


def test_a_receipt_is_read_and_verified(owner: Caller, anybody: Caller, case: str, now: datetime) -> None:
    (fact,) = queries.entries_about(case)
    assert owner.get(f"/receipts/{fact.id}").refusal == (409, "not_sealed_yet")
    sealed(now)
    receipt = owner.get(f"/receipts/{fact.id}", disclose=["item"])
    assert receipt.headers["Content-Disposition"] == f'attachment; filename="{fact.id}.json"'
    verdict = anybody.post("/receipts/verify", receipt.body).json
    assert (verdict["ok"], verdict["kind"], verdict["about"]) == (True, "case.opened", case)
    assert verdict["fields"] == {"item": HEADS.item}
    forged = receipt.body.replace(b"case.opened", b"case.closed")
    refused = anybody.post("/receipts/verify", forged).json
    assert (refused["ok"], refused["fields"]) == (False, {})
    assert refused["reasons"][0].keys() == {"zh", "en"}


def test_a_receipt_is_for_whom_it_concerns(
    owner: Caller, viewer: Caller, stranger: Caller, anybody: Caller, place: Place, case: str, now: datetime
) -> None:
    sealed(now)
    (fact,) = queries.entries_about(case)
    assert viewer.get(f"/receipts/{fact.id}").status == 200
    for other in (stranger, anybody):
        assert other.get(f"/receipts/{fact.id}").refusal == (403, "receipt_not_yours")
    registered = queries.entries_about(place.other)[0]
    assert owner.get(f"/receipts/{registered.id}").refusal == (403, "receipt_not_yours")
    own = queries.entries_about(place.firm)[0]
    assert owner.get(f"/receipts/{own.id}").status == 200
    assert owner.get("/receipts/entry_none").refusal == (403, "receipt_not_yours"), "as one of somebody else's"


def test_the_office_in_charge_sees_the_receipts_of_its_cases(
    stranger: Caller, place: Place, case: str, actor: Actor, now: datetime
) -> None:
    sealed(now)
    (fact,) = queries.entries_about(case)
    offices.appoint(account_id=place.stranger, office_id="statistics", role="reviewer", by=actor, as_of=now)
    assert stranger.get(f"/receipts/{fact.id}").status == 200
    subject = queries.entries_about(place.firm)[0]
    assert stranger.get(f"/receipts/{subject.id}").refusal == (403, "receipt_not_yours"), "a subject's own"


@pytest.mark.usefixtures("published")
def test_what_was_published_is_proved_to_anyone(anybody: Caller, now: datetime) -> None:
    sealed(now)
    (fact,) = queries.entries_about(HEADS.id)
    receipt = anybody.get(f"/receipts/{fact.id}")
    assert anybody.post("/receipts/verify", receipt.body).json["kind"] == "pack.published"


@pytest.mark.usefixtures("published")
def test_the_log_shows_its_head_and_that_it_only_grew(anybody: Caller, now: datetime) -> None:
    sealed(now)
    log = anybody.get("/receipts/log").json
    assert log["leaves"] == log["sealed_size"] > 2
    assert log["checkpoint"].splitlines()[1] == str(log["leaves"])
    proof = anybody.get("/receipts/log/consistency", old=2, new=log["leaves"]).json["proof"]
    assert proof == [node.hex() for node in queries.consistency(2, log["leaves"])]
    assert anybody.get("/receipts/log/consistency", old=3, new=2).refusal == (409, "log_is_shorter")
    assert anybody.get("/receipts/log/consistency", old=1, new=10**9).refusal == (409, "log_is_shorter")
    assert anybody.get("/receipts/log/consistency", old=0, new=2).refusal == (422, "malformed_request")


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("body", ["", "{}", "[1]", json.dumps({"a": 1}), "\x00", "{" * 2000])
def test_any_bytes_get_a_verdict(anybody: Caller, body: str) -> None:
    assert anybody.post("/receipts/verify", body).json["ok"] is False


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "a.b.c~d~", "é" * 500])
def test_a_malformed_credential_gets_a_verdict(anybody: Caller, token: str) -> None:
    told = anybody.post("/credentials/verify", {"token": token}).json
    assert told["standing"] in {"malformed", "forged", "unknown_key"}
    assert not told["is_whole"]


def test_a_holder_reads_what_it_holds(
    owner: Caller, stranger: Caller, anybody: Caller, place: Place, actor: Actor, now: datetime
) -> None:
    given = {"kind": "catering-licence", "claims": {"name": "一号厂"}, "by": actor, "as_of": now}
    day = now.date()
    valid = Span(day, day.replace(year=day.year + 1))
    for holder in (place.firm, place.other):
        credentials.issue(
            credential_id=new_id("credential"), case_id=new_id("case"), subject_id=holder, valid=valid, **given
        )
    (held,) = owner.get(f"/my/subjects/{place.firm}/credentials").json
    assert (held["kind"], held["valid_from"], held["is_revoked"]) == ("catering-licence", day.isoformat(), False)
    assert anybody.post("/credentials/verify", {"token": held["token"]}).json["standing"] == "valid"
    credentials.revoke(credential_id=held["id"], reason="closed", by=actor, as_of=now)
    assert owner.get(f"/my/subjects/{place.firm}/credentials").json[0]["is_revoked"]
    assert stranger.get(f"/my/subjects/{place.firm}/credentials").refusal == (403, "mandate_missing")
    assert anybody.get(f"/my/subjects/{place.firm}/credentials").status == 401


@pytest.mark.usefixtures("published")
def test_an_unknown_status_list_is_not_there(anybody: Caller) -> None:
    assert anybody.client.get("/status/1").status_code == 404
