"""Office files that are archives (APPNOTE 6.3, ECMA-376, GB/T 33190): their directory read, each part within a limit.

Nothing is unpacked but markup, to look for what acts; the archive itself is kept as it is, so that seals hold.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.uploads.refusals import active, damaged, locked, not_its_kind

_DIRECTORY_END, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_TAIL = 22 + 65_535
_MOST_PARTS, _MOST_WHOLE, _MOST_RATIO, _SMALL = 4_096, 128_000_000, 200, 1_000_000
_MOST_TABLE, _MOST_PART = 4_000_000_000, 16_000_000
_FIRST_PARTS = {"xlsx": b"xl/workbook.xml", "ofd": b"OFD.xml"}
_ACTS = re.compile(
    rb"vbaproject|vbadata|macrosheets|activex|oleobject|embeddings/|\.(?:exe|dll|js|vbs|bat|cmd|lnk)$", re.I
)
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_DDE = re.compile(rb"ddeLink|macroEnabled", re.I)
_MARKUP = (b".xml", b".rels")
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True)
class _Part:
    name: bytes
    flags: int
    method: int
    packed: int
    whole: int
    at: int


def safe_archive(ending: str, body: bytes) -> bytes:
    """The same archive. Raises ApplicantError `paper_not_its_kind` where it is another kind of archive,
    `paper_damaged` for a bomb (many, overlapping or endless parts) and a broken one, `paper_locked` for an encrypted
    one, `paper_active` for macros, programs, carried objects, entities and links that run programs."""
    _check(ending, body, _MOST_WHOLE, _MOST_WHOLE)
    return body


def check_table(name: str, body: bytes) -> None:
    """Whether a workbook may be read: a register's is large, and only its small parts are looked through.

    Raises ConflictError `broken_table` as `safe_archive` refuses.
    """
    try:
        _check("xlsx", body, _MOST_TABLE, _MOST_PART)
    except ApplicantError as refused:
        words = f"{name} is no workbook that can be read safely: {refused.en}"
        raise ConflictError("broken_table", words, "save it anew as XLSX without macros, or as CSV") from refused


def _check(ending: str, body: bytes, most_whole: int, most_part: int) -> None:
    parts = list(_parts(body))
    _check_sizes(parts, most_whole)
    if any(part.flags & 1 for part in parts):
        raise locked()
    if _FIRST_PARTS[ending] not in {part.name for part in parts}:
        raise not_its_kind(ending)
    if any(_ACTS.search(part.name) or _leads_out(part.name) for part in parts):
        raise active()
    for part in parts:
        if part.name.lower().endswith(_MARKUP) and part.whole <= most_part and _acts(_markup(body, part)):
            raise active()


def _parts(body: bytes) -> Iterator[_Part]:
    """What the directory names, in its order."""
    end = body.rfind(_DIRECTORY_END, max(0, len(body) - _TAIL))
    if end < 0 or len(body) < end + 22:
        raise damaged()
    count, _, at = struct.unpack_from("<HII", body, end + 10)
    if count > _MOST_PARTS:
        raise damaged()
    for _ in range(count):
        if body[at : at + 4] != _ENTRY or len(body) < at + 46:
            raise damaged()
        flags, method, packed, whole, name, extra, note = struct.unpack_from("<HH8xIIHHH", body, at + 8)
        yield _Part(
            body[at + 46 : at + 46 + name], flags, method, packed, whole, *struct.unpack_from("<I", body, at + 42)
        )
        at += 46 + name + extra + note


def _check_sizes(parts: list[_Part], most: int) -> None:
    whole, packed = sum(part.whole for part in parts), sum(part.packed for part in parts)
    ordered = sorted(parts, key=lambda part: part.at)
    overlap = any(one.at + 30 + one.packed > two.at for one, two in pairwise(ordered))
    if overlap or whole > most or (whole > _SMALL and whole > _MOST_RATIO * packed):
        raise damaged()


def _leads_out(name: bytes) -> bool:
    return name.startswith((b"/", b"\\")) or b".." in re.split(rb"[/\\]", name) or b":" in name or b"\x00" in name


def _markup(body: bytes, part: _Part) -> bytes:
    """A part unpacked, to no more than it says."""
    if body[part.at : part.at + 4] != _LOCAL or part.method not in (_STORED, _DEFLATED):
        raise damaged()
    name, extra = struct.unpack_from("<HH", body, part.at + 26)
    start = part.at + 30 + name + extra
    packed = body[start : start + part.packed]
    if part.method == _STORED:
        return packed
    try:
        text = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, part.whole + 1)
    except zlib.error as error:
        raise damaged() from error
    if len(text) > part.whole:
        raise damaged()
    return text


def _acts(markup: bytes) -> bool:
    """Whether markup declares entities or links to a program; UTF-16 is read as its narrow signs."""
    narrow = markup.replace(b"\x00", b"") if b"\x00" in markup else markup
    return bool(_ENTITIES.search(narrow) or _DDE.search(narrow))
