"""The Django app of figures."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """What was counted, when, and from what."""

    name = "zhida.services.figures"
    label = "figures"
