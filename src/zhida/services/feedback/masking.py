"""Numbers that say who somebody is, hidden in free text before anybody keeps it."""

from __future__ import annotations

import re

_CITIZEN = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[0-9Xx](?![0-9A-Za-z])")
"""A citizen number (GB 11643): place, birth date, sequence, check character."""
_PHONE = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9A-Za-z])\d(?:[ -]?\d){11,29}(?![0-9A-Za-z])")
"""A bank account: 12 to 30 digits, in groups or not."""
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_WIDE = str.maketrans({chr(0xFF10 + digit): str(digit) for digit in range(10)} | {"Ｘ": "X", "＠": "@"})


def mask(words: str) -> str:
    """The words with citizen numbers, telephone numbers, accounts and mail addresses hidden but for their ends."""
    plain = words.translate(_WIDE)
    for pattern in (_CITIZEN, _PHONE, _ACCOUNT):
        plain = pattern.sub(_hidden, plain)
    return _MAIL.sub(lambda found: f"{found[0][0]}＊＊＊@＊＊＊", plain)


def _hidden(found: re.Match[str]) -> str:
    text = re.sub(r"[ -]", "", found[0])
    return f"{text[:3]}{'＊' * (len(text) - 5)}{text[-2:]}"
