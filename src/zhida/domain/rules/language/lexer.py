"""Text to tokens, in one pass and in linear time: FEEL's lexical rules (DMN 1.4, clause 10.3.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from zhida.domain.errors import AuthorError
from zhida.domain.rules.places import Place, Spot
from zhida.domain.sentences import tell

MAX_CHARACTERS = 10_000

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|//[^\n]*|/\*.*?\*/)
  | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<text>"(?:[^"\\]|\\.)*")
  | (?P<name>[^\W\d]\w*|\?)
  | (?P<sign>\*\*|\.\.|!=|<=|>=|->|[-+*/=<>()\[\]{},.:@])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Token(NamedTuple):
    """One token: number, text (already without its quotes), name, sign, other, or end."""

    kind: str
    text: str
    spot: Spot


def tokens_of(text: str, place: Place) -> list[Token]:
    """All tokens, closed by an `end`. Raises AuthorError where the text is too long or a text in it is malformed."""
    if len(text) > MAX_CHARACTERS:
        words = tell("the expression has {n} characters, {most} are allowed", n=len(text), most=MAX_CHARACTERS)
        raise AuthorError([place.problem(Spot(), "expression_too_long", words, "name its parts as facts or amounts")])
    return list(_tokens(text, place))


def _tokens(text: str, place: Place) -> Iterator[Token]:
    line, begin = 0, 0
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match.group()
        spot = Spot(line, match.start() - begin)
        if kind == "text":
            yield Token(kind, _unescaped(found[1:-1], spot, place), spot)
        elif kind == "other" and found == '"':
            raise AuthorError([place.problem(spot, "text_not_closed", "a text begins here and has no closing quote")])
        elif kind != "space":
            yield Token(kind, found, spot)
        breaks = found.count("\n")
        if breaks:
            line, begin = line + breaks, match.start() + found.rindex("\n") + 1
    yield Token("end", "", Spot(line, len(text) - begin))


def _unescaped(text: str, spot: Spot, place: Place) -> str:
    if "\\" not in text:
        return text
    decoded = _ESCAPE.sub(lambda match: _escape(match.group(1)), text)
    try:
        return decoded.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        words = "half a surrogate pair is no character"
        raise AuthorError([place.problem(spot, "malformed_escape", words)]) from None


def _escape(written: str) -> str:
    if len(written) == 1:
        return _PLAIN.get(written, "\\" + written)
    point = int(written[1:], 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"
