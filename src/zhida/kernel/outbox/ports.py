"""What the pump calls for each kind of message; wiring gives one handler a kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol, cast

from zhida.kernel.ports import wired


class Handler(Protocol):
    """Carries out one message, outside any transaction, and does nothing twice: it may be called again."""

    def __call__(self, payload: Any, as_of: datetime, /) -> None:
        """Raises RetryableOutside where a later call may succeed, FinalOutside where a person must look."""
        ...


def handlers() -> Mapping[str, Handler]:
    """The installation's handlers by kind of message."""
    return cast(Mapping[str, Handler], wired("handlers"))
