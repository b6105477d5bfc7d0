"""The Django app of vouching."""

from __future__ import annotations

from django.apps import AppConfig


class VouchingConfig(AppConfig):
    """Whom we tell who somebody is."""

    name = "zhida.services.vouching"
    label = "vouching"
