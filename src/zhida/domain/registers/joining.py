"""The latest word on every fact: which batch speaks for which subject, column by column, with the source kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhida.domain.registers.shapes import Shape

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Voice:
    """One column of one batch: who says what of which subjects, sorted as the batch is."""

    batch: str
    source: str
    observed_on: date
    is_complete: bool
    subjects: Positions
    values: pa.Array


@dataclass(frozen=True)
class Joined:
    """A column over all subjects; `spoken_by` is the index of the voice behind each row, -1 where it is unknown."""

    values: pa.Array
    spoken_by: Positions
    voices: tuple[Voice, ...]


def heard(voices: Sequence[Voice], shape: Shape, on: date) -> tuple[Voice, ...]:
    """The voices that count on a date, oldest first: the owner's where it speaks at all, none that is stale, and
    nothing from before the last complete batch."""
    owned = [voice for voice in voices if voice.source == shape.owner] or list(voices)
    if shape.stale_after_days is not None:
        oldest = on - timedelta(days=shape.stale_after_days)
        owned = [voice for voice in owned if voice.observed_on >= oldest]
    complete = [place for place, voice in enumerate(owned) if voice.is_complete]
    return tuple(owned[complete[-1] :] if complete else owned)


def join(voices: Sequence[Voice], subjects: Positions, kind: pa.DataType, absent: Any) -> Joined:
    """Lays the voices over each other, a later known value over an earlier one, for `subjects` (sorted keys).

    `absent` is the stored value that a complete source's silence stands for; None leaves silence unknown.
    """
    chosen = np.full(len(subjects), -1, dtype=np.int64)
    spoken_by = np.full(len(subjects), -1, dtype=np.int64)
    parts: list[pa.Array] = []
    offset = 0
    for number, voice in enumerate(voices):
        known = np.asarray(voice.values.is_valid())
        keys = voice.subjects[known]
        places = np.minimum(np.searchsorted(subjects, keys), max(len(subjects) - 1, 0))
        here = subjects[places] == keys if len(subjects) else np.zeros(len(keys), dtype=bool)
        chosen[places[here]] = offset + np.flatnonzero(known)[here]
        spoken_by[places[here]] = number
        parts.append(flat(voice.values, kind))
        offset += len(voice.values)
    if absent is not None and any(voice.is_complete for voice in voices):
        parts.append(flat(pa.array([absent], type=plain(kind)), kind))
        silent = chosen < 0
        chosen[silent] = offset
        spoken_by[silent] = next(number for number, voice in enumerate(voices) if voice.is_complete)
    return Joined(pick(parts, chosen, kind), spoken_by, tuple(voices))


def pick(parts: Sequence[pa.Array], chosen: Positions, kind: pa.DataType) -> pa.Array:
    """The rows `chosen` of the concatenated parts, null for -1, as a column of `kind`."""
    if not parts:
        return pa.nulls(len(chosen), type=kind)
    whole = pa.concat_arrays(list(parts))
    taken = whole.take(pa.array(chosen, mask=chosen < 0))
    return taken.dictionary_encode() if pa.types.is_dictionary(kind) else taken


def plain(kind: pa.DataType) -> pa.DataType:
    """The type under a dictionary encoding."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def flat(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """One array of the plain type, without a dictionary."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], type=whole.type)
    return whole if whole.type.equals(plain(kind)) else whole.cast(plain(kind))
