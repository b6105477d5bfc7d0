"""A code tree from its table: a head comment that names the source and date, then the columns code, parent, name.

A fourth column, `en`, holds English names; a code that has none leaves it empty.
"""

from __future__ import annotations

from functools import lru_cache

from zhida.domain.errors import InvariantBroken, Problem
from zhida.domain.packs.source.nodes import Problems, Spot
from zhida.domain.sentences import tell
from zhida.domain.values import CodeTree

_HEADS = {"code,parent,name": 3, "code,parent,name,en": 4}
_KEPT = 16


def read_code_tree(name: str, file: str, data: bytes, problems: Problems) -> CodeTree:
    """The tree of a table (UTF-8, no quoting: a name holds no comma). Unknown parents, codes given twice and cycles are
    problems; an empty tree is answered then."""
    tree, found = _read(name, file, data)
    problems.extend(found)
    return tree


@lru_cache(maxsize=_KEPT)
def _read(name: str, file: str, data: bytes) -> tuple[CodeTree, tuple[Problem, ...]]:
    """The same bytes are the same tree: all packs have the regions and industries in common."""
    problems = Problems()
    return _tree(name, file, data, problems), problems.all()


def _tree(name: str, file: str, data: bytes, problems: Problems) -> CodeTree:
    lines = data.decode("utf-8", errors="replace").splitlines()
    if len(lines) < 2 or not lines[0].startswith("# ") or lines[1] not in _HEADS:
        words = "a code table begins with a comment that names its source and date, then code,parent,name (,en)"
        problems.add(Spot(file), "code_table_head", words)
        return CodeTree(name, {})
    columns = _HEADS[lines[1]]
    parents: dict[str, str] = {}
    names: dict[str, str] = {}
    english: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in enumerate(lines[2:], start=3):
        code, *rest = line.split(",")
        if len(rest) != columns - 1 or not code:
            words = tell("{text} has not {columns} columns", text=line[:40], columns=columns)
            problems.add(Spot(file, number), "code_table_row", words)
        elif code in parents:
            words = tell("{code} again, as in line {line}", code=code, line=places[code])
            problems.add(Spot(file, number), "code_twice", words)
        else:
            parents[code], names[code], places[code] = rest[0], rest[1], number
            english |= {code: rest[2]} if len(rest) == 3 and rest[2] else {}
    for code, parent in parents.items():
        if parent and parent not in parents:
            words = tell("{code} stands under {parent}, which is not here", code=code, parent=parent)
            problems.add(Spot(file, places[code]), "unknown_parent", words)
    try:
        return CodeTree(name, parents, names, english)
    except InvariantBroken as error:
        problems.add(Spot(file), error.code, error.words)
        return CodeTree(name, {})
