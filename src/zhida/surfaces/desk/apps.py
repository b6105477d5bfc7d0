"""The desk as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Label `desk`: no models."""

    name = "zhida.surfaces.desk"
    label = "desk"
