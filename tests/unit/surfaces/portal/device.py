"""A device that holds passkeys, in software: what a phone would answer (WebAuthn level 2, ES256, "none")."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

PRESENT_AND_VERIFIED = 0x01 | 0x04
HOLDS_A_CREDENTIAL = 0x40


class Device:
    """One key. `origin` is the page that it believes to stand on."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin, self.host = origin, origin.partition("://")[2].partition(":")[0]
        self.key, self.id, self.counter, self.handle = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), 0, ""

    def register(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What it answers to `creation_options`."""
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        held = AttestedCredentialData.create(Aaguid(bytes(16)), self.id, ES256.from_cryptography_key(self._public()))
        data = AuthenticatorData.create(self._site(), PRESENT_AND_VERIFIED | HOLDS_A_CREDENTIAL, 0, held)
        client = self._client("webauthn.create", asked["challenge"])
        kept = AttestationObject.create("none", data, {})
        return self._answer({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(kept)})

    def answer(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """What it answers to `request_options`."""
        self.counter += 1
        data = AuthenticatorData.create(self._site(), PRESENT_AND_VERIFIED, self.counter)
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        signed = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        said = {"clientDataJSON": client, "authenticatorData": data, "signature": signed}
        return self._answer({name: websafe_encode(value) for name, value in said.items()} | {"userHandle": self.handle})

    def _public(self) -> ec.EllipticCurvePublicKey:
        return self.key.public_key()

    def _site(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _client(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        results = {"credProps": {"rk": True}}
        return {"id": name, "rawId": name, "type": "public-key", "response": response,
                "clientExtensionResults": results}  # fmt: skip
