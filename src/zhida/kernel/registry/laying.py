"""Laying the overlay into a joined column, and letting go of changes that their source has caught up with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from zhida.domain.registers.columns import from_json, stored
from zhida.domain.registers.joining import Joined, Positions, Voice, flat, pick, plain
from zhida.domain.registers.shapes import Shape
from zhida.kernel.registry.models import Overlay

Origin = tuple[str, str, str]


@dataclass(frozen=True)
class Laid:
    """A finished column: its values, and for each row the index of its origin (source, date, batch), -1 if unknown."""

    values: pa.Array
    said_by: Positions
    origins: tuple[Origin, ...]


def latest(rows: Iterable[Overlay]) -> dict[tuple[str, int], Overlay]:
    """The last change of each fact key and subject; rows come in the order of their positions."""
    return {(row.fact_key, row.subject_id): row for row in rows}


def has_caught_up(row: Overlay, shape: Shape, voices: Sequence[Voice]) -> bool:
    """Whether a change has done its work: the source agrees with a correction, or speaks of a later date at all."""
    wanted = None if row.is_unknown else stored(shape, from_json(shape, row.value))
    for voice in voices:
        place = int(np.searchsorted(voice.subjects, row.subject_id))
        if place == len(voice.subjects) or voice.subjects[place] != row.subject_id:
            continue
        said = voice.values[place].as_py()
        if row.nature == "correction":
            if voice.observed_on >= row.observed_on and said == wanted and said is not None:
                return True
        elif voice.observed_on > row.observed_on and said is not None:
            return True
    return False


def lay(joined: Joined, rows: Sequence[Overlay], subjects: Positions, shape: Shape, kind: pa.DataType) -> Laid:
    """The joined column with the changes `rows` (one for each subject) laid over it."""
    origins: list[Origin] = [(voice.source, voice.observed_on.isoformat(), voice.batch) for voice in joined.voices]
    if not rows:
        return Laid(joined.values, joined.spoken_by, tuple(origins))
    places = np.searchsorted(subjects, np.array([row.subject_id for row in rows], dtype=np.int64))
    chosen = np.where(np.asarray(joined.values.is_valid()), np.arange(len(subjects)), -1)
    said_by = joined.spoken_by.copy()
    values = []
    for number, (row, place) in enumerate(zip(rows, places, strict=True)):
        origin = (row.source, row.observed_on.isoformat(), "overlay")
        if origin not in origins:
            origins.append(origin)
        values.append(None if row.is_unknown else stored(shape, from_json(shape, row.value)))
        chosen[place] = -1 if row.is_unknown else len(subjects) + number
        said_by[place] = -1 if row.is_unknown else origins.index(origin)
    parts = [flat(joined.values, kind), pa.array(values, type=plain(kind))]
    return Laid(pick(parts, chosen, kind), said_by, tuple(origins))
