"""The Django app of pacing."""

from __future__ import annotations

from django.apps import AppConfig


class PacingConfig(AppConfig):
    """How many requests of a kind each person or address made in the present window."""

    name = "zhida.services.pacing"
    label = "pacing"
