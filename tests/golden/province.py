"""The packs that come with Zhida, read once for all golden tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zhida.domain.packs import Root, read_root

FOLDER = Path(__file__).parents[2] / "packs"


@cache
def province() -> Root:
    """The root `packs/`."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    return read_root(files)
