"""Identifiers that say what they name: `case_01J…`, a prefix and a ULID, made by the caller before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Callable

from ulid import ULIDGenerator

from zhida.domain.errors import InvariantBroken

_DRAWN_BITS, _STEP_BITS, _BYTES = 79, 56, 10
_SHAPE = re.compile(r"([a-z]{2,12})_([0-7][0-9A-HJKMNP-TV-Z]{25})")


class _Steps:
    """Ids of one millisecond go upward by drawn steps: in the order of their making, and none follows from another.

    The first holds 79 drawn bits, so that the 2^24 steps that a millisecond has room for do not run over.
    """

    def __init__(self) -> None:
        self._before = (0, 0)

    def resolve_randomness(self, timestamp: int, randomness_source: Callable[[int], bytes]) -> bytes:
        """The ten bytes after the timestamp; the generator holds its lock meanwhile."""
        drawn = int.from_bytes(randomness_source(timestamp), "big")
        at, last = self._before
        step = 1 + drawn % (1 << _STEP_BITS)
        value = last + step if timestamp == at else drawn % (1 << _DRAWN_BITS)
        self._before = (timestamp, value)
        return value.to_bytes(_BYTES, "big")


_FRESH = ULIDGenerator(policy=_Steps())


def new_id(kind: str) -> str:
    """A fresh id `<kind>_<ULID>`; ids of one kind sort by their making, and none can be guessed from another.

    Raises InvariantBroken for a kind that is not 2 to 12 small letters.
    """
    identifier = f"{kind}_{_FRESH.generate()}"
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
