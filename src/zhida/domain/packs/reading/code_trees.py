"""A code tree from its table: a head comment that names the source and date, then the columns code, parent, name."""

from __future__ import annotations

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.values import CodeTree

_HEAD = "code,parent,name"


def read_code_tree(name: str, file: str, data: bytes, problems: Problems) -> CodeTree:
    """The tree of a table (UTF-8, no quoting: a name holds no comma). Unknown parents, codes given twice and cycles are
    problems; an empty tree is answered then."""
    lines = data.decode("utf-8", errors="replace").splitlines()
    if len(lines) < 2 or not lines[0].startswith("# ") or lines[1] != _HEAD:
        words = "a code table begins with a comment that names its source and date, then code,parent,name"
        problems.add(Spot(file), "code_table_head", words)
        return CodeTree(name, {})
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines[2:], start=3):
        code, *rest = line.split(",")
        if len(rest) != 2 or not code:
            problems.add(Spot(file, number), "code_table_row", f"{line[:40]} has not three columns")
        elif code in parents:
            problems.add(Spot(file, number), "code_twice", f"{code} again, as in line {places[code]}")
        else:
            parents[code], names[code], places[code] = rest[0], rest[1], number
    for code, parent in parents.items():
        if parent and parent not in parents:
            problems.add(Spot(file, places[code]), "unknown_parent", f"{code} stands under {parent}, which is not here")
    try:
        return CodeTree(name, parents, names)
    except InvariantBroken as error:
        problems.add(Spot(file), error.code, error.words)
        return CodeTree(name, {})
