"""The Django app of the controls on money."""

from __future__ import annotations

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Stops, holds, limits, transfers, set-offs and closed days."""

    name = "zhida.services.controls"
    label = "controls"
