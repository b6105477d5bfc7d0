"""The log's files (c2sp.org/tlog-tiles) in a folder: files are added whole and never changed; only the head is."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from zhida.domain.errors import InvariantBroken, RetryableOutside
from zhida.domain.proofs.tiles import CHECKPOINT, is_tile_path


class TileFolder:
    """A TilePort over a folder, which is made with the first file. A web server may serve it as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._prefix = f"{folder}{os.sep}"

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none, or where the path is not one of a log's files."""
        if not is_log_path(path):
            return None
        try:
            with open(f"{self._prefix}{path}", "rb", buffering=0) as file:  # noqa: PTH123 (a log is thousands of files)
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, path: str, data: bytes) -> None:
        """Adds a file, on disk before this returns; a full tile's partial ones before it are then removed.

        Raises InvariantBroken where it is there already with other bytes.
        """
        known = self.read(path)
        if known is None:
            self._put(path, data)
        elif known != data:
            raise InvariantBroken("log_file_differs", f"{path} is written already, with other bytes")
        shutil.rmtree(self.folder / f"{path}.p", ignore_errors=True)

    def replace(self, path: str, data: bytes) -> None:
        """Puts a file in the place of the one before it, on disk before this returns: for the head, and for repairs."""
        self._put(path, data)

    def _put(self, path: str, data: bytes) -> None:
        """The file whole or not at all. Raises RetryableOutside where the disk takes it not (it is full, say)."""
        target = self.folder / path
        draft = target.parent / f".{target.name}.{secrets.token_hex(8)}"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
            place = os.open(target.parent, os.O_RDONLY)
            os.fsync(place)
            os.close(place)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            words = f"{target} was not written: {error.strerror}"
            raise RetryableOutside(
                "log_not_written", words, "make room on the disk; what is missing is then written"
            ) from error


def is_log_path(path: str) -> bool:
    """Whether a path names one of a log's files."""
    return path == CHECKPOINT or is_tile_path(path)
