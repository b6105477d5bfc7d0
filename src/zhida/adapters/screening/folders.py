"""Files and folders that are whole or not there: written under a draft's name, then renamed."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.errors import ConflictError, RetryableOutside


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A name aside to write a file or folder under; it takes `path` when the block has ended well, and never before.

    Raises RetryableOutside `cannot_write` where the disk is full or refuses; what was at `path` stays.
    """
    draft = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        draft.replace(path)
    except OSError as error:
        words = f"{path} could not be written: {error.strerror or error}"
        raise RetryableOutside("cannot_write", words, "make room; the same command goes on where it was") from error
    finally:
        if draft.is_dir():
            shutil.rmtree(draft)
        draft.unlink(missing_ok=True)


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Keeps other processes off a draft folder. Raises ConflictError `screening_under_way` where one is at it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            words = "another process screens the same population at this moment"
            raise ConflictError("screening_under_way", words, "wait for it, or end it") from error
        yield


def write_table(path: Path, table: pa.Table) -> None:
    """An Arrow file, which readers map instead of loading."""
    with whole(path) as draft, pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_table(path: Path) -> pa.Table:
    """A mapped Arrow file. Raises pyarrow.ArrowInvalid where it is cut off, FileNotFoundError where it is not there."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def write_array(path: Path, array: NDArray[Any]) -> None:
    """One array as .npy."""
    with whole(path) as draft, draft.open("wb") as file:
        np.save(file, array, allow_pickle=False)


def read_array(path: Path) -> NDArray[Any]:
    """A mapped array. Raises ValueError where the file is cut off."""
    held: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return held


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """JSON for people and for us."""
    with whole(path) as draft:
        draft.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def read_record(path: Path) -> dict[str, Any]:
    """What `write_record` wrote."""
    record: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return record
