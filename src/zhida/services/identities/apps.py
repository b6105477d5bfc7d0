"""The Django app of identities."""

from __future__ import annotations

from django.apps import AppConfig


class IdentitiesConfig(AppConfig):
    """Who is known by whom."""

    name = "zhida.services.identities"
    label = "identities"
