"""A snapshot's rows as a simulation reads them: chunk by chunk, the needed columns only, without what is too old."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules import Program, keys_read
from zhida.domain.rules.engines.table import CHUNK
from zhida.domain.values import FactKey

SUBJECT, REGION, ORIGIN = "subject", "region", "~"


@dataclass(frozen=True)
class Rows:
    """One Parquet file in row groups of 65,536: `subject`, `region`, then facts by written key.

    `root` identifies it. `stale` names for each column the sources that count as unknown (by their place in the column
    beside it). `granted` is the column of past grants, by `subject`.
    """

    path: Path
    root: str
    stale: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    granted: pa.Table | None = None
    _local: threading.local = field(default_factory=threading.local, compare=False, repr=False)

    @property
    def _file(self) -> pq.ParquetFile:
        """The file, opened once a thread."""
        if not hasattr(self._local, "file"):
            try:
                self._local.file = pq.ParquetFile(self.path, memory_map=True)
            except (pa.ArrowInvalid, OSError) as error:
                words = f"{self.path} is not a whole Parquet file: {error}"
                raise InvariantBroken("unreadable_rows", words, "build the snapshot again") from error
        held: pq.ParquetFile = self._local.file
        return held

    @cached_property
    def count(self) -> int:
        """How many subjects there are. Raises InvariantBroken `unreadable_rows`, also for groups of another size."""
        told = self._file.metadata
        sizes = [told.row_group(group).num_rows for group in range(told.num_row_groups)]
        if any(size != CHUNK for size in sizes[:-1]) or any(size > CHUNK for size in sizes):
            words = f"{self.path} is not in row groups of {CHUNK} rows"
            raise InvariantBroken("unreadable_rows", words, "build the snapshot again")
        return sum(sizes)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.count // CHUNK)

    @cached_property
    def names(self) -> frozenset[str]:
        """The columns that hold facts, by written key."""
        held = self._file.schema_arrow.names
        return frozenset(name for name in held if not name.startswith(ORIGIN)) - {SUBJECT, REGION}

    def needed(self, programs: Collection[Program], days: Sequence[date], besides: Collection[str]) -> tuple[str, ...]:
        """The columns that programs may read on some days, and `besides`; an interval fact or a relation with all."""
        keys = {key for day in days for key in keys_read(programs, day)}
        exact = {str(key) for key in keys} | set(besides)
        spans = {key.attribute for key in keys if key.period is None or not hasattr(key.period, "year")}
        wanted = {name for name in self.names if name in exact or FactKey.parse(name).attribute in spans}
        return tuple(sorted(wanted))

    def part(self, chunk: int, names: Sequence[str]) -> pa.Table:
        """The rows of one chunk with these columns, `subject` and `region`."""
        origins = [ORIGIN + name for name in names if name in self.stale]
        held = [name for name in origins if name in self._file.schema_arrow.names]
        table = self._file.read_row_group(chunk, columns=[SUBJECT, REGION, *names, *held])
        for name in (name for name in names if name in self.stale):
            table = table.set_column(table.schema.get_field_index(name), name, self._fresh(table, name))
        table = table.drop_columns(held)
        return self._with_granted(table) if self.granted is not None else table

    def _fresh(self, table: pa.Table, name: str) -> pa.ChunkedArray:
        """A column without what its sources said too long ago."""
        if ORIGIN + name not in table.column_names:
            return pa.chunked_array([pa.nulls(table.num_rows, table[name].type)])
        spoken_by = table[ORIGIN + name]
        is_stale = pc.is_in(spoken_by, pa.array(self.stale[name], pa.int64()).cast(spoken_by.type))
        return pc.if_else(is_stale, pa.scalar(None, table[name].type), table[name])

    def _with_granted(self, table: pa.Table) -> pa.Table:
        granted = self.granted
        if granted is None:
            return table
        name = next(name for name in granted.column_names if name != SUBJECT)
        lists = pa.concat_arrays([*granted[name].chunks, pa.array([[]], granted[name].type)])
        at = pc.index_in(table[SUBJECT], granted[SUBJECT].combine_chunks())
        return table.append_column(name, lists.take(pc.fill_null(at, granted.num_rows).combine_chunks()))
