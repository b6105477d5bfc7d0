"""Registers `notices` with Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The app `notices`."""

    name = "zhida.kernel.notices"
    label = "notices"
