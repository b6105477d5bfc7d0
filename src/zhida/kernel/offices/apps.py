"""The Django app of offices."""

from __future__ import annotations

from django.apps import AppConfig


class OfficesConfig(AppConfig):
    """Offices, regions, duties, mandates and the calendar."""

    name = "zhida.kernel.offices"
    label = "offices"
