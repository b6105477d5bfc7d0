"""Files made in memory: sound ones, and the same with something hidden in them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

GPS = b"31.2304N 121.4737E"


def segment(marker: int, told: bytes) -> bytes:
    """A marker segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(told) + 2).to_bytes(2) + told


def exif(turned: int = 6) -> bytes:
    """Notes of a camera: which way up, and the place."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, turned, 0)
    return b"Exif\x00\x00MM\x00\x2a" + struct.pack(">IH", 8, 1) + entry + b"\x00" * 4 + GPS


def jpeg(*notes: bytes, width: int = 8, height: int = 8, after: bytes = b"") -> bytes:
    """A photograph of one block, with segments after its first."""
    frame = segment(0xC0, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00")
    tables = segment(0xDB, b"\x00" + b"\x01" * 64) + segment(0xC4, b"\x00" + b"\x00" * 15 + b"\x01\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x2a\xff\x00\x15"
    start = b"\xff\xd8" + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    return start + b"".join(notes) + tables + frame + scan + b"\xff\xd9" + after


def chunk(kind: bytes, told: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(told).to_bytes(4) + kind + told + zlib.crc32(kind + told).to_bytes(4)


def png(*more: bytes, width: int = 1, height: int = 1, after: bytes = b"") -> bytes:
    """A picture of one grey point, with chunks after its first, whatever size it says."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x7f"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + data + chunk(b"IEND", b"") + after


def pdf(catalog: bytes = b"", *objects: bytes, trailer: bytes = b"", after: bytes = b"") -> bytes:
    """A document of one empty page, with more in its catalogue and more objects (from number 4)."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        *objects,
    ]
    held, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(held))
        held += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(held), len(bodies) + 1
    held += b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R %s >>\n" % (size, table, size, trailer)
    return held + b"startxref\n%d\n%%%%EOF\n" % start + after


def packed_objects(told: bytes, *, kind: bytes = b"/ObjStm", filtered: bytes = b"/FlateDecode") -> bytes:
    """An object stream that holds objects packed."""
    body = zlib.compress(told)
    return b"<< /Type %s /N 1 /First 4 /Filter %s /Length %d >>\nstream\n%s\nendstream" % (
        kind, filtered, len(body), body,
    )  # fmt: skip


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """An archive of parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def overlapping(copies: int) -> bytes:
    """An archive whose directory names the same packed bytes again and again (a bomb without layers)."""
    name, told = b"word/document.xml", b"<a>" * 300_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(told) + packer.flush()
    sizes = struct.pack("<III", zlib.crc32(told), len(packed), len(told))
    held = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0) + name
    held += packed
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    entry += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    start = len(held)
    held += entry * copies
    return held + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, copies, copies, len(entry) * copies, start, 0)
