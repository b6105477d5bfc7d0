"""A population's rows by chunks of 65,536, read from its Parquet files: what a worker anywhere is handed is paths."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import CHUNK

ORIGIN, ROW = "~", "~row"
Span = tuple[int, int]


@dataclass(frozen=True)
class Parts:
    """Parquet files behind each other; `sizes` are the rows of their row groups, file by file.

    `stale` and the files `laid` and `granted` are as in `Population`; a laid row's number stands in its column `~row`.
    """

    files: tuple[str, ...]
    sizes: tuple[tuple[int, ...], ...]
    rows: int
    stale: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    laid: str = ""
    granted: str = ""

    @property
    def held(self) -> int:
        """The rows of the files alone, without what was laid behind them."""
        return sum(map(sum, self.sizes))

    @cached_property
    def attributes(self) -> frozenset[str]:
        """What there is a column for, of whatever period."""
        return frozenset(name.partition("@")[0] for name in opened(self.files[0]).schema_arrow.names)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.rows // CHUNK)

    @cached_property
    def touched(self) -> frozenset[int]:
        """The chunks in which rows were laid."""
        return frozenset((_table(self.laid)[ROW].to_numpy() // CHUNK).tolist()) if self.laid else frozenset()

    def laid_digest(self, chunk: int) -> str:
        """What was laid over a chunk's rows: SHA-256 in hex, "" where nothing was."""
        if chunk not in self.touched:
            return ""
        laid = _table(self.laid)
        here = laid.filter(pa.array(laid[ROW].to_numpy() // CHUNK == chunk))
        return hashlib.sha256(repr(here.to_pydict()).encode()).hexdigest()

    def part(self, chunk: int) -> pa.Table:
        """The rows of a chunk, every column: `subject`, `region` and facts."""
        start, end = chunk * CHUNK, min((chunk + 1) * CHUNK, self.rows)
        table = self._fresh(self._read(start, min(end, self.held)))
        if self.laid:
            table = self._with_laid(table, start, end, _table(self.laid).column_names)
        return self._with_granted(table) if self.granted else table

    def column(self, name: str) -> pa.ChunkedArray:
        """One column of all rows."""
        tables = []
        for path in self.files:
            with _readable(path):
                tables.append(pq.read_table(path, columns=[name], partitioning=None))
        table = pa.concat_tables(tables) if tables else pa.table({name: []})
        return (self._with_laid(table, 0, self.rows, [name]) if self.laid else table)[name]

    def _read(self, start: int, end: int) -> pa.Table:
        pieces, at = [], 0
        for path, sizes in zip(self.files, self.sizes, strict=True):
            wanted = [(group, span) for group, span in _overlaps(sizes, at, start, end)]
            at += sum(sizes)
            if wanted:
                file = opened(path)
                with _readable(path):
                    pieces += [file.read_row_group(group).slice(low, high - low) for group, (low, high) in wanted]
        return pa.concat_tables(pieces) if pieces else opened(self.files[0]).schema_arrow.empty_table()

    def _fresh(self, table: pa.Table) -> pa.Table:
        """Without what has grown too old, and without the columns that say who spoke."""
        for name, stale in self.stale.items():
            at = table.schema.get_field_index(name)
            spoken_by = table[ORIGIN + name] if ORIGIN + name in table.column_names else None
            is_stale = pa.scalar(True) if spoken_by is None else pc.is_in(spoken_by, _typed(stale, spoken_by.type))
            fresh = pc.if_else(is_stale, pa.scalar(None, table.schema.field(at).type), table.column(at))
            table = table.set_column(at, table.schema.field(at), fresh)
        return table.select([name for name in table.column_names if not name.startswith(ORIGIN)])

    def _with_laid(self, table: pa.Table, start: int, end: int, names: Sequence[str]) -> pa.Table:
        laid = _table(self.laid)
        places = laid[ROW].to_numpy()
        here = (places >= start) & (places < end)
        if not here.any():
            return table
        rows: NDArray[np.int64] = places[here] - start
        kept = np.setdiff1d(np.arange(table.num_rows), rows)
        over = _like(laid.select([name for name in names if name != ROW]).filter(pa.array(here)), table.schema)
        both = pa.concat_tables([table.take(pa.array(kept)), over], promote_options="default")
        return both.unify_dictionaries().take(pa.array(np.argsort(np.concatenate([kept, rows]), kind="stable")))

    def _with_granted(self, table: pa.Table) -> pa.Table:
        granted = _table(self.granted)
        name = next(name for name in granted.column_names if name != "subject")
        lists = pa.concat_arrays([*granted[name].chunks, pa.array([[]], granted[name].type)])
        at = pc.index_in(table["subject"], granted["subject"].combine_chunks())
        return table.append_column(name, lists.take(pc.fill_null(at, granted.num_rows).combine_chunks()))


def parts_of(files: tuple[Path, ...]) -> Parts:
    """The files with their sizes. Raises InvariantBroken `unreadable_rows` for what is no Parquet file or cut off,
    `columns_differ` where a file has other columns than the first, `column_missing` without a subject or region, or
    without one that the file's own notes (`columns`) promise."""
    sizes, first = [], None
    for path in files:
        file = opened(str(path))
        schema = file.schema_arrow.remove_metadata()
        first = first or schema
        if not schema.equals(first):
            words = f"{path} has other columns than {files[0]}"
            raise InvariantBroken("columns_differ", words, "generate or export all files alike")
        _refuse_lacking(
            path, schema, ("subject", "region"), "write the key and region of each subject beside its facts"
        )
        promised = (file.schema_arrow.metadata or {}).get(b"columns", b"").decode().split()
        _refuse_lacking(
            path, schema, promised, "its notes promise it: write the file again, or take it out of the notes"
        )
        sizes.append(tuple(file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)))
    return Parts(tuple(map(str, files)), tuple(sizes), sum(map(sum, sizes)))


def _refuse_lacking(path: Path, schema: pa.Schema, names: Sequence[str], hint: str) -> None:
    lacking = sorted(set(names) - set(schema.names))
    if lacking:
        raise InvariantBroken("column_missing", f"{path} has no column {' or '.join(lacking)}", hint)


def opened(path: str) -> pq.ParquetFile:
    """A Parquet file, mapped. Raises InvariantBroken `unreadable_rows`."""
    with _readable(path):
        return pq.ParquetFile(path, memory_map=True)


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Says of a file that it is not whole, and not that the disk would not write."""
    try:
        yield
    except (pa.ArrowInvalid, OSError) as error:
        words = f"{path} is not a whole Parquet file: {error}"
        raise InvariantBroken("unreadable_rows", words, "build the snapshot, or write the file, again") from error


def _overlaps(sizes: tuple[int, ...], at: int, start: int, end: int) -> Iterator[tuple[int, Span]]:
    """The row groups of a file that begins at row `at` that hold rows from start to end: group, and rows within."""
    for group, size in enumerate(sizes):
        low, high = max(start - at, 0), min(end - at, size)
        if low < high:
            yield group, (low, high)
        at += size


def _typed(places: tuple[int, ...], kind: pa.DataType) -> pa.Array:
    return pa.array(places, pa.int64()).cast(kind)


def _like(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table with the types that a schema has for the columns of the same names."""
    fields = [schema.field(field.name) if field.name in schema.names else field for field in table.schema]
    return table.cast(pa.schema([field.remove_metadata() for field in fields]))


def _table(path: str) -> pa.Table:
    return _mapped(path, Path(path).stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _mapped(path: str, written_at: int) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(path)).read_all()
