"""Nobody decides on what is their own: what an officer acts for, a relative they declared, a household of either."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.errors import AccessError
from zhida.services.controls.kinship import apart_from
from zhida.surfaces.desk.officers import Officer


def check_interest(subject_id: str, officer: Officer, as_of: datetime) -> None:
    """Raises AccessError `own_interest` where the officer stands aside from this subject."""
    if is_own(subject_id, officer, as_of):
        words = f"{officer.account} stands aside from {subject_id}"
        raise AccessError("own_interest", words, "another officer of the office takes it")


def is_own(subject_id: str, officer: Officer, as_of: datetime) -> bool:
    """Whether the officer stands aside from this subject."""
    return subject_id in apart_from(officer.account, as_of=as_of)
