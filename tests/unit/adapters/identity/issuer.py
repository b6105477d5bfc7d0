"""An identity service in memory: discovery, keys, codes that are taken once, and ID tokens that can be spoilt."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "https://id.example.org"
CLIENT, SECRET = "zhida", "between us"


class Issuer:
    """`claims` are said of whoever logs in; `spoil` changes an ID token's claims, `key` what signs it."""

    def __init__(self, **claims: Any) -> None:
        self.published = ECKey.generate_key("P-256", {"kid": "one", "use": "sig", "alg": "ES256"})
        self.key, self.header = self.published, {"alg": "ES256", "kid": "one"}
        self.claims: dict[str, Any] = {"sub": "person-1", **claims}
        self.spoil: dict[str, Any] = {}
        self.about: dict[str, Any] = {}
        self.codes: dict[str, Mapping[str, str]] = {}
        self.is_down = False
        self.asked: list[str] = []
        self.named = ""
        self.transport = httpx.MockTransport(self._answer)

    def log_in(self, address: str) -> dict[str, str]:
        """What the browser brings back once somebody has shown who they are at the authorization address."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        if self.is_down:
            raise httpx.ConnectError("down", request=request)
        if request.url.path.endswith("/openid-configuration"):
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            told = {"issuer": ISSUER, **{name: f"{ISSUER}/{path}" for name, path in places.items()}}
            return httpx.Response(200, json=told | self.about)
        if request.url.path == "/keys":
            return httpx.Response(200, json=KeySet([self.published]).as_dict(private=False))
        return self._token(request)

    def _token(self, request: httpx.Request) -> httpx.Response:
        sent = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.named = sent.get("client_id", "")
        asked = self.codes.pop(sent.get("code", ""), None)
        login = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        verified = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            asked is None
            or request.headers.get("Authorization") != f"Basic {login}"
            or sent["redirect_uri"] != asked["redirect_uri"]
            or verified.decode() != asked["code_challenge"]
        ):
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(time.time())
        said = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        if asked.get("prompt") == "login":
            said["auth_time"] = now
        claims = {name: value for name, value in (said | self.claims | self.spoil).items() if value is not None}
        token = jwt.encode(self.header, claims, self.key, algorithms=["ES256", "HS256", "none"])
        return httpx.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": token})
