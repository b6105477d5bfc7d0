"""Encoded populations kept beside the snapshots: made once for a snapshot and a plan's columns, then only mapped."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from zhida.adapters.screening.folders import read_array, read_record, whole, write_record
from zhida.adapters.screening.parts import Parts
from zhida.adapters.screening.threads import in_threads
from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.table import Encoder, Plan, Store, shapes_of

FORMAT, KEPT = 1, 2
Step = Callable[[int, str], None]


@dataclass(frozen=True)
class Encoded:
    """A mapped store, and for each of its chunks the rows that engine one decided, by expression."""

    store: Store
    fallbacks: tuple[Mapping[str, int], ...]


def encoded(folder: Path, parts: Parts, root: str, plan: Plan, *, step: Step) -> Encoded:
    """The encoded rows of the files (what is laid over them left out): mapped where they are kept, else made and kept.

    `root` identifies the rows. A store that is cut off or another's is refused, `step` told so, and made anew; the
    newest two are kept.
    """
    base = replace(parts, laid="", rows=parts.held)
    key = hashlib.sha256(json.dumps([FORMAT, root, plan.layout]).encode()).hexdigest()[:40]
    place = folder / key
    if place.exists():
        try:
            return opened(place, plan, base.rows)
        except InvariantBroken as error:
            step(0, str(error))
            shutil.rmtree(place)
    with whole(place) as draft:
        draft.mkdir()
        _make(draft, base, plan, step)
    for old in sorted((each for each in folder.iterdir() if each != place), key=_newest)[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
    return opened(place, plan, base.rows)


def opened(place: Path, plan: Plan, rows: int) -> Encoded:
    """A kept store, mapped. Raises InvariantBroken `broken_store` where a file of it is missing, cut off or another's,
    ConflictError `store_of_another_plan` where it was encoded for other columns."""
    try:
        described = read_record(place / "about.json")
        arrays = {}
        for name, (shape, kind) in shapes_of(plan, rows).items():
            arrays[name] = held = read_array(place / f"{name}.npy") if 0 not in shape else np.zeros(shape, kind)
            if held.shape != shape or held.dtype != kind:
                raise ValueError(f"{name} is {held.dtype}{list(held.shape)}, not {kind}{list(shape)}")
        found = Encoded(Store.opened(described, arrays), tuple(described["by_chunk"]))
    except (OSError, ValueError, KeyError) as error:
        words = f"the encoded rows at {place} cannot be used: {error}"
        raise InvariantBroken("broken_store", words, "they are made anew from the snapshot") from error
    found.store.refuse_other_than(plan)
    return found


def _make(draft: Path, parts: Parts, plan: Plan, step: Step) -> None:
    encoder = Encoder(plan)
    head = pa.table({name: parts.column(name) for name in ("subject", "region")})
    regions, words = encoder.regions(head)
    arrays: dict[str, NDArray[Any]] = {}
    for name, (shape, kind) in shapes_of(plan, parts.rows).items():
        if 0 in shape:
            arrays[name] = np.zeros(shape, kind)
        else:
            arrays[name] = open_memmap(draft / f"{name}.npy", mode="w+", dtype=kind, shape=shape)
    arrays["regions"][:] = regions
    arrays["subjects"][:] = encoder.subjects(head)

    def fill(chunk: int) -> tuple[int, Counter[str]]:
        return chunk, encoder.fill(arrays, chunk, parts.part(chunk))

    by_chunk: dict[int, Counter[str]] = {}
    for chunk, counted in in_threads(fill, range(parts.chunks)):
        by_chunk[chunk] = counted
        step(len(by_chunk), "encoding")
    described = {
        "layout": plan.layout,
        "rows": parts.rows,
        "region_words": words,
        "fallbacks": dict(sum(by_chunk.values(), Counter())),
        "by_chunk": [by_chunk[chunk] for chunk in range(parts.chunks)],
    }
    write_record(draft / "about.json", described)


def _newest(place: Path) -> float:
    return -place.stat().st_mtime
