"""What notices need from outside: a gate that carries a message to an address."""

from __future__ import annotations

from typing import Protocol


class MessagePort(Protocol):
    """An e-mail server or an SMS gate."""

    def send(self, *, reference: str, address: str, title: str, body: str) -> str:
        """Hands one message over and gives the gate's own reference.

        Called at least once for a `reference`; a gate that can drop repeats by it should.
        Raises RetryableOutside where the same call may succeed later, FinalOutside where it never will.
        """
        ...
