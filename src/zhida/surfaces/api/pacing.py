"""Middleware: one person, or one address, asks for the same kind of thing only so often; then 429.

What is paced, and how much, `settings.ZHIDA_RATES` says: {flow: (requests, seconds)}. Log-in has limits of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from zhida.kernel.ports import clock
from zhida.services.pacing.counting import of_address, take
from zhida.surfaces.api.problems import problem

API = "/api/"
_CLAIMS = ("claim", "claim_check", "mend", "withdraw", "appeal", "rate", "wrong", "account", "objection")
_CODES = ("verify", "receipt", "receipt_file", "receipt_paper", "ticket", "ticket_picture", "shared")
PAGES: Mapping[str, tuple[str, bool]] = {
    **{f"portal:{name}": ("claims", True) for name in _CLAIMS},
    **{f"portal:{name}": ("codes", False) for name in _CODES},
    "portal:part": ("drafts", True),
    "portal:result": ("calculators", False),
    "portal:permit": ("logins", False),
    **{f"vouching_{name}": ("tokens", False) for name in ("token", "userinfo", "revoke")},
}
"""The flow of each page, and whether only what is sent to it counts."""

ENDPOINTS: tuple[tuple[str, str, bool], ...] = (
    ("/api/v1/cases", "claims", True),
    ("/api/v1/assess", "calculators", False),
    ("/api/v1/my/subjects", "calculators", True),
    ("/api/v1/receipts", "codes", False),
    ("/api/v1/credentials", "codes", False),
)
"""The same of the API, by how an address begins."""


class Pacing:
    """Counts each request of a paced flow before its view is run."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """None to go on, or the answer 429."""
        flow = flow_of(request)
        if flow not in settings.ZHIDA_RATES:
            return None
        most, within_s = settings.ZHIDA_RATES[flow]
        wait_s = take(flow, _who(request), most=most, within_s=within_s, as_of=clock().now())
        return _too_many(request, wait_s) if wait_s else None


def flow_of(request: HttpRequest) -> str:
    """Which flow a request belongs to, "" for none; whatever brings a file is an upload."""
    sends = request.method == "POST"
    matched: Any = request.resolver_match
    flow, only_sent = PAGES.get(matched.view_name if matched else "", ("", False))
    if request.path.startswith(API):
        found = ((flow, sent) for start, flow, sent in ENDPOINTS if request.path.startswith(start))
        flow, only_sent = next(found, ("", False))
    if sends and (request.content_type == "multipart/form-data" and flow in ("", "claims")):
        return "uploads"
    return flow if sends or not only_sent else ""


def _who(request: HttpRequest) -> str:
    """The account, or where nobody is logged in the address that the request came from."""
    if request.user.is_authenticated:
        return str(request.user.pk)
    return of_address(str(get_adapter().get_client_ip(request)))


def _too_many(request: HttpRequest, wait_s: int) -> HttpResponse:
    if request.path.startswith((API, "/oidc/")) and request.path != reverse("portal:permit"):
        words = f"too many requests of this kind; the next one is answered in {wait_s} s"
        answer = problem(request, 429, "too_many_requests", words, hint="wait as long as Retry-After says")
    else:
        answer = render(request, "portal/too_many.html", {"minutes": -(-wait_s // 60)}, status=429)
    answer["Retry-After"] = str(wait_s)
    return answer
