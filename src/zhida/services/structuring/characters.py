"""Characters and numerals: full-width forms made plain one for one, so that places stay; Chinese numerals read."""

from __future__ import annotations

import re
from decimal import Decimal

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"}
_PLAIN = _FULL_WIDTH | {
    0x3000: 0x20,
    0xA0: 0x20,
    0x2002: 0x20,
    0x2003: 0x20,
    ord("﹪"): ord("%"),
    ord("﹣"): ord("-"),
    ord("－"): ord("-"),
    ord("–"): ord("-"),
    ord("○"): ord("〇"),
    ord("Ｏ"): ord("〇"),
    ord("⼀"): ord("一"),
    ord("⼆"): ord("二"),
    ord("⼗"): ord("十"),
    ord("⼈"): ord("人"),
    ord("⽉"): ord("月"),
    ord("⽇"): ord("日"),
}
NUMERALS = "〇零一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"
_DIGITS = dict(zip("〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖", (0, 0, *range(1, 10), 2, *range(1, 10)), strict=True))
_STEPS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_GREAT = {"万": 10**4, "亿": 10**8}
_PLACES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6,
           "十万": 10**5, "万": 10**4, "千": 1000, "百": 100, "": 1}  # fmt: skip
MULTIPLIER = "(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)"
FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_FIGURE = re.compile(FIGURE)


def plain(text: str) -> str:
    """The same text with full-width letters, figures and brackets made plain; every character stays at its place."""
    return text.translate(_PLAIN)


def chinese_number(text: str) -> int | None:
    """The whole number that Chinese numerals say (十二, 二〇二三, 伍佰万, 一亿三千万), or None where they say none."""
    if not text or any(sign not in NUMERALS for sign in text):
        return None
    if all(sign in _DIGITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total = section = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _STEPS:
            section += (digit or 1) * _STEPS[sign]
            digit = 0
        else:
            whole = total + section + digit if sign == "亿" else section + digit
            total = (whole or 1) * _GREAT[sign] + (0 if sign == "亿" else total)
            section = digit = 0
    return total + section + digit


def number(text: str, multiplier: str = "") -> Decimal | None:
    """The number of a figure (1,000.5) or of Chinese numerals, times 万 and the like; None where it is none."""
    if _FIGURE.fullmatch(text):
        return Decimal(text.replace(",", "")) * _PLACES[multiplier]
    whole = chinese_number(text)
    return None if whole is None else Decimal(whole) * _PLACES[multiplier]
