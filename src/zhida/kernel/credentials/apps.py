"""The Django app of credentials."""

from __future__ import annotations

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    """Licences and certificates."""

    name = "zhida.kernel.credentials"
    label = "credentials"
