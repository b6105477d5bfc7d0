"""One grant, as tests make it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhida.domain.values import Actor
from zhida.kernel.entitlements.actions import NewGrant, grant_many


def grant(*, by: Actor, as_of: datetime, **given: Any) -> str:
    """Grants what `NewGrant` is made of; the grant's id."""
    new = NewGrant(**given)
    grant_many(grants=[new], by=by, as_of=as_of)
    return new.grant_id
