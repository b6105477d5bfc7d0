"""Facts that somebody wrote as JSON: all that is wrong with them at once, with its place; what is right, exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhida.domain.errors import AuthorError
from zhida.domain.packs.written_facts import facts_from_json
from zhida.domain.rules import FactType, RelationType, Schema
from zhida.domain.values import FactKey

SCHEMA = Schema(
    facts={
        "spend_fen": FactType("spend_fen", "number", scale=0, period="year"),
        "rate": FactType("rate", "number", scale=4),
        "size": FactType("size", "text", values=("micro", "small")),
    },
    relations={"hires": RelationType("hires", "hire", {"since": FactType("since", "date")})},
)


def problems(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(AuthorError) as caught:
        facts_from_json("f.json", text, SCHEMA)
    return [(problem.line, problem.column, problem.code) for problem in caught.value.problems]


def test_every_wrong_entry_is_told_with_its_place() -> None:
    text = """{
  "spend_fen@2025": 1.5,
  "rate": 12345678901234567890,
    "size": "smal",
  "hires": [{"since": "2026-02-30"}],
  "speed": 1
}"""
    assert problems(text) == [
        (2, 3, "number_does_not_fit"),
        (3, 3, "number_does_not_fit"),
        (4, 5, "not_one_of"),
        (5, 3, "wrong_type"),
        (6, 3, "unknown_fact"),
    ]


@pytest.mark.parametrize("number", ["-1e400", "9223372036854775808", "0.1", "1e-9"])
def test_a_number_that_its_column_cannot_hold_is_refused(number: str) -> None:
    assert problems(f'{{"spend_fen@2025": {number}}}') == [(1, 2, "number_does_not_fit")]


@pytest.mark.parametrize("text", ["[1]", "{", '{"rate": NaN}', '{"rate": Infinity}'])
def test_what_is_no_object_of_plain_numbers_is_refused(text: str) -> None:
    assert [code for _, _, code in problems(text)] == ["malformed_json"]


def test_what_fits_is_kept_exactly() -> None:
    facts = facts_from_json("f.json", '{"spend_fen@2025": 9223372036854775807, "rate": 0.1250}', SCHEMA)
    assert facts.known[FactKey.parse("spend_fen@2025")].value == 2**63 - 1
    assert facts.known[FactKey.parse("rate")].value == Decimal("0.125")
