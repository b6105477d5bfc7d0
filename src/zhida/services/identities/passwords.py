"""Passwords that others set: the first one of an account, and another one where it was forgotten."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from zhida.domain.errors import AccessError, ConflictError
from zhida.kernel.accounts import actions as accounts
from zhida.kernel.ledger import actions as ledger
from zhida.services.identities.operators import operator_on_duty


def open_account(*, login_name: str, display_name: str, password: str, as_of: datetime) -> str:
    """Opens an account as the kernel does, with a password that keeps the rules; gives its id.

    Raises ConflictError `password_refused` with every rule that the password breaks.
    """
    _refuse_weak(password, get_user_model()(login_name=login_name, display_name=display_name))
    return accounts.open_account(login_name=login_name, display_name=display_name, password=password, as_of=as_of)


def set_password(*, account_id: str, password: str, operator: str, reason: str, as_of: datetime) -> int:
    """Sets an account's password and ends its sessions; how many there were. Second factors and passkeys stay.

    `operator` is the account that answers for it: another person, with an operator's duty today. Records
    `accounts.password_set` about the account. Raises AccessError for anybody else, ConflictError
    `password_reason_missing`, `account_closed`, and `password_refused` with every rule that the password breaks.
    """
    by = operator_on_duty(operator, as_of)
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
        _refuse_weak(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])
        ended = _end_sessions(account_id)
        fields = {"account": account_id, "reason": reason.strip()[:400], "sessions_ended": ended}
        ledger.record(kind="accounts.password_set", about=account_id, fields=fields, by=by, as_of=as_of)
    return ended


def _refuse_weak(password: str, holder: Any) -> None:
    try:
        validate_password(password, holder)
    except ValidationError as error:
        words = " ".join(error.messages)
        raise ConflictError("password_refused", f"the password is refused: {words}", "choose another") from error


def _end_sessions(account_id: str) -> int:
    """Each session says whose it is only once it is opened: all are looked at."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    kept = store.get_model_class().objects
    rows = kept.values_list("session_key", "session_data").iterator()
    own = [key for key, data in rows if store().decode(data).get(SESSION_KEY) == account_id]
    kept.filter(session_key__in=own).delete()
    return len(own)
