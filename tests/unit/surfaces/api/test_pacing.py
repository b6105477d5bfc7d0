"""Who asks too often is told when to come back, exactly; others go on, and so does whatever is not paced."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.unit.surfaces.api.conftest import HEADS, Caller, Place, Still
from zhida.config import wiring
from zhida.config.rates import USUAL_RATES, rates
from zhida.services.pacing.counting import of_address, take
from zhida.services.pacing.models import Pace
from zhida.surfaces.api.pacing import ENDPOINTS, PAGES

NOW = datetime.fromisoformat("2026-03-02T09:00:07+08:00")
CODE = "/verify/"


@pytest.fixture(autouse=True)
def three_a_minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ZHIDA_RATES = {"codes": (3, 60), "calculators": (3, 60), "claims": (3, 60)}
    monkeypatch.setattr(wiring, "clock", lambda: Still(NOW))


@pytest.mark.django_db
class TestCounting:
    """`take`."""

    def test_the_last_that_fits_goes_on_and_the_next_waits_for_the_window(self) -> None:
        given = {"most": 3, "within_s": 60}
        assert [take("a", "x", as_of=NOW, **given) for _ in range(5)] == [0, 0, 0, 53, 53]
        assert take("a", "y", as_of=NOW, **given) == 0
        assert take("b", "x", as_of=NOW, **given) == 0
        assert take("a", "x", as_of=NOW + timedelta(seconds=52), **given) == 1
        assert take("a", "x", as_of=NOW + timedelta(seconds=53), **given) == 0

    def test_old_counts_are_forgotten(self) -> None:
        take("a", "x", most=3, within_s=60, as_of=NOW)
        take("a", "y", most=3, within_s=60, as_of=NOW + timedelta(days=2))
        assert [row.who for row in Pace.objects.all()] == ["y"]

    def test_an_address_is_kept_as_a_hash(self) -> None:
        assert "203.0.113.7" not in of_address("203.0.113.7")
        assert len(of_address("203.0.113.7")) <= Pace._meta.get_field("who").max_length


@pytest.mark.django_db
class TestPages:
    """The portal."""

    def test_too_many_is_a_page_that_says_when(self) -> None:
        client = Client()
        assert [client.get(CODE).status_code for _ in range(3)] == [200, 200, 200]
        refused = client.get(CODE)
        assert (refused.status_code, refused["Retry-After"]) == (429, "53")
        assert "来得太快了" in refused.content.decode()
        assert client.get("/").status_code == 200
        assert client.get("/calculator/").status_code == 200
        assert Client(REMOTE_ADDR="203.0.113.7").get(CODE).status_code == 200

    def test_an_address_is_only_what_our_own_proxy_says(self, settings: Any) -> None:
        for number in range(4):
            answer = Client().get(CODE, headers={"X-Forwarded-For": f"198.51.100.{number}"})
        assert answer.status_code == 429, "whoever writes the header himself is counted as one"
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        told = [
            Client().get(CODE, headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"}).status_code
            for number in range(4)
        ]
        assert told == [200, 200, 200, 429]

    def test_no_limit_where_none_is_set(self, settings: Any) -> None:
        settings.ZHIDA_RATES = {}
        assert {Client().get(CODE).status_code for _ in range(5)} == {200}
        assert not Pace.objects.exists()


@pytest.mark.usefixtures("published")
class TestEndpoints:
    """The API."""

    def test_too_many_is_a_problem_that_says_when(self, anybody: Caller, now: datetime) -> None:
        body = {"item": HEADS.item, "facts": {}}
        assert [anybody.post("/assess", body).status for _ in range(3)] == [200, 200, 200]
        refused = anybody.post("/assess", body)
        assert refused.refusal == (429, "too_many_requests")
        assert refused.headers["Retry-After"] == str(60 - int(now.timestamp()) % 60)
        assert anybody.get("/items").status == 200

    def test_a_person_is_counted_and_not_the_address(self, place: Place) -> None:
        def claim(caller: Caller) -> int:
            return caller.post("/cases", {}).status

        first, second = Caller().log_in(place.owner), Caller().log_in(place.viewer)
        assert [claim(first) for _ in range(4)] == [422, 422, 422, 429]
        assert claim(second) == 422
        assert first.get("/cases").status == 200, "looking is not paced"


def test_what_is_paced_has_a_rate() -> None:
    flows = {flow for flow, _ in PAGES.values()} | {flow for _, flow, _ in ENDPOINTS} | {"uploads"}
    assert set(rates(USUAL_RATES)) == flows


def test_rates_are_read() -> None:
    assert rates("0") == {}
    assert rates("claims=5/60, codes=1/1") == {"claims": (5, 60), "codes": (1, 1)}
    for wrong in ("claims", "claims=0/60", "claims=5/0", "claims=many/60"):
        with pytest.raises(ValueError, match=r"ZHIDA_RATES|invalid literal"):
            rates(wrong)
