"""Where the index stands: one folder a build, and the name of the one in force, swapped whole."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tantivy import Index, Searcher

_CURRENT = "current"
_TRIES = 3


@dataclass(frozen=True)
class OpenIndex:
    """A build that is open for reading; it stays readable after another has taken its place."""

    folder: Path
    searcher: Searcher

    @property
    def edition(self) -> str:
        """What it was made from."""
        return (self.folder / "edition").read_text("utf-8")


def current(folder: Path) -> OpenIndex | None:
    """The index in force in the folder of all builds, None before the first. A process opens each build once."""
    for _ in range(_TRIES):
        name = current_name(folder)
        if not name:
            return None
        try:
            return _opened(folder / name)
        except (FileNotFoundError, ValueError):
            continue
    return None


def current_name(folder: Path) -> str:
    """The name of the build in force, "" before the first."""
    try:
        return (folder / _CURRENT).read_text("utf-8")
    except FileNotFoundError:
        return ""


@lru_cache(maxsize=2)
def _opened(folder: Path) -> OpenIndex:
    return OpenIndex(folder, Index.open(str(folder)).searcher())


@contextmanager
def sole_writer(folder: Path) -> Iterator[None]:
    """Holds off every other writer of this host until the block ends; makes the folder where it is not there."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def put_in_force(build: Path) -> None:
    """Readers open this build from now on; builds older than the one before it are removed."""
    folder = build.parent
    before = current_name(folder)
    draft = folder / "current.draft"
    draft.write_text(build.name, "utf-8")
    draft.replace(folder / _CURRENT)
    for other in folder.iterdir():
        if other.is_dir() and other.name not in (build.name, before):
            shutil.rmtree(other, ignore_errors=True)
