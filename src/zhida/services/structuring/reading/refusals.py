"""Why a file was not read, as an error that its author can act on."""

from __future__ import annotations

from zhida.domain.errors import AuthorError, Problem


def problem(name: str, code: str, words: str, hint: str) -> AuthorError:
    """The one problem of a file that cannot be read."""
    return AuthorError([Problem(name, 0, 0, code, words, hint)])
