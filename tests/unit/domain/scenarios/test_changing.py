"""What would make a firm eligible: nearest changes, never a false yes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.golden.province import province
from zhida.domain.rules import Answer, assess
from zhida.domain.scenarios import offer_of
from zhida.domain.scenarios.changing import Way, ways_to
from zhida.domain.values import Facts

DAY = date(2026, 10, 1)
FIRM: dict[str, Any] = {
    "registered_region": "990100",
    "high_tech_certified@2025-01-01/2028-01-01": True,
    "revenue_fen@2025": 1_000_000_00,
    "research_spend_fen@2025": 20_000_00,
    "other_public_funding_fen": 0,
    "tax_paid_fen@2025": 500_000_00,
    "seriously_discredited": False,
    "operating_normally": True,
}


def ways(changes: dict[str, Any], item: str = "mingzhou/research-rebate/rebate") -> tuple[Way, ...]:
    facts = {key: value for key, value in {**FIRM, **changes}.items() if value is not None}
    pack, _, name = item.rpartition("/")
    marked = {name: one.can_change for name, one in province().dictionary.attributes.items() if one.can_change}
    return ways_to(offer_of(province().packs[pack].items[name]).program, Facts.of(facts), DAY, marked)


def told(found: tuple[Way, ...]) -> list[list[tuple[str, Any]]]:
    return [[(str(one.key), one.after) for one in way.changes] for way in found]


def test_the_nearest_amount_is_found_to_the_fen() -> None:
    (way,) = ways({})
    assert told((way,)) == [[("research_spend_fen@2025", Decimal(3_000_000))]]
    assert way.changes[0].before == 20_000_00
    assert (way.then.answer, way.then.amount_fen) == (Answer.ENTITLED, 240_000)


def test_one_fen_less_would_not_do() -> None:
    (way,) = ways({})
    less = Facts.of({**FIRM, "research_spend_fen@2025": 2_999_999})
    program = offer_of(province().packs["mingzhou/research-rebate"].items["rebate"]).program
    assert assess(program, less, DAY).answer is Answer.NOT
    assert way.changes[0].after - 1 == 2_999_999


def test_two_failing_conditions_are_both_mended() -> None:
    (way,) = ways({"seriously_discredited": True})
    assert [str(one.key) for one in way.changes] == ["research_spend_fen@2025", "seriously_discredited"]
    assert way.then.answer is Answer.ENTITLED


def test_what_nobody_can_act_on_is_not_proposed() -> None:
    assert ways({"revenue_fen@2025": 0}) == ()


def test_a_place_elsewhere_cannot_be_mended() -> None:
    assert ways({"registered_region": "980000"}) == ()


def test_who_is_entitled_needs_no_way() -> None:
    assert ways({"research_spend_fen@2025": 50_000_00}) == ()


def test_words_are_tried_one_by_one() -> None:
    found = ways({"innovation_platform_level": "city"}, "mingzhou/platform-award/award")
    assert told(found) == [[("innovation_platform_level", "provincial")], [("innovation_platform_level", "national")]]
    assert [way.then.amount_fen for way in found] == [200_000_000, 300_000_000]


@pytest.mark.parametrize("spent", [None, 0])
def test_what_is_not_known_can_be_shown_or_raised(spent: int | None) -> None:
    (way,) = ways({"research_spend_fen@2025": spent})
    assert way.changes[0].before == spent
    assert way.changes[0].after == 3_000_000
