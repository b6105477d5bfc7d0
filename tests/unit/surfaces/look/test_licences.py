"""A licence says in words what it is, and which office passed which part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhida.surfaces.look.telling.licences import licence_rows, part_rows

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CLAIMS = {
    "iss": "https://zhida.example",
    "vct": "restaurant-licence",
    "jti": "credential_1",
    "nbf": 1_790_000_000,
    "holder": "某某餐饮店",
    "title_zh": "餐饮许可",
    "office": "market",
    "item": "made/up/item",
    "seats": 40,
    "parts": [
        {"office": "market", "on": "2026-10-20", "clauses": ["a2-3", "a2-4"]},
        {"office": "fire", "on": "2026-10-21", "clauses": ["a2-5"]},
    ],
}


@pytest.mark.django_db
def test_every_office_of_a_composite_licence_has_its_row() -> None:
    assert part_rows(CLAIMS, NOW) == (
        ("market", "2026-10-20 通过，依据a2-3、a2-4"),
        ("fire", "2026-10-21 通过，依据a2-5"),
    )
    assert part_rows({"holder": "某某"}, NOW) == ()


@pytest.mark.django_db
def test_a_licence_speaks_in_words() -> None:
    rows = dict(licence_rows(CLAIMS, NOW))
    assert (rows["证照"], rows["持有人"], rows["有效期"]) == ("餐饮许可", "某某餐饮店", "2026-09-21 至 长期")
    assert rows["seats"] == "40"
    assert not {"iss", "vct", "nbf", "item", "parts"} & set(rows)
    assert licence_rows({}, NOW) == ()
