"""A few firms that can be told something."""

from __future__ import annotations

from datetime import datetime

import pytest

from zhida.domain.values import Actor, SubjectKind, new_id
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.actions import NewSubject


def register(count: int, *, by: Actor, as_of: datetime) -> tuple[str, ...]:
    """So many firms, registered; their ids."""
    ids = tuple(new_id("subject") for _ in range(count))
    registry.register_subjects(
        subjects=[NewSubject(one, SubjectKind.ORGANISATION, f"{at}号厂", "990102") for at, one in enumerate(ids)],
        by=by,
        as_of=as_of,
    )
    return ids


@pytest.fixture
def firms(db: None, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Three firms."""
    return register(3, by=actor, as_of=now)
