"""Why a file was not read, as an error that its author can act on."""

from __future__ import annotations

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.sentences import tell

MAX_CHARACTERS = 2_000_000
HARM = tell("do not open it; ask whoever sent it for the document by another way")
"""What to do with a file that was made to do harm."""


def problem(name: str, code: str, words: str, hint: str) -> AuthorError:
    """The one problem of a file that cannot be read."""
    return AuthorError([Problem(name, 0, 0, code, words, hint)])


def refuse_too_long(name: str, characters: int) -> None:
    """Raises AuthorError where a document has more than MAX_CHARACTERS."""
    if characters > MAX_CHARACTERS:
        words = tell("{n} characters, at most {most} are read", n=characters, most=MAX_CHARACTERS)
        raise problem(name, "file_too_large", words, "split the document")
