"""A second factor that was lost: an operator takes it from the account, so that its holder can log in by password."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.kernel.ledger import actions as ledger
from zhida.services.identities.operators import operator_on_duty


def forget_second_factors(*, account_id: str, operator: str, reason: str, as_of: datetime) -> int:
    """Takes every key, one-time code and spare code from an account; how many there were.

    `operator` is the account that answers for it: another person, with an operator's duty today. The password stays.
    Records `accounts.second_factors_removed` about the account. Raises AccessError for anybody else, ConflictError
    `reason_missing` without a reason, `no_second_factor` where there is nothing to take.
    """
    by = operator_on_duty(operator, as_of)
    if operator == account_id:
        raise AccessError("own_second_factor", "nobody takes a second factor from themselves", "ask another operator")
    if not reason.strip():
        raise ConflictError(
            "reason_missing", "whoever takes a second factor says why", "write how the holder was known"
        )
    with transaction.atomic():
        held = Authenticator.objects.select_for_update().filter(user_id=account_id)
        kinds = sorted(held.values_list("type", flat=True))
        if not kinds:
            raise ConflictError("no_second_factor", f"{account_id} has no second factor", "look the account up again")
        held.delete()
        fields = {"account": account_id, "kinds": kinds, "reason": reason.strip()[:400]}
        ledger.record(kind="accounts.second_factors_removed", about=account_id, fields=fields, by=by, as_of=as_of)
    return len(kinds)
