"""Who is in where places or money are short, for as many claims as a population makes: `packs.ranking` in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.packs import Quota

Whole: TypeAlias = NDArray[np.int64]
_INT64 = 2**63 - 1


def allotted(quota: Quota, fen: Whole, keys: Sequence[NDArray[np.generic]]) -> Whole:
    """What each claim gets in fen, -1 where it is not in; claims ask for `fen` each.

    `keys` order the claims, the first above all, ascending: the draws of a queue where the first come, the numbers of
    the quota (negated where high is best) where they are ranked; equals in all of them share a place. The same as
    `packs.ranking.release` gives for one round; pro_rata looks at no keys.
    """
    if quota.order == "pro_rata" and quota.total_fen is not None:
        return _shared(fen, quota.total_fen)
    order = np.lexsort(tuple(reversed(keys)))
    starts = _starts(order, keys)
    sizes = np.diff(np.append(starts, len(order)))
    sums = np.add.reduceat(fen[order], starts) if len(starts) else starts
    is_in = np.ones(len(starts), dtype=bool)
    if quota.n is not None:
        is_in &= (starts + 1 if quota.ties == "all_in" else starts + sizes) <= quota.n
    if quota.total_fen is not None:
        is_in &= np.cumsum(sums) <= quota.total_fen
    is_in = np.logical_and.accumulate(is_in)
    found = np.full(len(fen), -1, dtype=np.int64)
    chosen = order[np.repeat(is_in, sizes)]
    found[chosen] = fen[chosen]
    return found


def _starts(order: Whole, keys: Sequence[NDArray[np.generic]]) -> Whole:
    """Where each run of equals begins."""
    differs = np.zeros(max(0, len(order) - 1), dtype=bool)
    for key in keys:
        ordered = key[order]
        differs |= ordered[1:] != ordered[:-1]
    return np.flatnonzero(np.concatenate([np.ones(min(1, len(order)), dtype=bool), differs])).astype(np.int64)


def _shared(fen: Whole, total_fen: int) -> Whole:
    """A total shared out by what each asks for, to the fen; what cutting leaves over goes to those who lost most."""
    asked = int(fen.sum())
    if asked <= total_fen:
        return np.where(fen > 0, fen, -1)
    if int(fen.max()) * total_fen <= _INT64:
        whole, rest = np.divmod(fen * total_fen, asked)
    else:  # beyond 64 bits, in whole numbers of any size
        pairs = [divmod(each * total_fen, asked) for each in fen.tolist()]
        whole = np.array([one for one, _ in pairs], dtype=np.int64)
        rest = _ranks([two for _, two in pairs])
    left = total_fen - int(whole.sum())
    first = np.argsort(-rest, kind="stable")[:left]
    whole[first] += 1
    return np.where(whole > 0, whole, -1)


def _ranks(values: Sequence[int]) -> Whole:
    """Places of whole numbers of any size among each other, equals alike."""
    place = {value: at for at, value in enumerate(sorted(set(values)))}
    return np.array([place[value] for value in values], dtype=np.int64)
