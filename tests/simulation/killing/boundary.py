"""Boundaries: before and after each statement, each COMMIT and each HTTP call; the program dies at the n-th."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import httpx

_STATE = {"passed": 0, "deadly": 0}


def arm(deadly: int) -> None:
    """From here on boundaries are counted, and this process gets SIGKILL at the `deadly`-th; 0 spares it."""
    _STATE.update(passed=0, deadly=deadly)


def passed() -> int:
    """How many boundaries were crossed since `arm`."""
    return _STATE["passed"]


def cross() -> None:
    """One boundary: nothing is flushed, closed or rolled back when it is the deadly one."""
    _STATE["passed"] += 1
    if _STATE["passed"] == _STATE["deadly"]:
        os.kill(os.getpid(), signal.SIGKILL)


def statement(run: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Django's execute wrapper: a boundary before and after each statement."""
    cross()
    result = run(sql, params, many, context)
    cross()
    return result


class Committing:
    """What the two backends add to Django's: statements and COMMIT are boundaries (wrappers alone see no COMMIT)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(statement)

    def _commit(self) -> None:
        cross()
        super()._commit()
        cross()


class DeadlyTransport(httpx.HTTPTransport):
    """HTTP with a boundary before and after each call; after means that the other side has acted on it."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call."""
        cross()
        response = super().handle_request(request)
        response.read()
        cross()
        return response
