"""A snapshot's rows as codes, bits and scaled integers, in chunks of 65,536: what the kernels read.

Chunk c holds rows 65,536 c and following of the snapshot, whose row numbers stay; every array is one block of memory
a chunk, so that a file of it can be mapped, read and handed out chunk by chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules.engines.table.coding import NO_ROW, Codes
from zhida.domain.rules.engines.table.plan import Plan

CHUNK, WORDS = 65_536, 1_024
Words: TypeAlias = NDArray[np.uint64]
Whole: TypeAlias = NDArray[np.int64]
Arrays: TypeAlias = Mapping[str, NDArray[Any]]
NO_FALLBACKS: Mapping[str, int] = {}


@dataclass(frozen=True, eq=False)
class Store:
    """Rows encoded for the columns of one plan (its `layout`).

    `codes` [chunk, column, row] are uint16; `bits` [chunk, 2 * pair + rail, word] hold 64 rows a word, rail 0 surely
    and 1 possibly; `numbers` [chunk, quantity, row] are int64 and `bounds` [chunk, quantity] their greatest absolute
    values; `subjects` and `regions` have one entry a row, a region being a place in `region_words`. `fallbacks`
    counts the rows that engine one decided, by the expression that engine `columns` could not do.
    """

    layout: str
    rows: int
    codes: Codes
    bits: Words
    numbers: Whole
    bounds: Whole
    subjects: Whole
    regions: NDArray[np.int32]
    region_words: tuple[str, ...]
    fallbacks: Mapping[str, int] = field(default_factory=dict)

    @property
    def chunks(self) -> int:
        """How many chunks there are; the last may be short."""
        return len(self.codes)

    @cached_property
    def most(self) -> tuple[int, ...]:
        """The greatest absolute value of each quantity."""
        return tuple(self.bounds.max(axis=0, initial=0).tolist())

    def rows_of(self, chunk: int) -> int:
        """The rows of one chunk."""
        return min(CHUNK, self.rows - chunk * CHUNK)

    def arrays(self) -> Arrays:
        """The arrays by name, to be kept as files."""
        return {name: getattr(self, name) for name in _SHAPES} | {"subjects": self.subjects, "regions": self.regions}

    def described(self) -> dict[str, Any]:
        """Everything but the arrays, as JSON values: with `arrays` it makes the store again."""
        return {
            "layout": self.layout,
            "rows": self.rows,
            "region_words": list(self.region_words),
            "fallbacks": dict(self.fallbacks),
        }

    @classmethod
    def opened(cls, described: Mapping[str, Any], arrays: Arrays) -> Store:
        """The store that `described` and `arrays` (mapped files, perhaps) gave. Raises InvariantBroken
        `broken_store` where they do not belong together."""
        rows = int(described["rows"])
        chunks = -(-rows // CHUNK)
        if any(len(arrays[name]) != chunks for name in _SHAPES) or len(arrays["subjects"]) != rows:
            raise InvariantBroken("broken_store", f"the arrays are not those of {rows} rows", "encode the store again")
        words, held = tuple(described["region_words"]), {name: _read_only(array) for name, array in arrays.items()}
        return cls(described["layout"], rows, **held, region_words=words, fallbacks=described["fallbacks"])

    def present(self, column: int) -> NDArray[np.bool_]:
        """For each chunk, which codes of a column occur in it; found once, when first asked for."""
        if column not in self._present:
            found = np.zeros((self.chunks, NO_ROW + 1), dtype=bool)
            for chunk in range(self.chunks):
                found[chunk, self.codes[chunk, column]] = True
            found[:, NO_ROW] = False
            self._present[column] = found
        return self._present[column]

    @cached_property
    def _present(self) -> dict[int, NDArray[np.bool_]]:
        return {}

    def refuse_other_than(self, plan: Plan) -> None:
        """Raises ConflictError `store_of_another_plan` where the columns are not those that the plan reads."""
        if self.layout != plan.layout:
            words = "the store was encoded for the columns of another plan"
            raise ConflictError("store_of_another_plan", words, "encode the snapshot for this plan")


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, mapped or not, as one type of array: compiled kernels are compiled for each type anew."""
    view = array.view(np.ndarray)
    view.flags.writeable = False
    return view


_SHAPES = ("codes", "bits", "numbers", "bounds")


def shapes_of(plan: Plan, rows: int) -> dict[str, tuple[tuple[int, ...], str]]:
    """The shape and type of each array of a store, by name: to make the files before they are filled."""
    chunks, numbers = -(-rows // CHUNK), len(plan.quantities)
    return {
        "codes": ((chunks, len(plan.columns), CHUNK), "uint16"),
        "bits": ((chunks, 2 * len(plan.bits), WORDS), "uint64"),
        "numbers": ((chunks, numbers, CHUNK), "int64"),
        "bounds": ((chunks, numbers), "int64"),
        "subjects": ((rows,), "int64"),
        "regions": ((rows,), "int32"),
    }
