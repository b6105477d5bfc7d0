"""Personal numbers at rest: encrypted to be shown to who may see them, and blindly indexed to be found again."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhida.domain.errors import InvariantBroken

_NONCE = 12


def seal(text: str, *, key: bytes, about: str) -> bytes:
    """AES-256-GCM (NIST SP 800-38D) over the text, bound to `about` (whose number this is); nonce first."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def unseal(sealed: bytes | memoryview, *, key: bytes, about: str) -> str:
    """The text that `seal` hid. Raises InvariantBroken where key, owner or bytes are not those it was sealed with."""
    blob = bytes(sealed)
    try:
        return AESGCM(key).decrypt(blob[:_NONCE], blob[_NONCE:], about.encode()).decode()
    except InvalidTag as caught:
        raise InvariantBroken("seal_broken", f"the sealed value of {about} does not open with this key") from caught


def blind_index(text: str, *, key: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) of the text in hexadecimal: equal texts find each other, the text stays hidden."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
