"""The Django app of inspection."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionConfig(AppConfig):
    """Which cases were urged, by whom, and what their offices answered."""

    name = "zhida.services.inspection"
    label = "inspection"
