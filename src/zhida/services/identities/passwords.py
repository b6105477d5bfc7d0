"""A password that was forgotten: an operator sets another once its holder is known, and ends the account's sessions."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.offices import queries as offices


def set_password(*, account_id: str, password: str, operator: str, reason: str, as_of: datetime) -> int:
    """Sets an account's password and ends its sessions; how many there were. Second factors and passkeys stay.

    `operator` is the account that answers for it: another person, with an operator's duty today. Records
    `accounts.password_set` about the account. Raises AccessError for anybody else, ConflictError
    `password_reason_missing`, `account_closed`, and `password_refused` with every rule that the password breaks.
    """
    duty = next((one for one in offices.duties_of(operator, as_of) if one.role == "operator"), None)
    if duty is None:
        raise AccessError("not_operator", f"{operator} is no operator today", "name an operator's account")
    if operator == account_id:
        raise AccessError("own_password", "operators set no password of their own", "change it under 登录安全")
    if not reason.strip():
        raise ConflictError(
            "password_reason_missing", "whoever sets a password says why", "write how the holder was known"
        )
    with transaction.atomic():
        account = get_user_model().objects.select_for_update().get(pk=account_id)
        if not account.is_active:
            raise ConflictError("account_closed", f"{account_id} is closed", "open another: zhida office account")
        try:
            validate_password(password, account)
        except ValidationError as error:
            words = " ".join(error.messages)
            raise ConflictError("password_refused", f"the password is refused: {words}", "choose another") from error
        account.set_password(password)
        account.save(update_fields=["password"])
        ended = _end_sessions(account_id)
        by = Actor(operator, "operator", office=duty.office)
        fields = {"account": account_id, "reason": reason.strip()[:400], "sessions_ended": ended}
        ledger.record(kind="accounts.password_set", about=account_id, fields=fields, by=by, as_of=as_of)
    return ended


def _end_sessions(account_id: str) -> int:
    """Each session says whose it is only once it is opened: all are looked at."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    kept = store.get_model_class().objects
    rows = kept.values_list("session_key", "session_data").iterator()
    own = [key for key, data in rows if store().decode(data).get(SESSION_KEY) == account_id]
    kept.filter(session_key__in=own).delete()
    return len(own)
