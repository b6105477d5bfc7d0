"""The identity services that an installation trusts, from a YAML file that its operator writes.

province:
  titles: {zh: 省统一身份认证, en: Provincial identity}
  issuer: https://id.example.gov.cn
  client_id: zhida
  client_secret_file: /etc/zhida/province.secret   # none for a public client
  scope: openid profile
  claims: {citizen_number: id_number, credit_code: uscc, name: name}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from zhida.domain.errors import InvariantBroken
from zhida.services.identities.ports import Provider

CLAIMS = frozenset({"citizen_number", "credit_code", "name"})
KNOWN = frozenset({"titles", "issuer", "client_id", "client_secret_file", "scope", "claims"})


@dataclass(frozen=True)
class Trusted:
    """One identity service, and which of its claims says what."""

    provider: Provider
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    scope: str = "openid"
    claims: Mapping[str, str] = field(default_factory=dict)


def read_providers(path: Path) -> tuple[Trusted, ...]:
    """The services of a file, in its order; none where there is no file.

    Raises InvariantBroken `malformed_identity` for what is no service: a word nobody knows, no https (a service on this
    machine aside), no client id.
    """
    if not path.is_file():
        return ()
    try:
        entries = YAML(typ="safe", pure=True).load(path) or {}
    except YAMLError as error:
        raise _malformed(path, "is not YAML") from error
    if not isinstance(entries, dict):
        raise _malformed(path, "names no service")
    return tuple(_trusted(str(name), entry, path) for name, entry in entries.items())


def _trusted(name: str, entry: Any, path: Path) -> Trusted:
    if not isinstance(entry, dict) or not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", name):
        raise _malformed(path, f"{name}: a name of small letters, and below it the service")
    titles, claims = entry.get("titles", {}), entry.get("claims", {})
    if set(entry) - KNOWN or not isinstance(claims, dict) or set(claims) - CLAIMS:
        raise _malformed(
            path, f"{name}: known are {', '.join(sorted(KNOWN))}, and of claims {', '.join(sorted(CLAIMS))}"
        )
    issuer, client_id = str(entry.get("issuer", "")), str(entry.get("client_id", ""))
    is_here = issuer.startswith(("http://127.0.0.1:", "http://localhost:"))
    if not (issuer.startswith("https://") or is_here) or not client_id or not isinstance(titles, dict):
        raise _malformed(path, f"{name}: it needs an https issuer, a client_id and titles")
    secret = entry.get("client_secret_file")
    words = {str(key): str(value) for key, value in titles.items()}
    return Trusted(
        Provider(name, words or {"zh": name}),
        issuer.rstrip("/"),
        client_id,
        Path(str(secret)).read_text("utf-8").strip() if secret else "",
        str(entry.get("scope", "openid")),
        {str(key): str(value) for key, value in claims.items()},
    )


def _malformed(path: Path, words: str) -> InvariantBroken:
    return InvariantBroken("malformed_identity", f"{path.name}: {words}", "the operator mends the file")
