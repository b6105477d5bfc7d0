"""What stands beside a clause: each thing that rests on it, by name; the claim where only the item as a whole does."""

import pytest

from tests.golden.province import province
from zhida.domain.packs import Pack
from zhida.surfaces.portal.presenters.margins import became_of


@pytest.fixture(scope="module")
def rebate() -> Pack:
    return province().packs["mingzhou/research-rebate"]


def test_a_clause_names_what_it_became(rebate: Pack) -> None:
    found = {anchor: [str(one) for one in parts] for anchor, parts in became_of(rebate, rebate.items["rebate"]).items()}
    assert found["a2-1"] == ["高新技术企业"]
    assert found["a3"] == ["给多少"]
    assert found["a4"] == ["申报"]
    assert "公示" in found["a5"]
    assert "拿到以后要守的" in found["a6"]


def test_every_cited_clause_of_an_item_has_something_beside_it(rebate: Pack) -> None:
    assert {clause.anchor for clause in rebate.clauses} - set(rebate.explained) - {"a2"} <= set(
        became_of(rebate, rebate.items["rebate"])
    )
