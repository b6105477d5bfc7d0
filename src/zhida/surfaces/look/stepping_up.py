"""Step-up: what moves money asks for the password again where it was typed too long ago (`ZHIDA_STEP_UP`, minutes)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def newly_known(view: View) -> View:
    """A POST to the view goes on only where this session's password or code was given within the time set.

    Otherwise the person is asked for it, and what they posted is done then: nothing has to be typed twice.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            ask_again(request)
        return view(request, *args, **kwargs)

    return answer


def ask_again(request: HttpRequest) -> None:
    """Raises ReauthenticationRequired where the password was given too long ago for what is about to be done."""
    if not _is_known(request):
        raise ReauthenticationRequired


def _is_known(request: HttpRequest) -> bool:
    within_s = settings.ZHIDA_STEP_UP * 60
    if not within_s:
        return True
    given = get_authentication_records(request, request.user)
    return any(time.time() - one["at"] < within_s for one in given)
