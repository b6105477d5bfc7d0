"""The portal as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Label `portal`: no models."""

    name = "zhida.surfaces.portal"
    label = "portal"
