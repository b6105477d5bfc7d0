"""The look as a Django app, so that its templates, tags and stylesheet are found."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Label `look`: no models."""

    name = "zhida.surfaces.look"
    label = "look"
