"""The log-ins of a demonstration belong to everybody: nobody locks others out by a key or a password of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from zhida.surfaces.look.language import say

LOCKING = {
    "mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "account_change_password",
    "account_set_password",
}  # fmt: skip
"""Names of the pages after which others could not log in any more."""


def is_shared(request: HttpRequest) -> bool:
    """Whether whoever asks is logged in by an account of the demonstration."""
    return bool(settings.ZHIDA_DEMO and getattr(request.user, "is_demo", False))


def told() -> str:
    """Why a shared log-in stays as it is."""
    return say("这是演示用的公用账号，谁都能登录，所以不能给它加通行密钥、开动态口令，也不能换密码。")


class SharedLogins:
    """Leads from a page that would lock others out back to what the log-in has, where it stands why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Before the page: nothing of it is done."""
        match = request.resolver_match
        if match is None or match.url_name not in LOCKING or not is_shared(request):
            return None
        return redirect("mfa_index")
