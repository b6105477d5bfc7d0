"""Registers `catalogue` with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """The app `catalogue`."""

    name = "zhida.kernel.catalogue"
    label = "catalogue"
