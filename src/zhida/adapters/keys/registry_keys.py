"""The two keys that hide personal numbers, in files of the home."""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cached_property
from pathlib import Path

_BYTES = 32


class FileRegistryKeys:
    """RegistryKeys over a folder: `registry.sealing` and `registry.index` (hexadecimal, mode 0600), made on first use.

    Two processes that start at once end with the same keys.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sealing_key(self) -> bytes:
        """Encrypts personal numbers and quarantined lines."""
        return self._sealing

    def index_key(self) -> bytes:
        """Makes the blind index by which a number is found."""
        return self._index

    @cached_property
    def _sealing(self) -> bytes:
        return self._read("registry.sealing")

    @cached_property
    def _index(self) -> bytes:
        return self._read("registry.index")

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        if not path.exists():
            draft = self.folder / f"{name}.{os.getpid()}"
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(_BYTES), "ascii")
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        return bytes.fromhex(path.read_text("ascii"))
