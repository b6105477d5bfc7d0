"""A JPEG (ITU-T T.81) read marker by marker: what shows it is kept, what tells on its maker or hides in it is not."""

from __future__ import annotations

import re

from zhida.domain.uploads.refusals import MOST_PIXELS, damaged, too_many_pixels

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_NOTES = range(0xE0, 0xF0)
_EXIF = b"Exif\x00\x00"
_KEPT_NOTES = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
_NEXT = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_UPRIGHT = 1
_ORIENTATION = 0x0112


def safe_jpeg(body: bytes) -> bytes:
    """The same picture, the same way up: without place, device, thumbnails and words, and without what follows its end.

    Raises ApplicantError `paper_damaged` where it is cut off, `picture_too_large` beyond MOST_PIXELS.
    """
    kept, at, turned, is_framed, is_scanned = [b"\xff\xd8"], 2, _UPRIGHT, False, False
    while True:
        at, marker = _marker(body, at)
        if marker == _END:
            break
        segment = _segment(body, at)
        at += len(segment)
        if marker in _FRAMES:
            is_framed = _check_frame(segment)
        if marker in _NOTES and segment[2:].startswith(_EXIF):
            turned = _orientation(segment[8:]) or turned
        if marker == _COMMENT or (marker in _NOTES and not _is_kept(marker, segment)):
            continue
        kept.append(bytes((0xFF, marker)) + segment)
        if marker == _SCAN:
            is_scanned, end = True, _scan_end(body, at)
            kept.append(body[at:end])
            at = end
    if not (is_framed and is_scanned):
        raise damaged()
    return b"".join([*_turned(kept, turned), b"\xff\xd9"])


def _marker(body: bytes, at: int) -> tuple[int, int]:
    """The place after the next marker, and the marker; fill bytes (B.1.1.2) stand before it."""
    found = at
    while body[found : found + 1] == b"\xff":
        found += 1
    if found == at or found >= len(body) or body[found] in (0x00, _START):
        raise damaged()
    return found + 1, body[found]


def _segment(body: bytes, at: int) -> bytes:
    length = int.from_bytes(body[at : at + 2])
    if length < 2 or at + length > len(body):
        raise damaged()
    return body[at : at + length]


def _check_frame(segment: bytes) -> bool:
    if len(segment) < 8:
        raise damaged()
    if int.from_bytes(segment[3:5]) * int.from_bytes(segment[5:7]) > MOST_PIXELS:
        raise too_many_pixels()
    return True


def _is_kept(marker: int, segment: bytes) -> bool:
    beginning = _KEPT_NOTES.get(marker)
    return beginning is not None and segment[2:].startswith(beginning)


def _scan_end(body: bytes, at: int) -> int:
    found = _NEXT.search(body, at)
    if found is None:
        raise damaged()
    return found.start()


def _turned(kept: list[bytes], turned: int) -> list[bytes]:
    """With a note of its own that says which way up, where it is another than upright (TIFF 6, tag 274)."""
    if turned == _UPRIGHT:
        return kept
    entry = b"MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + bytes((turned,)) + b"\x00" * 6
    note = _EXIF + entry
    place = 2 if len(kept) > 1 and kept[1].startswith(b"\xff\xe0") else 1
    return [*kept[:place], b"\xff\xe1" + (len(note) + 2).to_bytes(2) + note, *kept[place:]]


def _orientation(tiff: bytes) -> int:
    """1 to 8, as the first directory of a TIFF header says; 0 where it says none."""
    if tiff[:2] not in (b"MM", b"II"):
        return 0
    is_big = tiff.startswith(b"MM")

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], "big" if is_big else "little")

    start = number(4, 4)
    for entry in range(start + 2, start + 2 + 12 * min(number(start, 2), 100), 12):
        if number(entry, 2) == _ORIENTATION:
            found = number(entry + 8, 2)
            return found if 1 <= found <= 8 else 0
    return 0
