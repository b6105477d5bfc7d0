"""Parquet files under the home, each named by its root: the SHA-256 of its own bytes, which anyone can check."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from zhida.domain.errors import InvariantBroken

ROW_GROUP = 65_536


def place(relative: str) -> Path:
    """Where a path kept in the database stands on this machine."""
    return Path(settings.HOME) / relative


def folder(*names: str) -> Path:
    """A folder of the registry under the home, made where it is not there."""
    path = place("registry").joinpath(*names)
    path.mkdir(parents=True, exist_ok=True)
    return path


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(table: pa.Table, *names: str) -> tuple[str, str]:
    """Writes a table into the folder `names` as `<root>.parquet`; gives its path from the home, and the root.

    The same table gives the same root, and the file is complete or absent: it is written aside, then renamed.
    """
    target = folder(*names)
    draft = target / f"draft.{os.getpid()}.parquet"
    pq.write_table(table, draft, row_group_size=ROW_GROUP, compression="zstd")
    root = digest_of(draft)
    path = target / f"{root}.parquet"
    draft.replace(path)
    return str(path.relative_to(settings.HOME)), root


def open_file(relative: str) -> pq.ParquetFile:
    """A kept file, ready to be read by row group. Raises InvariantBroken where it is gone."""
    path = place(relative)
    if not path.exists():
        raise InvariantBroken("file_gone", f"{path} is named by the registry and is not there")
    return pq.ParquetFile(path, memory_map=True)


def read(relative: str, columns: list[str] | None = None) -> pa.Table:
    """A kept file as a table, or only some of its columns."""
    return open_file(relative).read(columns=columns)
