"""The Django app of authoring."""

from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    """Packs while they are written."""

    name = "zhida.services.authoring"
    label = "authoring"
