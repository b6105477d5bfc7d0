"""Middleware: a request that waited too long for a free worker is turned away at once (503), so that others wait less.

The proxy in front writes when each request came (`X-Request-Start: t=1793350800.123`, seconds of Unix time); where none
does, nothing is turned away. Nothing has been begun by then: drafts stand as they were, and the same request may be
sent again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from zhida.surfaces.api.problems import problem

NEVER = ("/api/v1/treasury/", "/alive", "/ready", "/metrics")
"""What is always heard: a bank's answers, and whoever asks how we are."""
_CAME = re.compile(r"t=(\d{10}(?:\.\d{1,6})?)")
_SHORTEST_S, _SPREAD_S = 5, 16


def shedding(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 503 with Retry-After where a request waited longer than `settings.ZHIDA_WAIT` seconds (0: never)."""

    def answer(request: HttpRequest) -> HttpResponse:
        waited_s = _waited_s(request)
        if not settings.ZHIDA_WAIT or waited_s <= settings.ZHIDA_WAIT or request.path.startswith(NEVER):
            return get_response(request)
        return _too_busy(request, _SHORTEST_S + int(waited_s * 1000) % _SPREAD_S)

    return answer


def _waited_s(request: HttpRequest) -> float:
    """Seconds by the clock of this machine, which is the proxy's or close to it; 0 where nobody says."""
    came = _CAME.fullmatch(request.headers.get("X-Request-Start", ""))
    return time.time() - float(came[1]) if came else 0.0


def _too_busy(request: HttpRequest, again_s: int) -> HttpResponse:
    """Spread over some seconds, so that those turned away do not come back all at once."""
    if request.path.startswith("/api/"):
        words = f"the service is busy; nothing was done, try again in {again_s} s"
        answer: HttpResponse = problem(request, 503, "too_busy", words, hint="wait as long as Retry-After says")
    else:
        answer = HttpResponse(render_to_string("look/busy.html", {"seconds": again_s}), status=503)
    answer["Retry-After"] = str(again_s)
    answer["Cache-Control"] = "no-store"
    return answer
