"""Advice over HTTP: the nearest change that would entitle one's own firm, and what pays it most together."""

from __future__ import annotations

from tests.unit.surfaces.api.conftest import HEADS, Caller, Place


def test_the_nearest_change_is_told_with_what_it_would_bring(anybody: Caller, place: Place) -> None:
    owner = anybody.log_in(place.owner)
    asked = {"item": HEADS.item, "facts": {"staff": 7}}
    (way,) = owner.post(f"/my/subjects/{place.firm}/ways", asked).json
    assert way["changes"] == [{"fact": "staff", "words": {"zh": "人数", "en": "staff"}, "before": 7, "after": 10}]
    assert (way["then"]["item"], way["then"]["answer"]) == (HEADS.item, "entitled")


def test_who_is_entitled_is_told_no_way(anybody: Caller, place: Place) -> None:
    owner = anybody.log_in(place.owner)
    assert owner.post(f"/my/subjects/{place.firm}/ways", {"item": HEADS.item, "facts": {"staff": 10}}).json == []


def test_the_combination_adds_up(anybody: Caller, place: Place) -> None:
    told = anybody.log_in(place.owner).get(f"/my/subjects/{place.firm}/combination").json
    assert told["total_fen"] == sum(one["fen"] for one in told["taken"]) > 0
    assert HEADS.item in {one["item"] for one in told["taken"]}


def test_a_stranger_is_told_nothing(anybody: Caller, place: Place) -> None:
    stranger = anybody.log_in(place.stranger)
    assert stranger.get(f"/my/subjects/{place.firm}/combination").refusal[0] == 403
    assert stranger.post(f"/my/subjects/{place.firm}/ways", {"item": HEADS.item}).refusal[0] == 403
    assert Caller().get(f"/my/subjects/{place.firm}/combination").status == 401
