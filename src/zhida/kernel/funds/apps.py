"""The Django app of funds."""

from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Budget lines and disbursements."""

    name = "zhida.kernel.funds"
    label = "funds"
