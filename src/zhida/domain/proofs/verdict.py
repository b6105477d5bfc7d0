"""What a verifier says, in words that a person can read: each reason in Chinese and English, with a stable code."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One finding: a stable code, and the same sentence twice."""

    code: str
    zh: str
    en: str
