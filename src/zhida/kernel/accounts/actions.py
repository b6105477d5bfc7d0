"""Opening and closing accounts. No ledger fact: an account alone may do nothing; duties and mandates are the facts."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from zhida.domain.errors import ConflictError
from zhida.domain.values import new_id, utc
from zhida.kernel.accounts.models import Account


def open_account(
    *,
    login_name: str,
    display_name: str = "",
    password: str | None = None,
    encoded: str = "",
    locale: str = "zh-hans",
    is_demo: bool = False,
    account_id: str = "",
    as_of: datetime,
) -> str:
    """Opens an account and gives its id; without a password (or one `encoded` by Django) nobody can log in by one.

    Raises ConflictError where the login name is taken.
    """
    account = Account(
        id=account_id or new_id("account"),
        login_name=login_name,
        display_name=display_name,
        locale=locale,
        is_demo=is_demo,
        opened_at=utc(as_of),
    )
    if encoded:
        account.password = encoded
    else:
        account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        words = f"the login name {login_name!r} is taken or empty"
        raise ConflictError("login_name_taken", words, "choose another login name") from error
    return account.id


@transaction.atomic
def close_account(*, account_id: str) -> None:
    """Nobody can log in to it from now on; what it did stays on record. Raises ConflictError for an unknown account."""
    if not Account.objects.filter(pk=account_id).update(is_active=False):
        raise ConflictError("no_such_account", f"there is no account {account_id}", "look the account up again")
