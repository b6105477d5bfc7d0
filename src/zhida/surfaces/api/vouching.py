"""What programs of other platforms ask once somebody logged in there through us: OpenID Connect Core and Discovery 1.0.

There is nothing here until a platform is on the list. No cookie counts, so that no page can ask in somebody's name.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_plus

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhida.domain.errors import AccessError
from zhida.kernel.ports import clock
from zhida.services.vouching import clients, signing_on
from zhida.services.vouching.claims import SCOPES, Holder
from zhida.services.vouching.clients import ClientRecord
from zhida.services.vouching.ports import voucher

ID_TOKEN_S = 300
CLAIMS = ("sub", "name", "locale", "acting", "acting_sub", "acting_name", "credit_code", "citizen_number", "auth_time")
View = Callable[..., HttpResponse]


def where_listed(view: View) -> View:
    """The view answers 404 until a platform is on the list."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not clients.clients():
            raise Http404
        return view(request)

    return answer


@require_safe
@where_listed
def configuration(request: HttpRequest) -> HttpResponse:
    """What we say of ourselves (OpenID Connect Discovery 1.0, section 3; RFC 8414)."""
    issuer = voucher().address
    places = {
        "authorization_endpoint": "portal:permit",
        "token_endpoint": "vouching_token",
        "jwks_uri": "vouching_keys",
        "userinfo_endpoint": "vouching_userinfo",
        "revocation_endpoint": "vouching_revoke",
    }
    about: dict[str, Any] = {name: f"{issuer}{reverse(route)}" for name, route in places.items()}
    return _told({
        "issuer": issuer,
        **about,
        "scopes_supported": list(SCOPES),
        "claims_supported": list(CLAIMS),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["zh-CN", "en"],
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }, keep_s=600)  # fmt: skip


@require_safe
@where_listed
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of ID tokens (RFC 7517)."""
    return _told(dict(voucher().key_set()), keep_s=600)


@csrf_exempt
@require_POST
@where_listed
def token(request: HttpRequest) -> HttpResponse:
    """A code for an ID token and a token to ask with (OpenID Connect, 3.1.3)."""
    client = _client(request)
    if client is None:
        return _refused("invalid_client", status=401)
    sent = request.POST
    if any(len(sent.getlist(name)) > 1 for name in sent):
        return _refused("invalid_request")
    if sent.get("grant_type") != "authorization_code":
        return _refused("unsupported_grant_type")
    as_of = clock().now()
    try:
        taken = signing_on.take(
            client_id=client.id, code=sent.get("code", ""), redirect=sent.get("redirect_uri", ""),
            verifier=sent.get("code_verifier", ""), as_of=as_of,
        )  # fmt: skip
        asking = signing_on.asking_with(taken.token, as_of=as_of)
    except AccessError:
        return _refused("invalid_grant")
    holder = _holder(taken.account)
    if holder is None:
        return _refused("invalid_grant")
    issued_s = int(time.time())
    said = {"iss": voucher().address, "aud": client.id, "iat": issued_s, "exp": issued_s + ID_TOKEN_S}
    told = {**asking.claims(holder, as_of), **said, "auth_time": taken.proven_s or None, "nonce": taken.nonce or None}
    signed = voucher().sign({name: value for name, value in told.items() if value is not None})
    return _told({"access_token": taken.token, "token_type": "Bearer", "expires_in": signing_on.TOKEN_S,
                  "scope": " ".join(taken.scopes), "id_token": signed})  # fmt: skip


@csrf_exempt
@require_http_methods(["GET", "POST"])
@where_listed
def userinfo(request: HttpRequest) -> HttpResponse:
    """The claims as they are now, for whoever has the token (OpenID Connect, 5.3; RFC 6750)."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    as_of = clock().now()
    try:
        asking = signing_on.asking_with(given if kind.lower() == "bearer" else "", as_of=as_of)
    except AccessError:
        return _refused("invalid_token", status=401, scheme="Bearer")
    holder = _holder(asking.account)
    if holder is None:
        return _refused("invalid_token", status=401, scheme="Bearer")
    return _told(asking.claims(holder, as_of))


@csrf_exempt
@require_POST
@where_listed
def revoke(request: HttpRequest) -> HttpResponse:
    """Ends a log-in by its token (RFC 7009); what nobody holds is ended already."""
    client = _client(request)
    if client is None:
        return _refused("invalid_client", status=401)
    signing_on.end(client_id=client.id, token=request.POST.get("token", ""), as_of=clock().now())
    return _told({})


def _client(request: HttpRequest) -> ClientRecord | None:
    """Who asks, by HTTP Basic or in the body, never both (RFC 6749, 2.3)."""
    sent, header = request.POST, request.headers.get("Authorization", "")
    if not header:
        return clients.proves_itself(sent.get("client_id", ""), sent.get("client_secret", ""))
    kind, _, given = header.partition(" ")
    try:
        name, _, secret = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if (
        kind.lower() != "basic"
        or "client_secret" in sent
        or sent.get("client_id", unquote_plus(name)) != unquote_plus(name)
    ):
        return None
    return clients.proves_itself(unquote_plus(name), unquote_plus(secret))


def _holder(account: str) -> Holder | None:
    found: Any = get_user_model().objects.filter(pk=account, is_active=True).first()
    return Holder(found.pk, found.get_full_name(), found.locale) if found else None


def _told(about: dict[str, Any], *, keep_s: int = 0) -> HttpResponse:
    headers = {"Cache-Control": f"public, max-age={keep_s}" if keep_s else "no-store"}
    return JsonResponse(about, headers=headers, json_dumps_params={"ensure_ascii": False})


def _refused(code: str, *, status: int = 400, scheme: str = "Basic") -> HttpResponse:
    answer = JsonResponse({"error": code}, status=status, headers={"Cache-Control": "no-store"})
    if status == 401:
        answer["WWW-Authenticate"] = f'{scheme} realm="zhida", error="{code}"'
    return answer
