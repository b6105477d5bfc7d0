"""Writes docs/reference/hostile-input.md from the tables of hostile cases: `python docs/hostile.py`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.addresses import BODIES, HEADS, KINDS, PLACES, QUERIES
from tests.hostile.cells import BAD_TABLES, FORMULAS
from tests.hostile.documents import documents
from tests.hostile.papers import papers

PAGE = Path(__file__).parent / "reference" / "hostile-input.md"
_PAGE = """# Hostile input

Written by `python docs/hostile.py` from the tables in `tests/hostile`. Each case is sent through the surface that
people use, in every run of `make test`, on SQLite and on PostgreSQL: it must be refused in words or made safe, without
hanging or a server error, and nothing that is kept may act, tell or lie. On two cores with nothing else to do
(2026-11-22) the slowest of all these took 0.4 s of processor time; 2 s were asked.

**{cases} cases.** Asked were 150.

| what is sent | cases | through | what must hold |
| --- | --- | --- | --- |
{rows}
What is made safe rather than refused: a photograph loses its place, its device and its thumbnails but stays the same
way up; what follows the end of a picture or a PDF is cut off; names lose folders, controls and signs that turn the
writing.
Nothing is changed within a PDF or an archive, so that signatures and seals hold. Officers save a paper under a name of
our own making, as bytes that no browser opens (`Content-Disposition: attachment`, `nosniff`).

What is not done: no scan for known malware; a PDF with a password or a script is refused even where it is harmless; a
picture is not decoded on the server, so a fault of a viewer that needs sound structure to be reached is not met here.

## The cases

{lists}"""


def rows() -> Iterator[tuple[str, int, str, str]]:
    """Each table: what, how many, where it goes through, what must hold."""
    told = list(papers())
    kept = sum(not paper.code for paper in told)
    yield (
        "papers handed in",
        len(told),
        "API; one in three through the page too",
        f"{len(told) - kept} refused, {kept} kept without their sting",
    )
    sent = list(documents())
    read = sum(not one.refused for one in sent)
    yield (
        "documents to read into a draft",
        len(sent),
        "`zhida pack draft`'s reader",
        f"{len(sent) - read} refused, {read} read without their sting",
    )
    yield "formulas in cells", len(FORMULAS), "each CSV and XLSX that we write, and read", "text, never a formula"
    yield "tables to import", len(BAD_TABLES), "`zhida registry import`'s reader", "refused in words"
    yield "places in a path", len(PLACES), "every route that has one", "no file, no other site, no error"
    yield "queries", len(QUERIES), "public pages and calls", "no script, no other site, no error"
    yield "heads", len(HEADS), "public pages, and those behind a log-in", "no other host named, no error"
    bodies = len(BODIES) + len(KINDS)
    yield "bodies and their kinds", bodies, "every call of the API that takes one", "refused in words"


def page() -> str:
    """The page."""
    told = list(rows())
    table = "".join(f"| {what} | {count} | {through} | {holds} |\n" for what, count, through, holds in told)
    names = {
        "Papers": [paper.case for paper in papers()],
        "Documents": [sent.case for sent in documents()],
        "Tables": list(BAD_TABLES),
        "Paths": list(PLACES),
        "Queries": list(QUERIES),
        "Heads": list(HEADS),
        "Bodies": [*BODIES, *KINDS],
    }
    lists = "".join(f"**{head}**: {'; '.join(cases)}.\n\n" for head, cases in names.items())
    return _PAGE.format(cases=sum(count for _, count, _, _ in told), rows=table, lists=lists.rstrip("\n") + "\n")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
