"""A made-up province's pack root written to a folder, pack by pack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhida.domain.errors import ConflictError
from zhida.services.demonstration.generation.province.items import pack_files
from zhida.services.demonstration.generation.province.packs import layout
from zhida.services.demonstration.generation.province.world import shared_files

Told = Callable[[int], None]


@dataclass(frozen=True)
class WrittenRoot:
    """How many packs and files the root has, and how many of the files are new."""

    packs: int
    files: int
    fresh: int


def write_root(items: int, seed: int, folder: Path, *, step: Told = lambda items: None) -> WrittenRoot:
    """Writes the pack root of so many items below a folder; `step` is told of every pack's items.

    Each file is complete or absent, and one that is there already is kept, so that running again goes on where it was
    cut off. Raises ConflictError `another_root` for a file that says something else, or a pack that does not belong
    here; neither is touched.
    """
    places = layout(items, seed)
    strange = {path.parent.relative_to(folder).as_posix() for path in folder.glob("*/*/pack.yaml")}
    strange -= {place.id for place in places}
    if strange:
        raise _another(folder / min(strange))
    fresh = [_write(folder / name, data) for name, data in shared_files(seed).items()]
    for place in places:
        fresh += [_write(folder / name, data) for name, data in pack_files(place, seed)]
        step(len(place.bodies))
    return WrittenRoot(len(places), len(fresh), sum(fresh))


def _write(path: Path, data: bytes) -> bool:
    """Writes a file where it is not there yet; says whether it did."""
    if path.exists():
        if path.read_bytes() != data:
            raise _another(path)
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(data)
    draft.replace(path)
    return True


def _another(path: Path) -> ConflictError:
    return ConflictError(
        "another_root", f"{path} is of another pack root", "name an empty folder, or ask for the same items and seed"
    )
