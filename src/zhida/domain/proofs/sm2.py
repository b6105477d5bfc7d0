"""SM2 signatures over SM3 (GB/T 32918.2, GB/T 32905) in plain integers, for logs that must speak with GM algorithms.

Verifying handles nothing secret. Signing here is not constant in time: a key that others share a machine with belongs
into a hardware module behind the same port.
"""

from __future__ import annotations

import hashlib
import hmac
from itertools import count

from cryptography.hazmat.primitives import hashes

PUBLIC_SIZE = SIGNATURE_SIZE = 64
"""Bytes of a public key (x, then y) and of a signature (r, then s)."""

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
_GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
_IDENTITY = b"1234567812345678"
_Point = tuple[int, int, int]
"""x / z², y / z³ and z; the point at infinity is where z is 0."""


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def public_of(seed: bytes) -> bytes:
    """The public key of a 32-byte seed."""
    x, y = _affine(_times(_secret(seed), (_GX, _GY, 1)))
    return _bytes(x) + _bytes(y)


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature; its nonce is drawn from seed and message, so that the same message always gives the same bytes."""
    secret, digest = _secret(seed), message_digest(public_of(seed), message)
    drawn = (hmac.new(seed, number.to_bytes(4, "big") + digest, hashlib.sha512).digest() for number in count())
    tried = (sign_digest(digest, secret, int.from_bytes(each, "big") % (_N - 1) + 1) for each in drawn)
    return next(signature for signature in tried if signature is not None)


def sign_digest(digest: bytes, secret: int, nonce: int) -> bytes | None:
    """GB/T 32918.2 section 6.1 with this nonce; None where the standard asks for another one."""
    x, _ = _affine(_times(nonce, (_GX, _GY, 1)))
    r = (int.from_bytes(digest, "big") + x) % _N
    s = pow(1 + secret, -1, _N) * (nonce - r * secret) % _N
    return _bytes(r) + _bytes(s) if r and s and r + nonce != _N else None


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature holds (GB/T 32918.2 section 7.1); False for every malformed key or signature."""
    return verify_digest(public, signature, message_digest(public, message))


def verify_digest(public: bytes, signature: bytes, digest: bytes) -> bool:
    """As `verify`, over what `message_digest` gave."""
    if len(public) != PUBLIC_SIZE or len(signature) != SIGNATURE_SIZE:
        return False
    x, y = _halves(public)
    r, s = _halves(signature)
    t = (r + s) % _N
    if max(x, y) >= _P or (y * y - x * x * x - _A * x - _B) % _P or min(r, s, t) == 0 or s >= _N:
        return False
    # An r beyond the order needs no question: the remainder below equals none.
    found = _add(_times(s, (_GX, _GY, 1)), _times(t, (x, y, 1)))
    return found[2] != 0 and (int.from_bytes(digest, "big") + _affine(found)[0]) % _N == r


def message_digest(public: bytes, message: bytes) -> bytes:
    """What is signed: SM3 over the signer's identity and key, then the message (GB/T 32918.2 section 5.5)."""
    parameters = b"".join(_bytes(value) for value in (_A, _B, _GX, _GY))
    identity = (8 * len(_IDENTITY)).to_bytes(2, "big") + _IDENTITY
    return sm3(sm3(identity + parameters + public) + message)


def _secret(seed: bytes) -> int:
    return int.from_bytes(seed, "big") % (_N - 2) + 1


def _halves(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[:32], "big"), int.from_bytes(data[32:], "big")


def _bytes(value: int) -> bytes:
    return value.to_bytes(32, "big")


def _times(factor: int, point: _Point) -> _Point:
    """The point so many times, which is at least once."""
    product = point
    for bit in bin(factor)[3:]:
        product = _double(product)
        product = _add(product, point) if bit == "1" else product
    return product


def _double(point: _Point) -> _Point:
    x, y, z = point
    square = y * y % _P
    middle = 4 * x * square % _P
    slope = 3 * (x - z * z) * (x + z * z) % _P
    new_x = (slope * slope - 2 * middle) % _P
    return new_x, (slope * (middle - new_x) - 8 * square * square) % _P, 2 * y * z % _P


def _add(left: _Point, right: _Point) -> _Point:
    """Of points neither of which is at infinity."""
    (x1, y1, z1), (x2, y2, z2) = left, right
    u1, u2 = x1 * z2 * z2 % _P, x2 * z1 * z1 % _P
    s1, s2 = y1 * z2**3 % _P, y2 * z1**3 % _P
    if u1 == u2 and s1 == s2:
        return _double(left)
    h, r = u2 - u1, s2 - s1
    h2 = h * h % _P
    h3, v = h * h2 % _P, u1 * h2 % _P
    x = (r * r - h3 - 2 * v) % _P
    return x, (r * (v - x) - s1 * h3) % _P, h * z1 * z2 % _P


def _affine(point: _Point) -> tuple[int, int]:
    x, y, z = point
    inverse = pow(z, -1, _P)
    return x * inverse * inverse % _P, y * inverse**3 % _P
