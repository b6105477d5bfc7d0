"""Registers `entitlements` with Django."""

from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    """The app `entitlements`."""

    name = "zhida.kernel.entitlements"
    label = "entitlements"
