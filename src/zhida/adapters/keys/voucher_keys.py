"""The keys that sign log-ins for other platforms, in a file: RSA of 2048 bits, as every client of OpenID Connect reads.

OpenID Connect Core 1.0, section 15.1, asks RS256 of every issuer. The file holds the key in use first, and those
before it whose signatures may still be met.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
_BITS = 2048
_PUBLISHED = 3


class FileVoucherKeys:
    """A VouchingPort over a folder: `voucher.json` (a JWK set with private halves, mode 0600).

    The first use makes the key; two processes that start at once end with the same one. A key's id is its RFC 7638
    thumbprint. Old private halves are forgotten at rotation, public ones stay for the last three.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address.rstrip("/")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self.folder / "voucher.json"

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The claims as a JWT under the key in use."""
        held = self._keys()[0]
        key = RSAKey.import_key(held)
        header = {"alg": ALGORITHM, "kid": held["kid"], "typ": "JWT"}
        return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHM])

    def key_set(self) -> Mapping[str, Any]:
        """The public halves."""
        return {"keys": [_public(held) for held in self._keys()]}

    def rotate(self) -> str:
        """Puts a fresh key first; its id."""
        fresh = _fresh()
        kept = [_public(held) for held in self._keys()][: _PUBLISHED - 1]
        self._draft([fresh, *kept]).replace(self._path)
        return str(fresh["kid"])

    def _keys(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            draft = self._draft([_fresh()])
            with contextlib.suppress(FileExistsError):
                os.link(draft, self._path)
            draft.unlink()
        keys: list[dict[str, Any]] = json.loads(self._path.read_text("ascii"))["keys"]
        return keys

    def _draft(self, keys: list[dict[str, Any]]) -> Path:
        draft = self.folder / f"voucher.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"keys": keys}), "ascii")
        return draft


def _fresh() -> dict[str, Any]:
    key = RSAKey.generate_key(_BITS, auto_kid=True)
    return {**key.as_dict(private=True), "use": "sig", "alg": ALGORITHM, "kid": key.thumbprint()}


def _public(held: Mapping[str, Any]) -> dict[str, Any]:
    return {name: held[name] for name in ("kty", "n", "e", "use", "alg", "kid")}
