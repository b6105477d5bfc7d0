"""A crowd written as Parquet files, part by part: what is finished is kept, what was cut off is drawn again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from zhida.domain.errors import ConflictError
from zhida.kernel.registry.storage import ROW_GROUP
from zhida.services.demonstration.generation.snapshots import Crowd

Told = Callable[[int], None]


@dataclass(frozen=True)
class Partitions:
    """The files of a crowd in order; `drawn` of them are new, the others were there."""

    files: tuple[Path, ...]
    rows: int
    drawn: int


def write_partitions(crowd: Crowd, folder: Path, *, groups_each: int = 1, step: Told = lambda rows: None) -> Partitions:
    """Writes `part-00000.parquet` and so on below a folder, each with `groups_each` row groups of 65,536 rows.

    A file is complete or absent: it is written aside, then renamed, so that running again goes on where it was cut
    off. `step` is told of every part's rows as they are written or found. The same crowd gives the same rows however
    they are cut into files, and the same bytes where they are cut alike. Raises ConflictError `another_population`
    where the folder holds files of another one; nothing is overwritten then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, crowd.parts, groups_each)
    files = [folder / f"part-{place:05d}.parquet" for place in range(len(starts))]
    there = [_is_there(crowd, file, start, groups_each) for file, start in zip(files, starts, strict=True)]
    if strange := sorted(set(folder.glob("part-*.parquet")) - set(files)):
        raise _another(strange[0])
    for file, start, is_there in zip(files, starts, there, strict=True):
        if is_there:
            step(_rows(crowd, start, groups_each))
        else:
            _write(crowd, file, range(start, min(start + groups_each, crowd.parts)), step)
    return Partitions(tuple(files), crowd.count, there.count(False))


def _write(crowd: Crowd, file: Path, numbers: range, step: Told) -> None:
    draft = file.with_suffix(".draft")
    first = crowd.part(numbers[0])
    with pq.ParquetWriter(draft, first.schema, compression="zstd") as writer:
        for number in numbers:
            table = first if number == numbers[0] else crowd.part(number)
            writer.write_table(table, row_group_size=ROW_GROUP)
            step(table.num_rows)
    draft.replace(file)


def _is_there(crowd: Crowd, file: Path, start: int, groups_each: int) -> bool:
    """Whether a file is finished and of this crowd. One that is not readable counts as cut off."""
    if not file.exists():
        return False
    try:
        found = pq.read_metadata(file)
    except (pa.ArrowInvalid, OSError):
        return False
    notes = {key.decode(): value.decode() for key, value in (found.metadata or {}).items()}
    if {key: notes.get(key) for key in crowd.notes} != dict(crowd.notes):
        raise _another(file)
    if found.num_rows != _rows(crowd, start, groups_each):
        raise _another(file)
    return True


def _rows(crowd: Crowd, start: int, groups_each: int) -> int:
    return min((start + groups_each) * crowd.rows_each, crowd.count) - start * crowd.rows_each


def _another(file: Path) -> ConflictError:
    return ConflictError(
        "another_population",
        f"{file} is no part of the population asked for",
        "name an empty folder, or ask for the same numbers, seed, day and dictionary as before",
    )
