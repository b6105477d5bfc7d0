"""The two ways into the language: an expression, and the tests of a table's cell."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from zhida.domain.rules.language.feel import FeelParser
from zhida.domain.rules.language.parser import PACK_NAMES, Parser
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.places import NOWHERE, Place


class Dialect(StrEnum):
    """pack: the documented subset that packs are written in. conformance: full FEEL, for the standard's tests."""

    PACK = "pack"
    CONFORMANCE = "conformance"


def parse(text: str, place: Place = NOWHERE, *, dialect: Dialect = Dialect.PACK, names: Iterable[str] = ()) -> Node:
    """The nodes of one expression. `names` are known names of several words (conformance only).

    Raises AuthorError with the Problem, in time linear in the text, for anything malformed or past the limits.
    """
    if dialect is Dialect.PACK:
        return Parser(text, place, PACK_NAMES).whole()
    return FeelParser(text, place, names).whole()


def parse_unary_tests(text: str, place: Place = NOWHERE, *, names: Iterable[str] = ()) -> Node:
    """A decision table's cell in the conformance dialect, as UnaryTests. Raises AuthorError as `parse` does."""
    return FeelParser(text, place, names).unary_tests()
