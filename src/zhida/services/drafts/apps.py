"""The Django app of drafts."""

from __future__ import annotations

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """What was typed into forms that nobody has handed in yet."""

    name = "zhida.services.drafts"
    label = "drafts"
