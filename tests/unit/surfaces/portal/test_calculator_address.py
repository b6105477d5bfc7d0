"""An address that somebody mistyped is answered with a page, never with an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "f.@=1",
        "f.=1",
        "f.revenue_fen@99999=1",
        "f.staff_count@2025-13=1",
        "f.staff_count@2025=NaN",
        "f.staff_count@2025=1e999",
        "f.born_on=9999-99-99",
        "audience=alien",
        "firm=%00",
        "lang=xx&mode=zz&contrast=%00",
    ],
)
def test_a_mistyped_address(client: Client, query: str) -> None:
    assert client.get(f"/calculator/result/?{query}").status_code == 200
