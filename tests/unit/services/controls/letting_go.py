"""Letting go what was kept back by two persons, for tests that are about something else."""

from __future__ import annotations

from datetime import datetime

from tests.simulation.paying import MAKER, RELEASER
from zhida.domain.values import new_id
from zhida.services.controls.lifting import Kept, confirm_lifting, propose_lifting


def let_go(kind: Kept, key: str, now: datetime, reason: str = "over") -> None:
    """The maker proposes, the releaser confirms."""
    lifting_id = new_id("lifting")
    propose_lifting(lifting_id=lifting_id, kind=kind, key=key, reason=reason, by=MAKER, as_of=now)
    confirm_lifting(lifting_id=lifting_id, by=RELEASER, as_of=now)
