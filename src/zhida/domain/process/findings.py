"""What a finished step found."""

from __future__ import annotations

from enum import StrEnum


class Finding(StrEnum):
    """PASSED lets the case go on; FAILED ends the review, so that only a refusal can follow."""

    PASSED = "passed"
    FAILED = "failed"
