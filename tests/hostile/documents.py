"""Documents given to be read into a draft (DOCX, PDF, HTML, text) that would do harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.hostile import files
from tests.hostile.papers import ENTITIES, JS, OLE, SCRIPT, SVG
from tests.unit.services.structuring.made_up_files import docx, pdf

LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><d>&j;</d>"
)
_CLAUSES = [("第一条 为了稳定就业，制定本措施。", None), ("第二条 本措施由主管部门负责解释。", None)]
_WORDS = [["第一条为了稳定就业促进小微企业健康发展制定本措施。"] * 2]


@dataclass(frozen=True)
class Sent:
    """A document; `refused` are the codes that will do, empty where it is read, and then none of `gone` is left."""

    case: str
    name: str
    body: bytes
    refused: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def documents() -> Iterator[Sent]:
    """Every case."""
    yield from _archives()
    yield from _markup()
    yield from _papers()


def _archives() -> Iterator[Sent]:
    hostile, broken, other = ("hostile_file",), ("broken_file", "hostile_file"), ("format_not_read",)
    bomb = {"word/document.xml": b"<a>" * 30_000_000}
    yield Sent("a part that unfolds to 90 MB", "a.docx", files.zipped(bomb), hostile)
    yield Sent(
        "a part beside that unfolds to 90 MB",
        "a.docx",
        docx(_CLAUSES, parts={"word/x.bin": b"\0" * 90_000_000}),
        hostile,
    )
    yield Sent("5,000 parts", "a.docx", docx(_CLAUSES, parts={f"word/{n}": b"" for n in range(5_000)}), hostile)
    yield Sent("parts that overlap", "a.docx", files.overlapping(300), broken)
    inner = docx(_CLAUSES)
    for _ in range(15):
        inner = files.zipped({"word.docx": inner})
    yield Sent("archives fifteen deep", "a.docx", inner, other)
    yield Sent("an archive cut off", "a.docx", docx(_CLAUSES)[:-60], broken)
    yield Sent("an archive without a directory", "a.docx", b"PK\x03\x04" + b"\x00" * 5_000, broken)
    yield Sent("an archive with a path up", "a.docx", docx(_CLAUSES, parts={"../../../etc/cron.d/a": b"x"}))
    yield Sent("macros in a DOCX", "a.docx", docx(_CLAUSES, parts={"word/vbaProject.bin": OLE}), ("macros_in_file",))
    yield Sent("macros in a DOCM", "a.docm", docx(_CLAUSES, parts={"word/vbaData.xml": b"<a/>"}), ("macros_in_file",))
    yield Sent("an old office file", "a.doc", OLE, ("old_or_locked_office_file",))
    yield Sent("a workbook", "a.xlsx", files.zipped({"xl/workbook.xml": b"<a/>"}), other)
    yield Sent("a program in an archive", "a.docx", files.zipped({"a.exe": b"MZ"}), other)


def _markup() -> Iterator[Sent]:
    hostile = ("hostile_file",)
    for part in ("word/document.xml", "word/numbering.xml", "word/styles.xml"):
        yield Sent(f"a file of the machine in {part}", "a.docx", docx(_CLAUSES, parts={part: ENTITIES}), hostile)
        yield Sent(f"a billion laughs in {part}", "a.docx", docx(_CLAUSES, parts={part: LAUGHS}), hostile)
    wide = ENTITIES.decode().replace("?>", ' encoding="utf-16"?>').encode("utf-16")
    yield Sent("an entity in UTF-16", "a.docx", docx(_CLAUSES, parts={"word/document.xml": wide}), hostile)
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    yield Sent(
        "100,000 elements in each other",
        "a.docx",
        docx(_CLAUSES, parts={"word/document.xml": deep}),
        ("broken_file", "hostile_file"),
    )
    page = "<html><body><h1>通知</h1><p>第一条 为了稳定就业，制定本措施。</p>{}</body></html>"
    for case, more in {
        "a script": SCRIPT.decode(),
        "a drawing with a script": SVG.decode(),
        "an act in a picture": "<img src=x onerror=alert(1)>",
        "a frame": "<iframe src='javascript:alert(1)'></iframe>",
        "a style that calls": "<style>@import url(http://evil.example/a)</style>",
        "a comment": "<!-- alert(1) -->",
        "a template": "<template><script>alert(1)</script></template>",
    }.items():
        yield Sent(f"a page with {case}", "a.html", page.format(more).encode(), gone=("alert", "evil.example"))
    yield Sent("a page with entities", "a.html", ENTITIES + page.format("").encode(), gone=("root:",))
    yield Sent("100,000 boxes in each other", "a.html", page.format("<div>" * 100_000).encode())
    yield Sent("a page of nothing but a script", "a.html", b"<html>" + SCRIPT, ("no_text",))


def _papers() -> Iterator[Sent]:
    text, broken = pdf(_WORDS), ("broken_file", "locked_file", "picture_without_text")
    yield Sent(
        "a PDF with a script",
        "a.pdf",
        text.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction " + JS),
        gone=("alert",),
    )
    yield Sent(
        "a PDF that launches a program",
        "a.pdf",
        text.replace(b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /Launch /F (cmd) >>"),
        gone=("cmd",),
    )
    yield Sent("a PDF with a password", "a.pdf", text.replace(b"/Root 1", b"/Encrypt << /Filter /X >> /Root 1"), broken)
    yield Sent(
        "a PDF whose pages are their own parents", "a.pdf", text.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), broken
    )
    yield Sent("a PDF cut off", "a.pdf", text[: len(text) // 2], broken)
    yield Sent("a PDF of one line", "a.pdf", b"%PDF-1.7", broken)
    yield Sent("a PDF whose directory leads nowhere", "a.pdf", text.replace(b"startxref\n", b"startxref\n9999999"), ())
    yield Sent("a program named .pdf", "a.pdf", b"MZ\x90\x00" * 500, ("unknown_encoding",))
    yield Sent("a picture named .txt", "a.txt", files.png(), ("picture_without_text",))
    yield Sent("one line of a million signs", "a.txt", ("补" * 1_000_000).encode(), ("no_paragraphs",))
    yield Sent("three million signs", "a.txt", ("第一条 给予补贴。\n" * 300_000).encode(), ("file_too_large",))
    yield Sent("a text of turned letters", "a.txt", "第一条 \u202e给予补贴。\n第二条 完。".encode())
    yield Sent("nothing", "a.txt", b"", ("no_text",))
    yield Sent("40 MB", "a.txt", b"x" * 40_000_000, ("file_too_large",))
