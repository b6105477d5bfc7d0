"""The Django app of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The proof log."""

    name = "zhida.kernel.ledger"
    label = "ledger"
