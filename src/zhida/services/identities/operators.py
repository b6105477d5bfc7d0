"""Who answers by name for what is done to another's account: an operator on duty."""

from __future__ import annotations

from datetime import datetime

from zhida.domain.errors import AccessError
from zhida.domain.values import Actor
from zhida.kernel.offices import queries as offices


def operator_on_duty(account_id: str, as_of: datetime) -> Actor:
    """The account as the operator that it is on that day. Raises AccessError `not_operator` for anybody else."""
    duty = next((one for one in offices.duties_of(account_id, as_of) if one.role == "operator"), None)
    if duty is None:
        raise AccessError("not_operator", f"{account_id} is no operator today", "name an operator's account")
    return Actor(account_id, "operator", office=duty.office)
