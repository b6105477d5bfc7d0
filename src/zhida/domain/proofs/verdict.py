"""What a verifier says, in words that a person can read: each reason in Chinese and English, with a stable code."""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One finding: a stable code, and the same sentence twice."""

    code: str
    zh: str
    en: str


class Fault(NamedTuple):
    """Where a log breaks: at a position in [first, until), in which field, why, and in which record.

    `field` is a fact's own field, a column (`about`, `leaf.entry_id`) or a file, "" where it cannot be known; `record`
    is the entry's id, "" likewise.
    """

    first: int
    until: int
    field: str
    reason: Reason
    record: str = ""
