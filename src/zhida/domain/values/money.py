"""Money as integer fen, and the three ways it is written: digits, yuan, and capital characters."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from zhida.domain.errors import InvariantBroken

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ((10**8, "亿"), (10**4, "万"))


def fen_of(yuan_amount: Decimal | int | str) -> int:
    """Fen of an amount in yuan, exact at any size.

    Raises InvariantBroken where it has a fraction of a fen, and for a float or a text that is no finite number.
    """
    try:
        amount = Decimal(yuan_amount)
    except InvalidOperation as error:
        raise InvariantBroken("malformed_amount", f"{yuan_amount!r} is not an amount in yuan") from error
    if isinstance(yuan_amount, float) or not amount.is_finite():
        raise InvariantBroken("malformed_amount", f"{yuan_amount!r} is not an exact amount in yuan")
    fen = Fraction(amount) * 100
    if fen.denominator != 1:
        raise InvariantBroken("fraction_of_fen", f"{yuan_amount} yuan is not a whole number of fen")
    return int(fen)


def yuan(fen: int) -> str:
    """Digits with thousands and two decimals, without a unit: 5688750 → `56,887.50`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def capital_words(fen: int) -> str:
    """The amount in capital characters as on a cheque (票据法 usage): 5688750 → `伍万陆仟捌佰捌拾柒元伍角整`.

    Raises InvariantBroken below zero and from 10^16 yuan on.
    """
    if not 0 <= fen < 10**18:
        raise InvariantBroken("amount_out_of_words", f"{fen} fen cannot be written in capital characters")
    whole, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    words = f"{_whole_words(whole)}元" if whole or not rest else ""
    if not rest:
        return words + "整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    return words + (f"{_DIGITS[cent]}分" if cent else "整")


def _whole_words(number: int) -> str:
    for size, unit in _GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole_words(high) + unit + gap + (_whole_words(low) if low else "")
    return _group_words(number) or "零"


def _group_words(part: int) -> str:
    words, zero = "", False
    for place in (3, 2, 1, 0):
        digit = part // 10**place % 10
        if digit:
            words += ("零" if zero and words else "") + _DIGITS[digit] + _UNITS[place]
            zero = False
        else:
            zero = True
    return words
