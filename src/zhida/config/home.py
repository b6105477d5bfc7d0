"""The home of an installation: one folder with its keys, its embedded database and the files it makes."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def open_home(text: str) -> Path:
    """The home named by `text`, else `~/.zhida`; made, for its owner's eyes only, where it is not there."""
    home = Path(text).expanduser().resolve() if text else Path.home() / ".zhida"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def secret_key(home: Path) -> str:
    """The signing key of log-ins, made on first use; two processes that start at once end with the same key."""
    path = home / "secret_key"
    if not path.exists():
        draft = home / f"secret_key.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50), encoding="ascii")
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii")
