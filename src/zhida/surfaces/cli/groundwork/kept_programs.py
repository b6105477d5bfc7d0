"""Programs kept by the bytes they were read from: a pack that is as it was is neither read nor checked again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from zhida.domain.errors import Problem
from zhida.domain.packs import sha256
from zhida.domain.rules import Program, Schema
from zhida.domain.rules.engines.table.manifest import Trees, read, write
from zhida.domain.values import SubjectKind

Files = Mapping[str, bytes]

FORMAT, KEPT = 1, 4_096


@dataclass(frozen=True)
class Read:
    """The programs of a pack, with a schema of what the pack adds to what all share; who owns them; what is wrong."""

    programs: tuple[Program, ...]
    owner: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """A folder of what sound packs came to, under what `shared` (a digest) says of all that they share."""

    folder: Path
    shared: str

    @classmethod
    def over(cls, folder: Path, shared: Files) -> Shelf:
        """The shelf of packs over these shared files, as this release of zhida reads them."""
        return cls(folder, digest_of({**shared, "": f"{FORMAT} {version('zhida')}".encode()}))

    def path(self, pack_id: str, files: Files) -> Path:
        """Where a pack with these files is kept."""
        return self.folder / f"{sha256(f'{self.shared} {pack_id} {digest_of(files)}'.encode())[:40]}.json"

    def find(self, path: Path) -> Read | None:
        """What is kept at a path; None where nothing is, or nothing that can be used."""
        try:
            owner, own, written = json.loads(path.read_bytes())
        except (OSError, ValueError):
            return None
        schema: Schema = read(own, Trees())
        programs: list[Program] = [read(each, Trees()) for each in written]
        return Read(
            tuple(replace(each, schema=schema, audience=SubjectKind(each.audience)) for each in programs), owner
        )

    def keep(self, path: Path, found: Read) -> None:
        """Keeps what a sound pack came to, whole or not at all."""
        schema = found.programs[0].schema if found.programs else Schema()
        programs = [write(replace(each, schema=Schema()), Trees()) for each in found.programs]
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps([found.owner, write(schema, Trees()), programs], ensure_ascii=False), "utf-8")
        draft.replace(path)

    def tidy(self) -> None:
        """Drops all but the newest."""
        for old in sorted(self.folder.iterdir(), key=lambda each: -each.stat().st_mtime)[KEPT:]:
            old.unlink(missing_ok=True)


def digest_of(files: Files) -> str:
    """SHA-256 in hex over the paths and bytes of files."""
    state = hashlib.sha256()
    for path in sorted(files):
        state.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return state.hexdigest()
