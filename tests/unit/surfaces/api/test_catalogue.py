"""Everybody reads what is in force, and searches it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.unit.surfaces.api.conftest import ASKING, HEADS, Caller
from zhida.kernel.catalogue.documents import PublishedDocuments
from zhida.kernel.search import actions as search

pytestmark = pytest.mark.usefixtures("published")


def test_policies_are_listed_and_narrowed(anybody: Caller) -> None:
    whole = anybody.get("/policies").json
    assert whole["total"] == 2
    assert {one["id"] for one in whole["policies"]} == {HEADS.id, ASKING.id}
    assert anybody.get("/policies", limit=1).json["total"] == 2
    assert len(anybody.get("/policies", limit=1).json["policies"]) == 1
    assert anybody.get("/policies", region="990100").json["total"] == 0
    assert anybody.get("/policies", topic="劳动").json["total"] == 2


def test_a_policy_shows_its_text_and_items(anybody: Caller) -> None:
    policy = anybody.get(f"/policies/{HEADS.id}").json
    assert policy["title"] == {"zh": "按人补助 heads", "en": "By the head heads"}
    assert policy["clauses"][0]["text"].startswith("人数达到10人的单位")
    assert [item["id"] for item in policy["items"]] == [HEADS.item]
    assert len(policy["hash"]) == 64


def test_an_item_shows_what_a_claim_needs(anybody: Caller) -> None:
    item = anybody.get(f"/items/{ASKING.item}").json
    assert [(one["name"], one["kind"]) for one in item["requirements"]] == [
        ("enough", "computed"),
        ("honest", "undertaken"),
    ]
    assert item["form"]["properties"]["begun_on"]["format"] == "date"
    assert item["form"]["required"] == ["share", "begun_on"]
    assert item["questions"].keys() == item["form"]["properties"].keys()
    assert {name: words["zh"] for name, words in item["questions"].items()} == {
        name: asked["title"] for name, asked in item["form"]["properties"].items()
    }
    assert item["budget_line"]["title"] == {"zh": item["budget_line"]["id"], "en": ""}
    assert {"share", "staff"} <= {*item["facts"]}
    assert anybody.get("/items", claim="applied").json["items"][0]["id"] == ASKING.item


@pytest.mark.parametrize("path", ["/policies/made-up/none", "/items/made-up/heads/none", "/items/a/b/c"])
def test_what_is_not_in_force_is_not_there(anybody: Caller, path: str) -> None:
    assert anybody.get(path).refusal == (404, "not_published")


def test_an_unknown_address_is_a_problem_too(anybody: Caller) -> None:
    assert anybody.get("/nothing").refusal == (404, "no_such_address")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"audience": "cats"}, {"year": "x"}, {"year": 0}]
)
def test_a_malformed_choice_is_refused(anybody: Caller, query: dict[str, Any]) -> None:
    assert anybody.get("/policies", **query).refusal == (422, "malformed_request")


def test_everything_is_searched(anybody: Caller, settings: Any, tmp_path: Path, now: datetime) -> None:
    settings.HOME = tmp_path
    assert anybody.get("/search", q="补助").json["total"] == 0, "before the first index"
    search.rebuild(source=PublishedDocuments(), as_of=now)
    found = anybody.get("/search", q="buzhu asking", kind="policy").json
    assert (found["total"], found["way"], found["hits"][0]["id"]) == (1, "exact", ASKING.id)
    title = found["hits"][0]["title"]
    assert [title["text"][start:end] for start, end in title["marks"]] == ["补助", "asking"]
    assert found["facets"]["kind"] == {"policy": 1, "item": 1}
    assert anybody.get("/search", q="〔2026〕1号", kind=["item", "policy"]).json["total"] == 4
    assert {"level", "state", "document"} <= found["facets"].keys()
    for facet in found["facets"]:
        assert anybody.get("/search", **{facet: "no such value"}).json["total"] == 0, facet
    assert anybody.get("/search", q="x" * 201).refusal == (422, "malformed_request")
