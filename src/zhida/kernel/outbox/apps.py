"""The Django app of the outbox."""

from __future__ import annotations

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The queue of effects."""

    name = "zhida.kernel.outbox"
    label = "outbox"
