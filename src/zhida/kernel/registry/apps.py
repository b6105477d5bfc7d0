"""Registers `registry` with Django."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """The app `registry`."""

    name = "zhida.kernel.registry"
    label = "registry"
