"""Identifiers that say what they name: `case_01J…`, a prefix and a ULID, made by the caller before anything is sent."""

from __future__ import annotations

import re

from ulid import ULID

from zhida.domain.errors import InvariantBroken

_SHAPE = re.compile(r"^([a-z]{2,12})_([0-9A-HJKMNP-TV-Z]{26})$")


def new_id(kind: str) -> str:
    """A fresh id `<kind>_<ULID>`; ids of one process sort by the moment of their making."""
    return f"{kind}_{ULID()}"


def prefix_of(identifier: str) -> str:
    """The kind an id names. Raises InvariantBroken where the text is no id of ours."""
    match = _SHAPE.match(identifier)
    if match is None:
        raise InvariantBroken("malformed_id", f"{identifier!r} is not <kind>_<ULID>")
    return match.group(1)
