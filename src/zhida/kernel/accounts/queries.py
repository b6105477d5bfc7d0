"""Reading accounts: one, by id or login name, and the names to show for many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from zhida.kernel.accounts.models import Account


@dataclass(frozen=True)
class AccountRecord:
    """An account without its password. `name` is what to call its holder; `locale` is `zh-hans` or `en`."""

    id: str
    login_name: str
    name: str
    locale: str
    is_active: bool
    is_demo: bool


def account_named(login_name: str) -> AccountRecord | None:
    """The account that logs in by this name, or None."""
    return _record(Account.objects.filter(login_name=login_name).first())


def names_of(account_ids: Collection[str]) -> dict[str, str]:
    """What to call each of these accounts; an id that is no account is left out."""
    return {row.id: row.get_full_name() for row in Account.objects.filter(pk__in=account_ids)}


def active_accounts(*, limit: int = 500) -> tuple[AccountRecord, ...]:
    """The accounts that can log in, the newest first."""
    rows = Account.objects.filter(is_active=True).order_by("-id")[:limit]
    return tuple(record for record in map(_record, rows) if record)


def demo_accounts() -> tuple[AccountRecord, ...]:
    """The accounts of a demonstration, by login name."""
    rows = Account.objects.filter(is_demo=True, is_active=True).order_by("login_name")
    return tuple(record for record in map(_record, rows) if record)


def _record(row: Account | None) -> AccountRecord | None:
    if row is None:
        return None
    return AccountRecord(row.id, row.login_name, row.get_full_name(), row.locale, row.is_active, row.is_demo)
