"""A relying party of OpenID Connect Core 1.0 (section 3.1) with PKCE (RFC 7636); replies name their issuer (RFC 9207).

One answer is taken once: state, nonce and verifier are made for one journey and kept by the browser's session. The ID
token is believed only under the issuer's own keys, for this client, with this journey's nonce.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from zhida.adapters.identity.settings import Trusted
from zhida.domain.errors import AccessError, RetryableOutside
from zhida.services.identities.ports import Departure, Proven, Provider

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
LEEWAY_S = 60
_LARGEST_REPLY = 1 << 18
_KEPT_S = 600


class OidcIdentities:
    """An IdentityPort. What an issuer says of itself is kept for ten minutes; its keys are asked anew where a token
    names one that nobody has seen. Calls wait `timeout_s` at most and follow no redirect."""

    def __init__(
        self,
        trusted: Sequence[Trusted],
        *,
        timeout_s: float = 5.0,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._trusted = {one.provider.name: one for one in trusted}
        self._client = httpx.Client(timeout=timeout_s, transport=transport, trust_env=False, follow_redirects=False)
        self._clock = clock
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def providers(self) -> tuple[Provider, ...]:
        """All of them, in the file's order."""
        return tuple(one.provider for one in self._trusted.values())

    def depart(self, provider: str, *, back: str, again: bool) -> Departure:
        """The authorization request (section 3.1.2.1); `again` asks for `prompt=login` and when that was."""
        trusted = self._of(provider)
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")} | {"back": back}
        digest = hashlib.sha256(kept["verifier"].encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": trusted.client_id,
            "redirect_uri": back,
            "scope": trusted.scope,
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if again:
            asked |= {"prompt": "login", "max_age": "0"}
        address = str(self._about(trusted)["authorization_endpoint"])
        return Departure(f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", kept)

    def arrive(self, provider: str, *, kept: Mapping[str, str], answer: Mapping[str, str]) -> Proven:
        """The token request and its ID token, validated as section 3.1.3.7 says."""
        trusted = self._of(provider)
        if not hmac.compare_digest(answer.get("state", "").encode(), kept.get("state", "-").encode()):
            raise _not_proven("the answer belongs to another journey")
        if "error" in answer or not answer.get("code"):
            raise _not_proven(f"the service said {answer.get('error', 'nothing')[:40]}")
        about = self._about(trusted)
        if answer.get("iss", about["issuer"]) != about["issuer"]:
            raise _not_proven("the answer is another issuer's")
        sent = {"grant_type": "authorization_code", "code": answer["code"], "redirect_uri": kept["back"]}
        sent["code_verifier"] = kept["verifier"]
        if not trusted.client_secret:
            sent["client_id"] = trusted.client_id
        login = httpx.BasicAuth(trusted.client_id, trusted.client_secret) if trusted.client_secret else httpx.Auth()
        reply = self._ask(lambda: self._client.post(str(about["token_endpoint"]), data=sent, auth=login))
        claims = self._claims(trusted, about, reply.get("id_token"), kept["nonce"])
        said = {name: str(claims.get(claim) or "") for name, claim in trusted.claims.items()}
        shown = claims.get("auth_time")
        return Proven(trusted.issuer, str(claims["sub"]), proven_at=shown if isinstance(shown, int) else None, **said)

    def _claims(self, trusted: Trusted, about: dict[str, Any], token: object, nonce: str) -> dict[str, Any]:
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": str(about["issuer"])},
            aud={"essential": True, "value": trusted.client_id},
            sub={"essential": True, "allow_blank": False},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = self._decode(str(token or ""), str(about["jwks_uri"])).claims
            rules.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _not_proven(f"the token is not good: {type(error).__name__}") from error
        if claims.get("azp", trusted.client_id) != trusted.client_id:
            raise _not_proven("the token is for another client")
        return claims

    def _decode(self, token: str, address: str) -> jwt.Token:
        """Tried once more with fresh keys, since an issuer may have changed them a moment ago."""
        try:
            return jwt.decode(token, self._keys(address), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            self._kept.pop(address, None)
            return jwt.decode(token, self._keys(address), algorithms=ALGORITHMS)

    def _keys(self, address: str) -> KeySet:
        return KeySet.import_key_set(cast(Any, self._get(address)))

    def _about(self, trusted: Trusted) -> dict[str, Any]:
        """What the issuer says of itself (OpenID Connect Discovery 1.0); it has to say that it is the one asked."""
        about = self._get(f"{trusted.issuer}/.well-known/openid-configuration")
        needed = {"authorization_endpoint", "token_endpoint", "jwks_uri"}
        if str(about.get("issuer", "")).rstrip("/") != trusted.issuer or not needed <= set(about):
            raise _not_proven("the service says that it is another")
        return about

    def _get(self, address: str) -> dict[str, Any]:
        until, known = self._kept.get(address, (0.0, {}))
        if self._clock() < until:
            return known
        found = self._ask(lambda: self._client.get(address))
        self._kept[address] = (self._clock() + _KEPT_S, found)
        return found

    def _ask(self, call: Callable[[], httpx.Response]) -> dict[str, Any]:
        try:
            reply = call()
            found = json.loads(reply.content[:_LARGEST_REPLY])
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise RetryableOutside("no_identity_service", type(error).__name__, "try again, or log in here") from error
        if reply.status_code >= 500:
            raise RetryableOutside("no_identity_service", f"status {reply.status_code}", "try again, or log in here")
        if reply.status_code != 200 or not isinstance(found, dict):
            raise _not_proven(f"the service refused, status {reply.status_code}")
        return found

    def _of(self, provider: str) -> Trusted:
        if provider not in self._trusted:
            words = f"nobody has set an identity service {provider[:30]!r}"
            raise AccessError("identity_unknown", words, "the operator names services in ZHIDA_IDENTITY")
        return self._trusted[provider]


def _not_proven(words: str) -> AccessError:
    return AccessError("identity_not_proven", words, "begin again at the log-in page")
