"""Another platform of the city sends somebody here to say who they are: OpenID Connect, authorization code with PKCE.

The authorization endpoint of OpenID Connect Core 1.0 (section 3.1.2). Nobody is sent to an address that the platform
has not named in advance, letter by letter; without S256 no code is given (RFC 9700, 2.1.1); answers name us (RFC 9207).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from zhida.kernel.offices import queries as offices
from zhida.services.vouching import clients, permitting, signing_on
from zhida.services.vouching.clients import ClientRecord
from zhida.services.vouching.permitting import PermissionRecord
from zhida.services.vouching.ports import voucher
from zhida.surfaces.portal.persons import Person, now, person_of
from zhida.surfaces.portal.presenters import permitting as presenter

ONCE = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "prompt", "max_age", "code_challenge",
        "code_challenge_method")  # fmt: skip
PROMPTS = frozenset({"none", "login", "consent", "select_account"})
_LONGEST = 255


@dataclass(frozen=True)
class Asked:
    """What a platform asks, once it is known to be the platform and the address to be its own."""

    client: ClientRecord
    redirect: str
    state: str
    scopes: frozenset[str]
    prompts: frozenset[str]
    fault: str

    def back(self, **answer: str) -> HttpResponse:
        """Sends the browser back to the platform."""
        told = {name: text for name, text in {**answer, "state": self.state, "iss": voucher().address}.items() if text}
        joint = "&" if "?" in self.redirect else "?"
        return HttpResponseRedirect(f"{self.redirect}{joint}{urlencode(told)}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def permit(request: HttpRequest) -> HttpResponse:
    """Asks whoever is logged in whether the platform may be told of them; what was let before is not asked again."""
    if not clients.clients():
        raise Http404
    asked = _asked(request)
    if asked is None:
        return render(request, "portal/not_permitted.html", {"section": ""}, status=403)
    if asked.fault:
        return asked.back(error=asked.fault)
    if (answer := _not_known(request, asked)) is not None:
        return answer
    as_of = now()
    person = _who_may_act(person_of(request, as_of))
    if request.method == "POST":
        return _decided(request, asked, person, as_of)
    held = permitting.permission_to(asked.client.id, person.account)
    if held is not None and _is_let(held, asked, person):
        return _on(request, asked, held, as_of)
    if "none" in asked.prompts:
        return asked.back(error="consent_required")
    page = presenter.permit_page(person, asked.client, asked.scopes, held)
    shown = render(request, "portal/permit.html", {"page": page, "section": ""})
    parts = urlsplit(asked.redirect)  # a browser holds `form-action` against where an answer sends it, too
    shown._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]
    return shown


def _asked(request: HttpRequest) -> Asked | None:
    query = request.GET
    client = clients.client(query.get("client_id", ""))
    address = query.get("redirect_uri", "")
    if client is None or address not in client.redirects:
        return None
    if any(len(query.getlist(name)) > 1 for name in ("client_id", "redirect_uri")):
        return None
    scopes, prompts = frozenset(query.get("scope", "").split()), frozenset(query.get("prompt", "").split())
    state = query.get("state", "")
    return Asked(client, address, state, scopes, prompts, _fault(request, client, scopes, prompts))


def _fault(request: HttpRequest, client: ClientRecord, scopes: frozenset[str], prompts: frozenset[str]) -> str:
    """The error code of RFC 6749 (4.1.2.1) or OpenID Connect (3.1.2.6); "" where the request is good."""
    query = request.GET
    age = query.get("max_age", "0")
    checks = (
        ("request_not_supported", "request" not in query),
        ("request_uri_not_supported", "request_uri" not in query),
        ("unsupported_response_type", query.get("response_type") == "code"),
        ("invalid_scope", "openid" in scopes and scopes <= set(client.scopes)),
        ("invalid_request", all(len(query.getlist(name)) < 2 for name in ONCE)),
        ("invalid_request", query.get("response_mode", "query") == "query"),
        ("invalid_request", query.get("code_challenge_method") == "S256"),
        ("invalid_request", bool(signing_on.CHALLENGE.fullmatch(query.get("code_challenge", "")))),
        ("invalid_request", len(query.get("nonce", "")) <= _LONGEST and len(query.get("state", "")) <= 4 * _LONGEST),
        ("invalid_request", prompts <= PROMPTS and not ("none" in prompts and len(prompts) > 1)),
        ("invalid_request", age.isdecimal() and len(age) < 10),
    )
    return next((code for code, is_good in checks if not is_good), "")


def _not_known(request: HttpRequest, asked: Asked) -> HttpResponse | None:
    """Where to send somebody who has to show who they are, or to show it anew; None for whoever is known enough.

    Whether they did is told by `auth_time`, which the platform checks: nobody is asked twice for one request.
    """
    is_in = request.user.is_authenticated
    is_old = "max_age" in request.GET and is_in and time.time() - _proven_s(request) > int(request.GET["max_age"])
    wants_login = request.method != "POST" and ("login" in asked.prompts or is_old)
    if is_in and not wants_login:
        return None
    if "none" in asked.prompts:
        return asked.back(error="login_required")
    query = request.GET.copy()
    query.pop("max_age", None)
    query["prompt"] = " ".join(sorted(asked.prompts - {"login"}))
    again = f"{request.path}?{query.urlencode()}"
    if not is_in:
        return redirect_to_login(again)
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': again})}")


def _who_may_act(person: Person) -> Person:
    """The person with those subjects only for whom they may do something, not only look."""
    may = offices.mandates_of(person.account, person.as_of, "submit")
    subjects = tuple(one for one in person.subjects if one.id in may)
    return replace(person, subjects=subjects, subject=person.subject if person.subject in subjects else None)


def _is_let(held: PermissionRecord, asked: Asked, person: Person) -> bool:
    may_act = held.subject in {one.id for one in person.subjects} if person.subjects else not held.subject
    return asked.scopes <= held.asked and may_act and not asked.prompts & {"consent", "select_account"}


def _decided(request: HttpRequest, asked: Asked, person: Person, as_of: datetime) -> HttpResponse:
    sent = request.POST
    if sent.get("answer") != "let":
        return asked.back(error="access_denied")
    subject = sent.get("subject", "") if person.subjects else ""
    if person.subjects and subject not in {one.id for one in person.subjects}:
        return redirect(request.get_full_path())
    let = {scope for scope in asked.scopes if not presenter.is_asked_alone(scope) or scope in sent.getlist("let")}
    by = person.acting_for(subject, "submit") if subject else person.actor
    permitting.permit(client_id=asked.client.id, subject_id=subject, asked=asked.scopes, let=let, by=by, as_of=as_of)
    held = permitting.permission_to(asked.client.id, person.account)
    return _on(request, asked, cast(PermissionRecord, held), as_of)


def _on(request: HttpRequest, asked: Asked, held: PermissionRecord, as_of: datetime) -> HttpResponse:
    wanted = signing_on.Request(asked.redirect, request.GET.get("nonce", ""), request.GET["code_challenge"])
    code = signing_on.begin(permission=held, request=wanted, proven_s=_proven_s(request), as_of=as_of)
    return asked.back(code=code)


def _proven_s(request: HttpRequest) -> int:
    """When this session's holder last showed who they are, in seconds since 1970; 0 where that is not known."""
    return int(max((one["at"] for one in get_authentication_records(request, request.user)), default=0))
