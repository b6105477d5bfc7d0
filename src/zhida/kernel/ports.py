"""Where the kernel asks for what it may not import: the clock here, each app's own ports in its `ports` module.

`settings.ZHIDA_WIRING` names the one module that answers: a function for each port, named after it.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings


class ClockPort(Protocol):
    """Says what time it is. Only surfaces ask; every action is told by its `as_of`."""

    def now(self) -> datetime:
        """This instant, aware, in UTC."""
        ...


def wired(port: str) -> Any:
    """The adapter that the installation has wired to `port`. Raises AttributeError for a port nobody has wired."""
    return getattr(import_module(settings.ZHIDA_WIRING), port)()


def clock() -> ClockPort:
    """The installation's clock."""
    return cast(ClockPort, wired("clock"))
