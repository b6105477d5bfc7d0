"""The Django app of outreach."""

from __future__ import annotations

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Who is called on or visited, by whom, for what, and with which result."""

    name = "zhida.services.outreach"
    label = "outreach"
