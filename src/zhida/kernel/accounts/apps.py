"""The Django app of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts, the lowest app of the kernel."""

    name = "zhida.kernel.accounts"
    label = "accounts"
