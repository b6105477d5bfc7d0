"""How alike two short Chinese texts are, by pairs of characters: for what an office may hold under another name."""

from __future__ import annotations

import re

_SOUND = re.compile(r"[\w一-鿿]")
_SHORTEST = 3


def pairs_of(text: str) -> frozenset[str]:
    """Every two characters that stand beside each other, marks left out."""
    plain = "".join(_SOUND.findall(text))
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def share_of(name: str, wanted: frozenset[str]) -> float:
    """How much of a name, from 0 to 1, stands in what is wanted; 0 for a name of fewer than three pairs, which tells
    nothing."""
    pairs = pairs_of(name)
    return len(pairs & wanted) / len(pairs) if len(pairs) >= _SHORTEST else 0.0
