"""Papers handed in that would do harm, tell too much or lie about what they are; and what must become of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.hostile import files
from tests.hostile.files import GPS, chunk, exif, jpeg, pdf, png, segment

SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
ARCHIVE = files.zipped({"a.js": b"alert(1)"})
JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
CARRIED = b"<< /Type /EmbeddedFile /Length 3 >>\nstream\nMZx\nendstream"
LOCK = b"/Encrypt << /Filter /Standard /V 2 >>"
PARTS = b"[<< /Type /Filespec /F (%s) /UF (%s) /EF << /F 4 0 R >> >>]"
MACRO = files.zipped({"word/document.xml": b"<a/>", "word/vbaProject.bin": OLE})


@dataclass(frozen=True)
class Paper:
    """A file with a name. `code` is the refusal; where it is kept, none of `gone` may be left, all of `left` must."""

    case: str
    name: str
    body: bytes
    code: str = ""
    gone: tuple[bytes, ...] = ()
    left: tuple[bytes, ...] = ()
    kept_as: str = ""


def papers() -> Iterator[Paper]:
    """Every case."""
    yield from _liars()
    yield from _photographs()
    yield from _rasters()
    yield from _documents()
    yield from _workbooks()
    yield from _names()


def _liars() -> Iterator[Paper]:
    """Another kind of file than the ending says, or two kinds at once."""
    told = {
        "a program": b"MZ\x90\x00" + b"\x00" * 64,
        "a Linux program": b"\x7fELF" + b"\x00" * 64,
        "a page with a script": b"<html>" + SCRIPT,
        "a drawing with a script": SVG,
        "an XML file with entities": ENTITIES,
        "an archive": ARCHIVE,
        "a Word file with macros": MACRO,
        "an old office file": OLE,
        "a shell script": b"#!/bin/sh\nid",
        "a picture of GIF kind": b"GIF89a/*" + b"*/=1;alert(1)",
        "nothing but zeros": b"\x00" * 2_000,
        "a text mark before it": b"\xef\xbb\xbf%PDF-1.7",
        "a page before a PDF": SCRIPT + pdf(),
        "Unicode of 16 bits": "%PDF-1.7".encode("utf-16"),
        "a PHP program": b"<?php system($_GET[0]);",
    }
    for ending in ("pdf", "jpg", "png", "xlsx", "ofd"):
        for case, body in told.items():
            yield Paper(f"{case}, named .{ending}", f"a.{ending}", body, "paper_not_its_kind")
    yield Paper("a Word file named .xlsx", "a.xlsx", files.zipped({"word/document.xml": b"<a/>"}), "paper_not_its_kind")
    yield Paper("a PDF that is an archive too", "a.pdf", pdf(after=ARCHIVE), "paper_not_its_kind")
    yield Paper(
        "a PDF that is an archive within its comment", "a.pdf", pdf(after=ARCHIVE + b"%%EOF"), "paper_not_its_kind"
    )
    for ending in ("exe", "html", "svg", "docm", "js", "zip", "xlsm", "lnk", "pdf.exe", "pdf\u202efdp.exe"):
        yield Paper(f"a sound PDF named .{ending}", f"a.{ending}", pdf(), "paper_not_taken")
    yield Paper("a sound PDF with no ending", "a", pdf(), "paper_not_taken")
    yield Paper("a PNG named .jpg", "a.jpg", png(), "paper_not_its_kind")
    yield Paper("a JPEG named .pdf", "a.pdf", jpeg(), "paper_not_its_kind")


def _photographs() -> Iterator[Paper]:
    yield Paper("a photograph with its place", "a.jpg", jpeg(segment(0xE1, exif())), gone=(GPS,), left=(b"Exif",))
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x>" + GPS)
    yield Paper("a photograph with words of a program", "a.jpg", jpeg(xmp), gone=(GPS,))
    yield Paper("a photograph with a comment", "a.jpg", jpeg(segment(0xFE, SCRIPT)), gone=(SCRIPT,))
    yield Paper("a photograph with strange notes", "a.jpg", jpeg(segment(0xED, SCRIPT)), gone=(SCRIPT,))
    yield Paper("a photograph with a page behind it", "a.jpg", jpeg(after=SCRIPT), gone=(SCRIPT,))
    yield Paper("a photograph with an archive behind it", "a.jpeg", jpeg(after=ARCHIVE), gone=(b"PK\x05\x06",))
    yield Paper(
        "a photograph with a script in its head", "a.jpg", jpeg(segment(0xFE, b"*/=alert(1);/*")), gone=(b"alert",)
    )
    yield Paper("a camera's notes with a wrong direction", "a.jpg", jpeg(segment(0xE1, exif(900))), gone=(GPS,))
    yield Paper("a camera's notes that end at once", "a.jpg", jpeg(segment(0xE1, b"Exif\x00\x00MM")), gone=(b"Exif",))
    whole = jpeg()
    for share in (3, 20, 40, 90, len(whole) - 2, len(whole) - 1):
        yield Paper(f"a photograph cut off after {share} bytes", "a.jpg", whole[:share], "paper_damaged")
    yield Paper("a photograph without a frame", "a.jpg", b"\xff\xd8\xff\xd9", "paper_damaged")
    yield Paper("a photograph whose segment is endless", "a.jpg", b"\xff\xd8\xff\xe0\xff\xff", "paper_damaged")
    yield Paper("a photograph whose segment has no length", "a.jpg", b"\xff\xd8\xff\xe0\x00\x00" * 9, "paper_damaged")
    yield Paper("a photograph of 65,535 by 65,535", "a.jpg", jpeg(width=65_535, height=65_535), "picture_too_large")


def _rasters() -> Iterator[Paper]:
    endless = 2**31 - 1
    yield Paper(
        "a picture that unfolds to 4 exabytes", "a.png", png(width=endless, height=endless), "picture_too_large"
    )
    yield Paper("a picture of 30,000 by 30,000", "a.png", png(width=30_000, height=30_000), "picture_too_large")
    for kind in (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP", b"caNv", b"acTL"):
        yield Paper(f"a picture with words in {kind.decode()}", "a.png", png(chunk(kind, SCRIPT)), gone=(SCRIPT, kind))
    yield Paper(
        "a picture with a stranger that must be understood", "a.png", png(chunk(b"EVIL", SCRIPT)), "paper_damaged"
    )
    yield Paper("a picture with a page behind it", "a.png", png(after=SCRIPT), gone=(SCRIPT,))
    yield Paper("a picture with an archive behind it", "a.png", png(after=ARCHIVE), gone=(b"PK\x05\x06",))
    whole = png()
    for share in (8, 20, 40, len(whole) - 1):
        yield Paper(f"a picture cut off after {share} bytes", "a.png", whole[:share], "paper_damaged")
    yield Paper("a picture with a wrong check sum", "a.png", whole[:-1] + b"\x00", "paper_damaged")
    yield Paper(
        "a picture with an endless part", "a.png", whole[:8] + b"\xff\xff\xff\xffIHDR" + whole[16:], "paper_damaged"
    )


def _documents() -> Iterator[Paper]:
    active = {
        "a script on opening": pdf(b"/OpenAction " + JS),
        "a script by name": pdf(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", JS),
        "a script in a hidden name": pdf(b"/OpenAction << /S /J#61va#53cript /JS (x) >>"),
        "a program on opening": pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
        "a program in a packed object": pdf(b"", files.packed_objects(b"4 0 << /S /Launch >>")),
        "a script packed under a hidden name": pdf(b"", files.packed_objects(b"4 0 " + JS, kind=b"/Obj#53tm")),
        "objects packed in another way": pdf(b"", files.packed_objects(b"4 0", filtered=b"/LZWDecode")),
        "objects packed twice": pdf(b"", files.packed_objects(b"4 0", filtered=b"[/ASCIIHexDecode /FlateDecode]")),
        "a film that runs scripts": pdf(b"", b"<< /Subtype /RichMedia >>"),
        "a form of another language": pdf(b"/AcroForm << /XFA 4 0 R >>"),
        "a jump into a carried file": pdf(b"/OpenAction << /S /GoToE >>"),
        "a carried program": pdf(b"/AF " + PARTS % (b"a.exe", b"a.exe"), CARRIED),
        "a carried program named twice": pdf(b"/AF " + PARTS % (b"a.xml", b"a.exe"), CARRIED),
        "a carried file without a name": pdf(b"", CARRIED),
        "a carried page": pdf(b"/AF " + PARTS % (b"a.html", b"a.html"), CARRIED),
    }
    for case, body in active.items():
        yield Paper(f"a PDF with {case}", "a.pdf", body, "paper_active")
    yield Paper("a PDF with a password", "a.pdf", pdf(trailer=LOCK), "paper_locked")
    yield Paper(
        "a PDF with a password under a hidden name",
        "a.pdf",
        pdf(trailer=LOCK.replace(b"/Enc", b"/#45nc")),
        "paper_locked",
    )
    yield Paper(
        "a PDF whose objects unfold to 9 MB", "a.pdf", pdf(b"", files.packed_objects(b" " * 9_000_000)), "paper_damaged"
    )
    yield Paper("a PDF cut off", "a.pdf", pdf()[:-20], "paper_damaged")
    yield Paper("a PDF of one line", "a.pdf", b"%PDF-1.4", "paper_damaged")
    yield Paper("a PDF with a page behind it", "a.pdf", pdf(after=SCRIPT), gone=(SCRIPT,))
    yield Paper(
        "an invoice with its data",
        "a.pdf",
        pdf(b"/AF " + PARTS % (b"a.xml", b"a.xml"), CARRIED),
        left=(b"EmbeddedFile",),
    )
    yield Paper("a PDF larger than is asked", "a.pdf", pdf(b"/X (" + b"x" * 1_100_000 + b")"), "paper_not_taken")
    yield Paper("a file of nothing", "a.pdf", b"", "paper_not_its_kind")


def _workbooks() -> Iterator[Paper]:
    book, text = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}, {"OFD.xml": b"<a/>"}
    more = {
        "macros": {"xl/vbaProject.bin": OLE},
        "macros of the old kind": {"xl/macrosheets/sheet1.xml": b"<a/>"},
        "a carried object": {"xl/embeddings/oleObject1.bin": OLE},
        "a control": {"xl/activeX/activeX1.bin": OLE},
        "a program": {"xl/media/a.exe": b"MZ"},
        "a path up": {"../../etc/cron.d/a": b"x"},
        "a whole path": {"/etc/a": b"x"},
        "an entity": {"xl/sharedStrings.xml": ENTITIES},
        "a wide entity": {"xl/a.xml": ENTITIES.decode().encode("utf-16")},
        "a link that runs a program": {"xl/externalLinks/externalLink1.xml": b'<ddeLink ddeService="cmd"/>'},
        "a kind that runs macros": {"xl/a.xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
    }
    for case, parts in more.items():
        yield Paper(f"a workbook with {case}", "a.xlsx", files.zipped(book | parts), "paper_active")
        yield Paper(f"an OFD with {case}", "a.ofd", files.zipped(text | parts), "paper_active")
    for ending, sound in (("xlsx", book), ("ofd", text)):
        yield Paper(f"a sound .{ending}", f"a.{ending}", files.zipped(sound), left=(b"PK\x05\x06",))
        bomb = files.zipped(sound | {"xl/bomb.xml": b"\x00" * 50_000_000})
        yield Paper(f"a .{ending} that unfolds to 50 MB", f"a.{ending}", bomb, "paper_damaged")
        many = files.zipped(sound | {f"xl/{number}": b"" for number in range(4_100)})
        yield Paper(f"a .{ending} of 4,100 parts", f"a.{ending}", many, "paper_damaged")
        yield Paper(f"a .{ending} of overlapping parts", f"a.{ending}", files.overlapping(200), "paper_damaged")
        yield Paper(f"a .{ending} cut off", f"a.{ending}", files.zipped(sound)[:-30], "paper_damaged")
        yield Paper(f"a .{ending} with a password", f"a.{ending}", _locked(files.zipped(sound)), "paper_locked")
        inner = sound
        for depth in range(12):
            inner = {f"{depth}.zip": files.zipped(inner)}
        yield Paper(f"a .{ending} twelve archives deep", f"a.{ending}", files.zipped(inner), "paper_not_its_kind")
    lying = files.zipped(book | {"xl/a.xml": b"<a>" * 100_000}).replace((300_000).to_bytes(4, "little"), b"\x05\0\0\0")
    yield Paper("a workbook that lies about its sizes", "a.xlsx", lying, "paper_damaged")


def _locked(archive: bytes) -> bytes:
    """With the sign of encryption in every entry of the directory."""
    return archive.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")


def _names() -> Iterator[Paper]:
    told = {
        "a path up": ("../../../etc/cron.d/a.pdf", "a.pdf"),
        "a path of Windows": ("C:\\Windows\\System32\\a.pdf", "a.pdf"),
        "a whole path": ("/etc/a.pdf", "a.pdf"),
        "turned letters": ("bill\u202efdp.pdf", "billfdp.pdf"),
        "turned letters of another kind": ("a\u2066\u2067.pdf", "a.pdf"),
        "no width": ("a\u200b\u200d\ufeff.pdf", "a.pdf"),
        "line ends": ("a\r\nSet-Cookie: x=1.pdf", None),
        "10,000 characters": ("长" * 10_000 + ".pdf", "长" * 116 + ".pdf"),
        "quotation marks": ('a";filename="b.pdf', None),
        "a page in it": ("<img src=x onerror=alert(1)>.pdf", None),
        "a formula": ("=cmd|'/c calc'!A1.pdf", None),
        "a template in it": ("{{7*7}}{% debug %}.pdf", None),
        "an ending alone": ("pdf", "pdf"),
        "a point alone": (".", None),
        "an empty name before": (".pdf", None),
        "half a pair": ("a\udcff.pdf", None),
    }
    for case, (name, kept) in told.items():
        yield Paper(f"a name with {case}", name, pdf(), kept_as=kept or "")
