"""Where a mirror reads from: another installation's log over HTTP, or a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx

from zhida.domain.errors import FinalOutside, RetryableOutside
from zhida.services.mirroring.folder import TileFolder

Payloads = Callable[[int], dict[str, str]]
"""Gives the fields, as stored, of a block's entries by entry id; those that are not erased."""


class HttpSource:
    """A log below `address` (such as https://city.example/log). With a token it hands out fields too."""

    def __init__(self, address: str, token: str = "", *, timeout_s: float = 20.0) -> None:
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout_s = timeout_s

    def read(self, path: str) -> bytes | None:
        """The file's bytes, None where there is none. Raises RetryableOutside where no answer came."""
        try:
            with httpx.Client(timeout=self._timeout_s, trust_env=False, headers=self._headers) as client:
                reply = client.get(f"{self._address}/{path}")
        except httpx.HTTPError as error:
            raise RetryableOutside("no_log", f"{self._address}: {type(error).__name__}", "is it running?") from error
        if reply.status_code == httpx.codes.NOT_FOUND:
            return None
        if reply.status_code != httpx.codes.OK:
            raise RetryableOutside("no_log", f"{self._address}/{path} answered {reply.status_code}")
        return reply.content

    def payloads(self, index: int) -> dict[str, str]:
        """The fields of block `index`. Raises FinalOutside where the log does not hand them to this token."""
        data = self.read(f"payloads/{index}")
        if data is None:
            raise FinalOutside("no_payloads", "this log hands its fields to nobody, or not to this token")
        return {str(name): str(fields) for name, fields in json.loads(data).items()}


class MirrorFolder:
    """What a mirror keeps: the log's files under `log`, which may be served, and fields under `payloads`, never."""

    def __init__(self, folder: Path) -> None:
        self.tiles = TileFolder(folder / "log")
        self._payloads = folder / "payloads"

    def read(self, path: str) -> bytes | None:
        """A file of the log, None where there is none."""
        return self.tiles.read(path)

    def payloads(self, index: int) -> dict[str, str]:
        """The fields kept of block `index`."""
        path = self._payloads / f"{index}.json"
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}

    def keep_payloads(self, index: int, fields: dict[str, str]) -> None:
        """Keeps a block's fields in the place of those before: what was erased is then gone here too."""
        self._payloads.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self._payloads / f".{index}.draft"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
        draft.replace(self._payloads / f"{index}.json")

    def blocks_with(self, entry_ids: set[str]) -> list[int]:
        """The blocks in which fields of these entries are kept."""
        found = (int(path.stem) for path in self._payloads.glob("[0-9]*.json"))
        return sorted(index for index in found if entry_ids & self.payloads(index).keys())
