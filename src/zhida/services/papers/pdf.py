"""Pages of A4 as PDF 1.7 (ISO 32000-1): lines of text, filled squares, and perhaps one attached file.

Chinese is set in Adobe's Song face by its name alone (9.7.5.2: a predefined CMap); every reader has one for it, and no
font is carried. The same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

WIDTH, HEIGHT = 595, 842
_MARGIN = 56
_WIDE_FROM = 0x2E80
"""From here on a sign is as wide as it is high; before it, half as wide."""


class Line(NamedTuple):
    """A line of text at a place measured in points from the left and from the top, in a size in points."""

    left: float
    top: float
    size: float
    text: str


class Squares(NamedTuple):
    """A matrix drawn dark where it is true: its upper left corner, and the side of one square."""

    left: float
    top: float
    side: float
    rows: Sequence[Sequence[int]]


def page(drawn: Iterable[Line | Squares], *, name: str, attached: bytes, title: str) -> bytes:
    """The page with a file attached under `name`, kept in the PDF byte for byte as it is, before everything else."""
    content = b"\n".join(_drawn(each) for each in drawn)
    title_hex, file = _hex(title, mark=True), f"({name})"
    objects = [
        _stream(b"/Type /EmbeddedFile /Subtype /application#2Fjson", attached),
        f"<< /Type /Filespec /F {file} /UF {file} /AFRelationship /Data /EF << /F 1 0 R >> >>".encode(),
        f"<< /Type /Catalog /Pages 4 0 R /Lang (zh-CN) /AF [2 0 R] "
        f"/Names << /EmbeddedFiles << /Names [{file} 2 0 R] >> >> >>".encode(),
        b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 4 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
        f"/Resources << /Font << /F 6 0 R >> >> /Contents 9 0 R >>".encode(),
        *_fonts(7, 8),
        _stream(b"", content),
        f"<< /Title {title_hex} >>".encode(),
    ]
    return _file(objects, root=3, info=10)


def document(pages: Sequence[Iterable[Line | Squares]], *, title: str) -> bytes:
    """Pages one after the other, with nothing attached."""
    first = 7
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        *_fonts(4, 5),
        f"<< /Title {_hex(title, mark=True)} >>".encode(),
    ]
    for number, drawn in enumerate(pages):
        content = b"\n".join(_drawn(each) for each in drawn)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F 3 0 R >> >> /Contents {first + 2 * number + 1} 0 R >>".encode()
        )
        objects.append(_stream(b"", content))
    return _file(objects, root=1, info=6)


def wrapped(text: str, size: float, width: float = WIDTH - 2 * _MARGIN) -> Iterator[str]:
    """The text in pieces that fit a width in points."""
    piece, used = "", 0.0
    for sign in text:
        wide = size if ord(sign) >= _WIDE_FROM else size / 2
        if piece and used + wide > width:
            yield piece
            piece, used = "", 0.0
        piece, used = piece + sign, used + wide
    yield piece


def _fonts(face: int, metrics: int) -> tuple[bytes, bytes, bytes]:
    """The one font in its three parts; the second and third stand as objects `face` and `metrics`."""
    return (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H "
        b"/DescendantFonts [%d 0 R] >>" % face,
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] "
        b"/FontDescriptor %d 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>" % metrics,
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        b"/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    )


def _drawn(each: Line | Squares) -> bytes:
    if isinstance(each, Line):
        return f"BT /F {each.size} Tf {each.left} {HEIGHT - each.top - each.size} Td {_hex(each.text)} Tj ET".encode()
    runs = []
    for row, line in enumerate(each.rows):
        top, column = HEIGHT - each.top - (row + 1) * each.side, 0
        for dark, cells in groupby(line, key=bool):
            width = len(list(cells))
            if dark:
                left = each.left + column * each.side
                runs.append(f"{left:.2f} {top:.2f} {width * each.side:.2f} {each.side:.2f} re")
            column += width
    return "\n".join([*runs, "f"]).encode()


def _hex(text: str, *, mark: bool = False) -> str:
    signs = text.encode("utf-16-be", "replace").hex()
    return f"<{'feff' if mark else ''}{signs}>"


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (entries, len(data), data)


def _file(objects: Sequence[bytes], *, root: int, info: int) -> bytes:
    body, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\n" % (len(objects) + 1, root, info)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return body + head + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)
