"""A PNG (ISO/IEC 15948) read chunk by chunk: what shows it is kept, words, places and strangers are not."""

from __future__ import annotations

import zlib

from zhida.domain.uploads.refusals import MOST_PIXELS, damaged, too_many_pixels

_BEGINNING = b"\x89PNG\r\n\x1a\n"
_NEEDED = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_KEPT = _NEEDED | {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs", b"bKGD"}
_MOST_CHUNKS = 200_000


def safe_png(body: bytes) -> bytes:
    """The same picture without words, place and packed profiles, and without what follows its end.

    Raises ApplicantError `paper_damaged` where it is cut off or a check sum is wrong, `picture_too_large` beyond
    MOST_PIXELS.
    """
    kept, at = [_BEGINNING], len(_BEGINNING)
    kinds: list[bytes] = []
    while not kinds or kinds[-1] != b"IEND":
        length, kind = int.from_bytes(body[at : at + 4]), body[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(body) or len(kinds) > _MOST_CHUNKS or (not kinds) != (kind == b"IHDR"):
            raise damaged()
        if zlib.crc32(body[at + 4 : end - 4]) != int.from_bytes(body[end - 4 : end]):
            raise damaged()
        if kind == b"IHDR":
            _check_size(body[at + 8 : end - 4])
        if kind in _KEPT:
            kept.append(body[at:end])
        elif not kind[0] & 0x20:
            raise damaged()
        kinds.append(kind)
        at = end
    if b"IDAT" not in kinds:
        raise damaged()
    return b"".join(kept)


def _check_size(header: bytes) -> None:
    if len(header) != 13:
        raise damaged()
    if int.from_bytes(header[:4]) * int.from_bytes(header[4:8]) > MOST_PIXELS:
        raise too_many_pixels()
