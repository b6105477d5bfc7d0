"""Money in fen: exact both ways, and capital characters read back by an independent reader."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import capital_words, fen_of, yuan

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def whole_of(words: str) -> int:
    """The number that capital characters say, read by splitting at 亿 and 万."""
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return whole_of(high) * size + whole_of(low)
    total, digit = 0, 0
    for sign in words:
        if sign in UNITS:
            total, digit = total + digit * UNITS[sign], 0
        else:
            digit = DIGITS[sign]
    return total + digit


def fen_in(words: str) -> int:
    whole, _, small = words.rstrip("整").rpartition("元") if "元" in words else ("零", "", words.rstrip("整"))
    jiao = DIGITS[small[small.index("角") - 1]] if "角" in small else 0
    cent = DIGITS[small[small.index("分") - 1]] if "分" in small else 0
    return whole_of(whole) * 100 + jiao * 10 + cent


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (105, "壹元零伍分"),
        (100000, "壹仟元整"),
        (100100, "壹仟零壹元整"),
        (5688750, "伍万陆仟捌佰捌拾柒元伍角整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (1680032, "壹万陆仟捌佰元叁角贰分"),
        (10**10, "壹亿元整"),
        (10**10 + 100, "壹亿零壹元整"),
        (1_0000_5000_00, "壹亿零伍仟元整"),
        (12345 * 10**10, "壹万贰仟叁佰肆拾伍亿元整"),
        (50001 * 10**10, "伍万零壹亿元整"),
    ],
)
def test_capital_words_as_on_a_cheque(fen, words):
    assert capital_words(fen) == words


@given(st.integers(0, 10**18 - 1) | st.integers(0, 10**7))
def test_capital_words_read_back(fen):
    words = capital_words(fen)
    assert fen_in(words) == fen
    assert "零零" not in words
    assert words.count("元") <= 1


@pytest.mark.parametrize("fen", [-1, 10**18])
def test_amounts_beyond_words_are_refused(fen):
    with pytest.raises(InvariantBroken, match="amount_out_of_words"):
        capital_words(fen)


@given(st.integers(-(10**40), 10**40))
def test_yuan_and_back(fen):
    assert fen_of(yuan(fen).replace(",", "")) == fen


def test_yuan_is_written_with_thousands():
    assert (yuan(5688750), yuan(5), yuan(-123456), yuan(0)) == ("56,887.50", "0.05", "-1,234.56", "0.00")
    assert (fen_of(3), fen_of("0.01"), fen_of(Decimal("1.10")), fen_of("1e3")) == (300, 1, 110, 100_000)


@pytest.mark.parametrize("amount", ["0.001", Decimal("1.005"), "12345678901234567890123456789.001"])
def test_fractions_of_a_fen_are_refused(amount):
    with pytest.raises(InvariantBroken, match="fraction_of_fen"):
        fen_of(amount)


@pytest.mark.parametrize("amount", ["", "ten", "NaN", "Infinity", 1.5, 2.0])
def test_what_is_no_exact_amount_is_refused(amount):
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        fen_of(amount)
