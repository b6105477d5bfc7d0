"""The desk's evaluations: from the supervisor's page to a policy's year, on the page, as JSON and on paper."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.unit.surfaces.desk.test_watching import FIRST, firms, in_review, logged_in, published, world
from zhida.services.evaluation.records import HIDDEN

__all__ = ["firms", "in_review", "published", "world"]

HOME = "/desk/evaluations/"
OWN = f"{HOME}{FIRST.id}"


def test_a_policy_is_found_and_evaluated(world: dict[str, Any]) -> None:
    client = logged_in(world, "supervisor")
    assert HOME in client.get("/desk/supervision/").content.decode()
    assert f"{OWN}/" in client.get(HOME).content.decode()
    answer = client.get(f"{OWN}/")
    page = answer.content.decode()
    assert (answer.status_code, page.count("<h1>")) == (200, 1)
    assert "没有预测可比" in page
    assert "不足 5" in page


def test_json_and_paper_tell_the_same(world: dict[str, Any]) -> None:
    client = logged_in(world, "auditor")
    record = client.get(f"{OWN}.json").json()
    assert record["pack_id"] == FIRST.id
    assert record["items"][0]["came"]["claims"] == HIDDEN
    answer = client.get(f"{OWN}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert record["digest"][:16] in text


def test_both_languages_are_whole(world: dict[str, Any]) -> None:
    page = logged_in(world, "supervisor").get(f"{OWN}/?lang=en").content.decode()
    assert "Data sources" in page or "What people said" in page
    assert "群众意见" not in page


@pytest.mark.parametrize("asked", ["?year=9999", "?year=abcd", "?year=", "?year=%00", "?year=2020"])
def test_a_year_that_is_none_is_this_one(world: dict[str, Any], asked: str) -> None:
    assert logged_in(world, "supervisor").get(f"{OWN}/{asked}").status_code == 200


def test_strangers_and_reviewers_do_not_see_it(world: dict[str, Any]) -> None:
    assert logged_in(world, "reviewer").get(f"{OWN}/").status_code == 403
    assert logged_in(world, "supervisor").get(f"{HOME}made-up/nothing/").status_code in (404, 409)
