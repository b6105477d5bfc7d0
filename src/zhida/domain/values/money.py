"""Money as integer fen, and the three ways it is written: digits, yuan, and capital characters."""

from __future__ import annotations

from decimal import Decimal

from zhida.domain.errors import InvariantBroken

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")


def fen_of(yuan_amount: Decimal | int | str) -> int:
    """Fen of an amount in yuan. Raises InvariantBroken where it has a fraction of a fen."""
    fen = Decimal(yuan_amount) * 100
    if fen != fen.to_integral_value():
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
    if number == 0:
        return "零"
    words, gap, group = "", False, 0
    while number:
        number, part = divmod(number, 10_000)
        if part:
            tail = "零" if gap and words else ""
            words = _group_words(part) + _GROUPS[group] + tail + words
            gap = part < 1000
        elif words:
            gap = True
        group += 1
    return words


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
