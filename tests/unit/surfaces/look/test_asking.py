"""What people type becomes a fact; only the impossible is refused, in words."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from zhida.domain.rules import FactType
from zhida.surfaces.look.asking import NotTaken, taken

MONEY = FactType("paid_fen", "number", unit="fen")
RATE = FactType("rate", "number", scale=4)
HEADS = FactType("heads", "number", unit="persons", minimum=Decimal(0), maximum=Decimal(100))
SIZE = FactType("size", "text", values=("large", "small"))


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("94,812.50", MONEY, 9481250),
        ("９４８１２．５元", MONEY, 9481250),
        (" 94 812.5 ", MONEY, 9481250),
        ("5.2", RATE, Decimal("0.052")),
        ("5.2%", RATE, Decimal("0.052")),
        ("0", HEADS, 0),
        ("true", FactType("x", "boolean"), True),
        ("2026/3/1".replace("/3/1", "/03/01"), FactType("d", "date"), date(2026, 3, 1)),
        ("large", SIZE, "large"),
    ],
)
def test_what_was_meant_is_taken(text: str, fact: FactType, value: object) -> None:
    assert taken(text, fact) == value
    assert type(taken(text, fact)) is type(value)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("many", HEADS),
        ("101", HEADS),
        ("-1", HEADS),
        ("1.5", HEADS),
        ("0.005", MONEY),
        ("Infinity", MONEY),
        ("NaN", MONEY),
        ("9" * 20, MONEY),
        ("yes", FactType("x", "boolean")),
        ("2026-02-30", FactType("d", "date")),
        ("medium", SIZE),
    ],
)
def test_the_impossible_is_refused_in_words(text: str, fact: FactType) -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language), pytest.raises(NotTaken) as refused:
            taken(text, fact)
        assert refused.value.words
