"""Documents made in memory: DOCX with automatic numbers, PDF with a text of our own, and what is meant to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_NUMBERING = f"""<w:numbering {_W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""


def docx(paragraphs: list[tuple[str, int | None]], *, body: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    """A document of paragraphs, each with the level of its automatic number or None; `body` is appended."""
    rows = []
    for text, level in paragraphs:
        number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>' if level is not None else ""
        rows.append(f"<w:p><w:pPr>{number}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>")
    document = f'<?xml version="1.0"?><w:document {_W}><w:body>{"".join(rows)}{body}</w:body></w:document>'
    return zipped({"word/document.xml": document.encode(), "word/numbering.xml": _NUMBERING.encode(), **(parts or {})})


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of parts, packed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def pdf(pages: list[list[str]], pictures: Collection[int] = ()) -> bytes:
    """A PDF whose pages hold lines of Chinese text in a composite font without a file, told by its ToUnicode map;
    the pages named (from 1) have a picture beside."""
    signs = sorted({sign for page in pages for line in page for sign in line})
    codes = {sign: code for code, sign in enumerate(signs, start=1)}
    rows = [f"<{code:04X}> <{ord(sign):04X}>" for sign, code in codes.items()]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    mapped = "\n".join(f"{len(each)} beginbfchar\n" + "\n".join(each) + "\nendbfchar" for each in blocks)
    space = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange"
    cmap = f"/CIDInit /ProcSet findresource begin {space}\n{mapped}\nendcmap end"
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /F /Encoding /Identity-H /DescendantFonts [4 0 R] "
        b"/ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /F /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        b"/Supplement 0 >> /DW 1000 >>",
        _stream(cmap),
    ]
    drawn = f" /XObject << /P1 {6 + 2 * len(pages)} 0 R >>"
    for number, page in enumerate(pages):
        shown = "".join(f"<{''.join(f'{codes[sign]:04X}' for sign in line)}> Tj 0 -20 Td\n" for line in page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 3 0 R >>{drawn if number + 1 in pictures else ''} >> >>".encode()
        )
        objects.append(_stream(f"BT /F1 12 Tf 50 800 Td\n{shown}ET"))
    image = b"<< /Type /XObject /Subtype /Image /Width 800 /Height 600 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    return _file([*objects, image + b"/Length 0 >>\nstream\n\nendstream"])


def _stream(text: str) -> bytes:
    data = text.encode()
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: list[bytes]) -> bytes:
    held, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(held))
        held += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(held)
    held += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return held + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
