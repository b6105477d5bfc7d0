"""How long it takes to verify a log from its files, beside hashing its entries once with hashlib."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from zhida.domain.proofs import Checkpoint, Frontier, leaf_hash
from zhida.domain.proofs.heads import file_faults
from zhida.domain.proofs.tiles import WIDTH, ReadFile, bundle_of, bundle_path, entries_of, new_tiles
from zhida.services.mirroring.folder import TileFolder

SEED = 20260303
_PORTION = 64 * WIDTH


def measure(entries: int = 1_000_000) -> dict[str, float | int]:
    """Processor seconds of each and their ratio: `{entries, seed, bytes_per_entry, hash_s, verify_s, ratio, faults}`.

    The entries have the form of real leaves (four fields each). Both read the same files, warm, in one process, in
    turns, the best of five each; plain hashing is SHA-256 once over each entry, which stands ready, and nothing else.
    """
    with tempfile.TemporaryDirectory(prefix="zhida-log-") as name:
        folder = Path(name)
        head, total = _build(folder, entries)
        read = TileFolder(folder).read
        turns = [(_plain(folder, entries), _timed(read, head)) for _ in range(5)]
        hash_s, verify_s = (min(spent) for spent in zip(*turns, strict=True))
        faults = file_faults(read, head)
    return {
        "entries": entries,
        "seed": SEED,
        "bytes_per_entry": round(total / entries),
        "hash_s": round(hash_s, 3),
        "verify_s": round(verify_s, 3),
        "ratio": round(verify_s / hash_s, 2),
        "faults": len(faults),
    }


def _timed(read: ReadFile, head: Checkpoint) -> float:
    started = time.process_time()
    file_faults(read, head)
    return time.process_time() - started


def _plain(folder: Path, entries: int) -> float:
    """Processor seconds of hashing alone; the bytes are cut into entries beforehand, portion by portion."""
    spent, sha256 = 0.0, hashlib.sha256
    for index in range(-(-entries // WIDTH)):
        width = min(WIDTH, entries - index * WIDTH)
        held = entries_of((folder / bundle_path(index, width)).read_bytes())
        started = time.process_time()
        for entry in held:
            sha256(entry).digest()
        spent += time.process_time() - started
    return spent


def _build(folder: Path, entries: int) -> tuple[Checkpoint, int]:
    written, frontier, total = _made_up(entries), Frontier(), 0
    for first in range(0, entries, _PORTION):
        portion = [next(written) for _ in range(min(_PORTION, entries - first))]
        total += sum(map(len, portion))
        for at in range(0, len(portion), WIDTH):
            held = portion[at : at + WIDTH]
            _write(folder / bundle_path((first + at) // WIDTH, len(held)), bundle_of(held))
        hashes = [leaf_hash(entry) for entry in portion]
        for path, data in new_tiles(lambda path: _read(folder / path), first, b"".join(hashes)):
            _write(folder / path, data)
        frontier = frontier.extend(hashes)
    return Checkpoint("bench.example/log", entries, frontier.root), total


def _made_up(entries: int) -> Iterator[bytes]:
    random = Random(SEED)
    for number in range(entries):
        digests = ",".join(
            f'"{name}":"{random.randbytes(32).hex()}"' for name in ("amount_fen", "by", "line", "outcome")
        )
        head = f'{{"about":"case_{number:026d}","at":"2026-03-03T02:00:00.000000Z","digests":{{{digests}}},'
        yield f'{head}"id":"entry_{number:026d}","kind":"case.decided"}}'.encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
