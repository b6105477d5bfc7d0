"""Logging in by an identity service: there, back, and again where money moves; and where a password was forgotten."""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from zhida.domain.errors import AccessError, OutsideError
from zhida.services.identities.linking import account_of, arrive
from zhida.services.identities.ports import Proven, identities
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.persons import now

JOURNEY = "identity"
FRESH_S = 300


@never_cache
@require_GET
def enter(request: HttpRequest, provider: str) -> HttpResponse:
    """Sends the browser to the service."""
    return _depart(request, provider, again=False)


@never_cache
@require_GET
@login_required
def again(request: HttpRequest, provider: str) -> HttpResponse:
    """Sends whoever is logged in to show once more who they are."""
    return _depart(request, provider, again=True)


@never_cache
@require_GET
def arrived(request: HttpRequest, provider: str) -> HttpResponse:
    """Takes the service's answer, once: logs in, or does what waited for somebody to be known again."""
    journey = request.session.pop(JOURNEY, None)
    if not isinstance(journey, dict) or journey.get("provider") != provider:
        return _refused(request, say("这次登录已经用过或者过了时候，请再来一次。"))
    try:
        proven = identities().arrive(provider, kept=journey["kept"], answer=request.GET.dict())
    except AccessError:
        return _refused(request, say("没有登录成功：对方没有证明您是谁。请再试一次，或者用别的办法。"))
    except OutsideError:
        return _refused(request, say("现在联系不上统一身份认证，请过一会儿再试，或者用别的办法登录。"))
    if journey["again"]:
        return _known_again(request, proven, journey)
    account_id = arrive(proven=proven, provider=provider, as_of=now())
    user = get_user_model().objects.get(pk=account_id)
    record_authentication(request, user, "identity", provider=provider)
    return cast(HttpResponse, perform_login(request, Login(user=user, redirect_url=journey["next"] or None)))


def _depart(request: HttpRequest, provider: str, *, again: bool) -> HttpResponse:
    back = request.build_absolute_uri(reverse("portal:arrived", args=[provider]))
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    try:
        departure = identities().depart(provider, back=back, again=again)
    except (AccessError, OutsideError):
        return _refused(request, say("现在联系不上统一身份认证，请过一会儿再试，或者用别的办法登录。"))
    kept: dict[str, Any] = {"provider": provider, "kept": dict(departure.kept), "again": again}
    request.session[JOURNEY] = kept | {"next": wanted if is_ours else ""}
    return redirect(departure.address)


def _known_again(request: HttpRequest, proven: Proven, journey: dict[str, Any]) -> HttpResponse:
    is_same = request.user.is_authenticated and account_of(proven) == str(request.user.pk)
    if not is_same or proven.proven_at is None or time.time() - proven.proven_at > FRESH_S:
        return _refused(request, say("没有确认成功：来的不是这个账号的人，或者对方没有重新核对。"))
    record_authentication(request, request.user, "identity", provider=journey["provider"], reauthenticated=True)
    request.GET = request.GET.copy()
    request.GET["next"] = journey["next"]
    return cast(HttpResponse, resume_request(request)) or redirect("portal:mine")


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect("portal:mine" if request.user.is_authenticated else "account_login")


@require_safe
def forgotten(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Who can help whoever forgot their password: accounts hold no e-mail address, so no letter is promised."""
    return render(request, "portal/forgotten.html", {"section": "mine"})
