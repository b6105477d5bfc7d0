"""A folder of forms, a file each, for one release: whatever the code that reads packs is, its folder is another.

The files are pickles, so only what this account alone can write is taken up: the folder is made for it alone, and one
that is not is left alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zlib
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from zhida import domain


class FormFolder:
    """Keeps bytes by name below a folder. What cannot be kept or read, on a full or foreign disk, is not
    there."""

    def __init__(self, above: Path) -> None:
        self.above = above

    def find(self, name: str) -> bytes | None:
        """What is kept under a name, whole; None where nothing is."""
        try:
            return zlib.decompress((self._folder / _file(name)).read_bytes()) if self._folder else None
        except (OSError, zlib.error):
            return None

    def keep(self, name: str, data: bytes) -> None:
        """Keeps bytes under a name, whole or not at all."""
        if not self._folder:
            return
        with suppress(OSError):
            handle, draft = tempfile.mkstemp(dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(zlib.compress(data, 1))
                Path(draft).replace(self._folder / _file(name))
            except OSError:
                Path(draft).unlink(missing_ok=True)
                raise

    @cached_property
    def _folder(self) -> Path | None:
        """The release's folder, this account's alone; made at once, and those of other releases dropped."""
        folder = self.above / _release()
        try:
            if not folder.exists():
                self.above.mkdir(parents=True, exist_ok=True)
                for old in self.above.iterdir():
                    shutil.rmtree(old, ignore_errors=True)
                folder.mkdir(mode=0o700, exist_ok=True)
            held = folder.stat()
        except OSError:
            return None
        return folder if held.st_uid == os.getuid() and not held.st_mode & 0o022 else None


def _file(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:40]


def _release() -> str:
    """What the code that packs are read by is: SHA-256 over its files, shortened."""
    home, state = Path(domain.__file__).parent, hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        state.update(str(path.relative_to(home)).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()[:16]
