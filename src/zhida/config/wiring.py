"""Where ports meet adapters, and nowhere else: one function for each port, named as the kernel asks for it."""

from __future__ import annotations

import os
from functools import cache

from django.conf import settings

from zhida.adapters.clock import DemoClock, SystemClock
from zhida.adapters.keys import FileLogKey, FileRegistryKeys
from zhida.kernel.ledger.ports import KeyPort
from zhida.kernel.outbox.ports import Handler
from zhida.kernel.ports import ClockPort
from zhida.kernel.registry.ports import RegistryKeys


@cache
def clock() -> ClockPort:
    """A clock that can be moved in a demonstration's home (the file `demo` marks it), else the machine's."""
    return DemoClock(settings.HOME / "clock") if (settings.HOME / "demo").exists() else SystemClock()


@cache
def log_key() -> KeyPort:
    """The ledger's signing key, in the home; ZHIDA_LOG_NAME is the log's public name, without a scheme."""
    return FileLogKey(settings.HOME / "keys", os.environ.get("ZHIDA_LOG_NAME", "zhida.local/log"))


@cache
def registry_keys() -> RegistryKeys:
    """The keys that hide personal numbers, in the home."""
    return FileRegistryKeys(settings.HOME / "keys")


@cache
def handlers() -> dict[str, Handler]:
    """What the outbox's pump does with each kind of message."""
    return {}
