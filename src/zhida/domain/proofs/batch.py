"""One root for many rows: what the ledger keeps of a batch, and from which any single row can be proven later."""

from __future__ import annotations

from collections.abc import Iterable

from zhida.domain.proofs.hashing import SHA256, Algorithm, leaf_hash
from zhida.domain.proofs.tree import Frontier


def batch_root(rows: Iterable[bytes], algorithm: Algorithm = SHA256) -> bytes:
    """The RFC 9162 head over the rows' digests as leaf inputs, in their order; one hash per level is held in memory.

    A row is proven by `inclusion_proof` in the tree over `leaf_hash` of the same digests.
    """
    return Frontier(algorithm=algorithm).extend(leaf_hash(row, algorithm) for row in rows).root
