"""What the desk asks of a log-in: a second factor of who has a hand in money or duties, and no long silence.

GB/T 22239-2019 level 3, L3-CES1-01..04: two factors, and a session that is left alone ends.
"""

from __future__ import annotations

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhida.surfaces.look.language import say

SECOND_FACTOR_OF = frozenset({"maker", "checker", "releaser", "operator"})
"""Who prepares, checks or releases payments, changes the account of a payee, or says who may."""

_SEEN, _WRITTEN_AFTER_S = "desk_seen_at", 30.0


def turned_away(request: HttpRequest, role: str) -> HttpResponse | None:
    """The answer to a log-in that was left alone too long, or has no second factor for this role; None to go on."""
    if _was_left(request):
        logout(request)
        messages.info(request, say("{n} 分钟没有动作，已经退出。请重新登录。", n=settings.ZHIDA_DESK_IDLE))
        return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("desk:mine"))
    if role in SECOND_FACTOR_OF and not settings.ZHIDA_SECOND_FACTOR:
        request.desk_one_factor = True  # type: ignore[attr-defined]
    elif role in SECOND_FACTOR_OF and not is_mfa_enabled(request.user):
        return render(request, "desk/second_factor.html", status=403)
    return None


def _was_left(request: HttpRequest) -> bool:
    """Whether the last page of the desk was longer ago than `ZHIDA_DESK_IDLE` minutes (0: it may be as long ago)."""
    now, seen = time.time(), request.session.get(_SEEN)
    if settings.ZHIDA_DESK_IDLE and seen is not None and now - seen > settings.ZHIDA_DESK_IDLE * 60:
        return True
    if seen is None or now - seen > _WRITTEN_AFTER_S:
        request.session[_SEEN] = now
    return False
