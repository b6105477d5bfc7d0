"""Items of one group for everyone at once: only the highest (就高不重复), only one, or all up to a cap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken

Whole: TypeAlias = NDArray[np.int64]


class Held(NamedTuple):
    """One item: the rows entitled to it, ascending, and what each would get by itself, in fen."""

    rows: Whole
    fen: Whole


def stacked(rule: str, cap_fen: int | None, held: Sequence[Held], size: int) -> tuple[Held, ...]:
    """What each item of a group still gives to whom, for `size` rows numbered from 0; fen are 0 or more.

    highest_only and first_only: each row keeps the item that pays it most (of equals the first), since nobody claims
    the lesser first who knows both. capped_sum: all, in their order, until the cap in fen is reached; who is left
    nothing by the cap is out. Raises InvariantBroken `unknown_rule`.
    """
    if rule in ("highest_only", "first_only"):
        return _highest(held, size)
    if rule != "capped_sum" or cap_fen is None:
        raise InvariantBroken("unknown_rule", f"a group with rule {rule} and cap {cap_fen}")
    room, found = np.full(size, cap_fen, dtype=np.int64), []
    for rows, fen in held:
        given = np.minimum(fen, room[rows])
        room[rows] -= given
        kept = given > 0
        found.append(Held(rows[kept], given[kept]))
    return tuple(found)


def _highest(held: Sequence[Held], size: int) -> tuple[Held, ...]:
    best, at = np.full(size, -1, dtype=np.int64), np.full(size, -1, dtype=np.int64)
    for place, (rows, fen) in enumerate(held):
        better = fen > best[rows]
        best[rows[better]] = fen[better]
        at[rows[better]] = place
    return tuple(Held(rows[at[rows] == place], fen[at[rows] == place]) for place, (rows, fen) in enumerate(held))
