"""The Django app of worklists."""

from __future__ import annotations

from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    """Saved filters, and batches of decisions that can be undone until they are released."""

    name = "zhida.services.worklists"
    label = "worklists"
