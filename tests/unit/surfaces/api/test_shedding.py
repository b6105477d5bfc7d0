"""Who waited too long is turned away at once and told when to come back; banks and monitors are always heard."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client


def waited(seconds: float) -> dict[str, str]:
    return {"X-Request-Start": f"t={time.time() - seconds:.3f}"}


@pytest.mark.django_db
class TestShedding:
    """`shedding`."""

    def test_a_short_wait_is_served(self) -> None:
        assert Client().get("/", headers=waited(1)).status_code == 200

    def test_a_long_wait_is_a_page_in_both_languages_that_asks_no_database(
        self, django_assert_num_queries: Any
    ) -> None:
        with django_assert_num_queries(0):
            answer = Client().get("/", headers=waited(9))
        assert answer.status_code == 503
        assert 5 <= int(answer["Retry-After"]) <= 20
        assert answer["Cache-Control"] == "no-store"
        text = answer.content.decode()
        assert f"请过 {answer['Retry-After']} 秒再试" in text
        assert 'lang="en"' in text
        assert "saved drafts" in text
        assert "default-src 'self'" in answer["Content-Security-Policy"]

    def test_the_api_says_it_as_a_problem(self) -> None:
        answer = Client().post("/api/v1/assess", "{}", "application/json", headers=waited(9))
        assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
        assert answer.json()["code"] == "too_busy"

    def test_banks_and_monitors_are_always_heard(self) -> None:
        assert Client().get("/alive", headers=waited(60)).status_code == 200
        told = Client().post("/api/v1/treasury/callbacks", "{}", "application/json", headers=waited(60))
        assert told.status_code != 503

    @pytest.mark.parametrize("said", ["", "t=", "t=soon", "1793350800", "t=1e9", "t=-5", "t=1793350800.1234567890"])
    def test_what_no_proxy_says_turns_nobody_away(self, said: str) -> None:
        assert Client().get("/", headers={"X-Request-Start": said}).status_code == 200

    def test_zero_turns_nobody_away(self, settings: Any) -> None:
        settings.ZHIDA_WAIT = 0
        assert Client().get("/", headers=waited(3600)).status_code == 200

    def test_those_turned_away_do_not_come_back_all_at_once(self) -> None:
        again = {Client().get("/", headers=waited(5 + n / 7))["Retry-After"] for n in range(40)}
        assert len(again) > 5
