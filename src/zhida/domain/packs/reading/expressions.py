"""Expressions inside pack files: parsed where they stand, so that a mistake points at its line and column."""

from __future__ import annotations

from functools import lru_cache

from zhida.domain.errors import AuthorError
from zhida.domain.packs.source.nodes import Problems, Spot, TextNode
from zhida.domain.rules import Node, Place, parse


def place_of(spot: Spot, clause: str = "") -> Place:
    """The rule checker's name for a spot; further lines of a block text begin in the same column."""
    return Place(spot.file, spot.line, spot.column, spot.column, clause)


def parse_placed(found: TextNode | None, problems: Problems, clause: str = "") -> Node | None:
    """The expression in a text, or None where there is none or it cannot be parsed; mistakes go to `problems`."""
    if found is None:
        return None
    node = _sound(found.text.rstrip())
    if node is not None:
        return node
    try:
        return parse(found.text.rstrip(), place_of(found.spot, clause))
    except AuthorError as error:
        problems.extend(error.problems)
        return None


@lru_cache(maxsize=16_384)
def _sound(text: str) -> Node | None:
    """What a text says, or None where it cannot be parsed: the same words in many packs are parsed once, for a node
    knows only its place within the text."""
    try:
        return parse(text)
    except AuthorError:
        return None
