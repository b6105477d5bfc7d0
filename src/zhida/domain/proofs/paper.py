"""A receipt in one code on paper: its file packed with zlib and written in base45 (RFC 9285), the signs that a QR code
holds most of. Whoever reads the code has the whole receipt, without a network.
"""

from __future__ import annotations

import zlib

from zhida.domain.errors import InvariantBroken

PREFIX = "ZHIDA1:"
"""Before every such text: it says how the rest is written."""

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_LARGEST = 1 << 20


def code_of(receipt: bytes) -> str:
    """The text of the code that carries a receipt's file. It never ends in a space, which some scanners drop: no group
    of base45 does.
    """
    return PREFIX + _base45(zlib.compress(receipt, zlib.Z_BEST_COMPRESSION))


def receipt_of(code: str) -> bytes:
    """The file that a code carries. Raises InvariantBroken `malformed_code` where it carries none of at most 1 MiB."""
    text = code.strip("\r\n")
    try:
        if not text.startswith(PREFIX):
            raise ValueError(text[:8])
        packed = _from_base45(text[len(PREFIX) :])
        unpacking = zlib.decompressobj()
        receipt = unpacking.decompress(packed, _LARGEST)
        if not unpacking.eof or unpacking.unused_data:
            raise ValueError("too long, cut off, or followed by something")
    except (ValueError, OverflowError, zlib.error) as error:
        raise InvariantBroken("malformed_code", "this is not the text of a receipt's code") from error
    return receipt


def _base45(data: bytes) -> str:
    text = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        number = int.from_bytes(pair, "big")
        text += [_SIGNS[number // 45**place % 45] for place in range(len(pair) + 1)]
    return "".join(text)


def _from_base45(text: str) -> bytes:
    digits = [_SIGNS.index(sign) for sign in text]
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    if parts and len(parts[-1]) == 1:
        raise ValueError("a sign alone stands for nothing")
    return b"".join(sum(n * 45**place for place, n in enumerate(part)).to_bytes(len(part) - 1, "big") for part in parts)
