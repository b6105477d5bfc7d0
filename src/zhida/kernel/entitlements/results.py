"""The results of a screening as columns: written once beside the database, read by item or by subject.

`<kind>.parquet` is sorted by (item, subject) and holds entitled and possible; `<kind>.entitled.parquet` is sorted by
(subject, item) and holds the entitled alone. `item` is the item's place in the run, `subject` the registry's key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Keys = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]

SCHEMA = pa.schema(
    [
        pa.field("item", pa.int32(), nullable=False),
        pa.field("subject", pa.int64(), nullable=False),
        pa.field("is_entitled", pa.bool_(), nullable=False),
        pa.field("amount_fen", pa.int64()),
        pa.field("region", pa.dictionary(pa.int32(), pa.string()), nullable=False),
    ]
)
_GROUP = 131_072
_UNKNOWN = np.int64(-1)


@dataclass(frozen=True)
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

    @property
    def entitled(self) -> int:
        """How many are entitled."""
        return int(self.is_entitled.sum())

    @property
    def digest(self) -> bytes:
        """SHA-256 over keys, answers and amounts as little-endian bytes: equal for every engine that agrees."""
        state = hashlib.sha256(len(self).to_bytes(8, "little"))
        for column, form in ((self.subjects, "<i8"), (self.is_entitled, "|b1"), (self.amount_fen, "<i8")):
            state.update(np.ascontiguousarray(column, dtype=form).tobytes())
        return state.digest()

    def replaced(self, changed: Keys, by: Outcome) -> Outcome:
        """This outcome with the rows of `changed` subjects dropped and those of `by` put in their place."""
        kept = ~np.isin(self.subjects, changed)
        subjects = np.concatenate([self.subjects[kept], by.subjects])
        order = np.argsort(subjects, kind="stable")
        return Outcome(
            subjects[order],
            np.concatenate([self.is_entitled[kept], by.is_entitled])[order],
            np.concatenate([self.amount_fen[kept], by.amount_fen])[order],
            np.concatenate([self.region[kept], by.region])[order],
        )

    def columns(self, place: int) -> pa.Table:
        """The rows as written, for the item at `place` of its run."""
        return pa.table(
            {
                "item": pa.array(np.full(len(self), place, np.int32)),
                "subject": pa.array(self.subjects),
                "is_entitled": pa.array(self.is_entitled),
                "amount_fen": pa.array(self.amount_fen, mask=self.amount_fen == _UNKNOWN),
                "region": pa.array(self.region, pa.string()).dictionary_encode(),
            },
            schema=SCHEMA,
        )


def outcome_of(rows: pa.Table) -> Outcome:
    """The rows of one item, as read back."""
    return Outcome(
        rows["subject"].to_numpy(),
        rows["is_entitled"].to_numpy(),
        pc.fill_null(rows["amount_fen"], int(_UNKNOWN)).to_numpy(),
        rows["region"].cast(pa.string()).to_numpy(zero_copy_only=False),
    )


class Writer:
    """Writes one kind's results, item by item in the order of their places, then the copy sorted by subject."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind
        self._held: list[pa.Table] = []
        self._rows = 0
        self._file = pq.ParquetWriter(folder / f"{kind}.parquet", SCHEMA, compression="zstd")

    def add(self, place: int, outcome: Outcome) -> None:
        """Adds the rows of the next item."""
        if len(outcome):
            self._held.append(outcome.columns(place))
            self._rows += len(outcome)
        if self._rows >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Ends the file and writes the entitled once more, sorted by subject."""
        self._flush()
        self._file.close()
        rows = pq.read_table(self._folder / f"{self._kind}.parquet", filters=pc.field("is_entitled"))
        rows = rows.sort_by([("subject", "ascending"), ("item", "ascending")])
        pq.write_table(rows, self._folder / f"{self._kind}.entitled.parquet", row_group_size=_GROUP, compression="zstd")

    def _flush(self) -> None:
        if self._held:
            rows = pa.concat_tables(self._held).unify_dictionaries()
            self._file.write_table(rows, row_group_size=_GROUP)
        self._held, self._rows = [], 0


def of_item(folder: Path, kind: str, place: int) -> pa.Table:
    """The rows of one item, sorted by subject key."""
    return pq.read_table(folder / f"{kind}.parquet", filters=pc.field("item") == place)


def of_subject(folder: Path, kind: str, subject: int) -> pa.Table:
    """The items that one subject is entitled to, in the order of their places."""
    return pq.read_table(folder / f"{kind}.entitled.parquet", filters=pc.field("subject") == subject)
