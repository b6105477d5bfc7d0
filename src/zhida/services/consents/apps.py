"""The Django app of consents."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """What people let others see of them."""

    name = "zhida.services.consents"
    label = "consents"
