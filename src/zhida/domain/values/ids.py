"""Identifiers that say what they name: `case_01J…`, a prefix and a ULID, made by the caller before anything is sent."""

from __future__ import annotations

import re

from ulid import ULID

from zhida.domain.errors import InvariantBroken

_SHAPE = re.compile(r"([a-z]{2,12})_([0-7][0-9A-HJKMNP-TV-Z]{25})")


def new_id(kind: str) -> str:
    """A fresh id `<kind>_<ULID>`; ids of one kind sort by the millisecond of their making.

    Raises InvariantBroken for a kind that is not 2 to 12 small letters.
    """
    identifier = f"{kind}_{ULID()}"
    prefix_of(identifier)
    return identifier


def once(kind: str, given: str) -> str:
    """The id that a form carried, where it is one of this kind: sent twice, it makes a thing once. Else a fresh one."""
    match = _SHAPE.fullmatch(given)
    return given if match is not None and match.group(1) == kind else new_id(kind)


def prefix_of(identifier: str) -> str:
    """The kind an id names. Raises InvariantBroken where the text is no id of ours."""
    match = _SHAPE.fullmatch(identifier)
    if match is None:
        raise InvariantBroken("malformed_id", f"{identifier!r} is not <kind>_<ULID>")
    return match.group(1)
