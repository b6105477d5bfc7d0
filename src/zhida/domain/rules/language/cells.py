"""A table's cells from their short form: the column's type reads them, so that a text needs no quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhida.domain.rules.language.parser import Parser
from zhida.domain.rules.language.types import Type
from zhida.domain.rules.nodes import Literal, Node
from zhida.domain.rules.places import NOWHERE, START, Place
from zhida.domain.sentences import tell

_BARE_DATE = re.compile(r'(?<!")\b(\d{4}-\d{2}-\d{2})\b(?!")')


def parse_cell(cell: str | Sequence[str], kind: Type, place: Place = NOWHERE) -> tuple[Node, ...]:
    """The tests of a cell: `-` for anything, `[30..49]`, `>= 5000`, a bare constant, or a list of these.

    Raises AuthorError for a malformed one. Whether the tests fit the input is the checker's business.
    """
    if not isinstance(cell, str):
        return tuple(test for part in cell for test in parse_cell(part, kind, place))
    written = cell.strip()
    if written == "-":
        return ()
    if kind.kind == "text" and not written.startswith('"'):
        return (Literal("text", written, at=START),)
    if kind.kind == "date":
        written = _BARE_DATE.sub(r'@"\1"', written)
    parser = Parser(written, place)
    test = parser.test()
    if parser.token.kind != "end":
        parser.refuse(tell("`{found}` is one too many in a cell", found=parser.token.text), "write a list: [a, b]")
    return (test,)
