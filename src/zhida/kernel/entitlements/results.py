"""Results of a screening as columns: one item over one kind of subject, and totals by item and region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Outcome:
    """One item over one kind of subject: rows of those entitled or possible, sorted by subject key.

    `amount_fen` is -1 where no amount is known; it is never known for the merely possible.
    """

    subjects: Keys
    is_entitled: Flags
    amount_fen: Keys
    region: Texts

    def __len__(self) -> int:
        return len(self.subjects)

    @classmethod
    def empty(cls) -> Outcome:
        """Nobody."""
        keys, nothing = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return cls(keys, nothing, keys, np.zeros(0, dtype=object))

    def where(self, rows: Flags | slice) -> Outcome:
        """Only these rows."""
        return Outcome(self.subjects[rows], self.is_entitled[rows], self.amount_fen[rows], self.region[rows])


@dataclass(frozen=True, eq=False)
class Totals:
    """One row an item and region that anyone is counted in, by item, then region: places in `items` and `regions`, how
    many are entitled, possible, entitled with an unknown amount, and the fen of the known amounts."""

    items: tuple[str, ...]
    regions: tuple[str, ...]
    item: Keys
    region: Keys
    sums: Keys
