"""The API describes itself, asks nothing of other hosts, and never speaks of money in fractions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.unit.surfaces.api.conftest import Caller
from zhida.domain.errors import FinalOutside, InvariantBroken, RetryableOutside
from zhida.surfaces.api import receipts

pytestmark = pytest.mark.django_db


def parts(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every node of a document with its path."""
    yield path, node
    below = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, one in below:
        yield from parts(one, f"{path}/{name}")


def test_every_operation_says_what_it_does_and_how_it_refuses(anybody: Caller) -> None:
    document = anybody.get("/openapi.json").json
    operations = [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(operations) >= 20
    for name, operation in operations:
        assert operation["description"], name
        assert {"401", "403", "404", "409", "422"} <= operation["responses"].keys(), name
        kinds = {kind for status in ("401", "422") for kind in operation["responses"][status]["content"]}
        assert kinds == {"application/problem+json"}, name
    assert len({operation["operationId"] for _, operation in operations}) == len(operations)


def test_money_is_whole_fen(anybody: Caller) -> None:
    document = anybody.get("/openapi.json").json
    assert [path for path, node in parts(document) if node == {"type": "number"} or node == "float"] == []
    fen = [node for path, node in parts(document) if path.endswith("_fen")]
    assert fen
    assert all("integer" in str(node) for node in fen)


def test_only_what_keeps_nothing_is_open_to_anyone(anybody: Caller) -> None:
    document = anybody.get("/openapi.json").json
    open_changes = {
        path for path, methods in document["paths"].items() if "post" in methods and "security" not in methods["post"]
    }
    assert open_changes == {"/api/v1/assess", "/api/v1/receipts/verify", "/api/v1/credentials/verify"}


def test_the_page_of_documentation_asks_no_other_host(anybody: Caller) -> None:
    page = anybody.get("/docs")
    assert page.status == 200
    assert b"<script>" not in page.body
    assert re.findall(rb"""(?:src|href)=["'](?:https?:)?//""", page.body) == []


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        (RetryableOutside("gate_down", "no answer", "wait"), (503, "gate_down")),
        (FinalOutside("gate_refused", "never"), (503, "gate_refused")),
        (InvariantBroken("books_differ", "secret words"), (500, "books_differ")),
    ],
)
def test_what_fails_beyond_or_within_is_a_problem(
    anybody: Caller, monkeypatch: pytest.MonkeyPatch, error: Exception, refusal: tuple[int, str]
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(receipts.ledger, "standing", fail)
    answer = anybody.get("/receipts/log")
    assert answer.refusal == refusal
    assert b"secret" not in answer.body
