"""Texts that our own database keeps and nobody else is to read: AES-256-GCM under keys of the installation's secret."""

from __future__ import annotations

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

_NONCE = 12


def seal(text: str, purpose: str) -> str:
    """The text as Base64 that only this installation opens, and only for the same purpose."""
    nonce = os.urandom(_NONCE)
    return urlsafe_b64encode(nonce + _key(purpose, settings.SECRET_KEY).encrypt(nonce, text.encode(), None)).decode()


def unseal(sealed: str, purpose: str) -> str | None:
    """The text again; None for what another key or purpose sealed, or nobody did."""
    try:
        raw = urlsafe_b64decode(sealed)
        return _key(purpose, settings.SECRET_KEY).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (InvalidTag, ValueError):
        return None


@cache
def _key(purpose: str, secret: str) -> AESGCM:
    return AESGCM(salted_hmac(f"zhida.{purpose}", "key", secret=secret, algorithm="sha256").digest())
