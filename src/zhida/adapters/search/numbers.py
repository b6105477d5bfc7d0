"""Numbers of documents, 发文字号 (GB/T 9704 section 7.2.5), in whatever brackets somebody writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.adapters.search.words import fold

_OPEN, _CLOSE = r"[〔\[({【「﹝〈<]", r"[〕\])}】」﹞〉>]"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_HAN = r"[\u3400-\u9fff]"
_SHAPES = (
    rf"(?P<agency>{_HAN}{{0,12}})\s*{_OPEN}\s*{_YEAR}\s*年?\s*{_CLOSE}\s*第?\s*(?P<serial>\d{{1,5}})(?:\s*号)?",
    rf"(?P<agency>{_HAN}{{0,12}})\s*{_YEAR}(?:\s*年\s*第?|\s*第|[\s\-—/]+)\s*(?P<serial>\d{{1,5}})\s*号",
    rf"(?P<agency>{_HAN}{{2,12}})\s*{_YEAR}(?P<serial>\d{{1,4}})\s*号",
    rf"(?P<agency>{_HAN}{{2,12}})\s*{_YEAR}[\s\-—/]+(?P<serial>\d{{1,5}})(?=\s|$)",
)
_WRITTEN = tuple(re.compile(shape) for shape in _SHAPES)
_SHORTEST_AGENCY = 2


@dataclass(frozen=True)
class DocumentNumber:
    """A number found in a text, from `start` up to `end`: who issued, the year, the serial number in the year."""

    agency: str
    year: str
    serial: str
    start: int
    end: int

    @property
    def terms(self) -> tuple[str, ...]:
        """What it is found by, the fullest first: with the agency's word, with the end of it, without."""
        bare = f"{self.year}-{int(self.serial)}"
        return (*(f"{self.agency[at:]}{bare}" for at in range(len(self.agency) - _SHORTEST_AGENCY + 1)), bare)


def find_numbers(text: str) -> tuple[DocumentNumber, ...]:
    """Every document number in a text, in its order. The agency may begin too early: it is what stands before."""
    folded = fold(text)
    found: list[DocumentNumber] = []
    for shape in _WRITTEN:
        for match in shape.finditer(folded):
            if all(match.end() <= one.start or one.end <= match.start() for one in found):
                found.append(
                    DocumentNumber(match["agency"], match["year"], match["serial"], match.start(), match.end())
                )
    return tuple(sorted(found, key=lambda one: one.start))
