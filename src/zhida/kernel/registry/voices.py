"""The received batches of a kind, read column by column as voices for the join."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from zhida.domain.registers.joining import Positions, Voice, flat
from zhida.kernel.registry import storage
from zhida.kernel.registry.models import Batch


class Choir:
    """All received batches of a kind (of one source, or of all), oldest observation first."""

    def __init__(self, kind: str, source: str = "") -> None:
        rows = Batch.objects.filter(kind=kind, state="received")
        if source:
            rows = rows.filter(source=source)
        self.batches = list(rows.order_by("observed_on", "received_at", "id"))
        self._subjects: dict[str, Positions] = {}

    @cached_property
    def columns(self) -> dict[str, list[Batch]]:
        """Each written fact key, and the batches that have it as a column."""
        found: dict[str, list[Batch]] = {}
        for batch in self.batches:
            for name in batch.columns:
                found.setdefault(name, []).append(batch)
        return found

    def subjects(self, batch: Batch) -> Positions:
        """The subject keys of one batch, read once."""
        if batch.id not in self._subjects:
            self._subjects[batch.id] = storage.read(batch.path, ["subject"])["subject"].to_numpy()
        return self._subjects[batch.id]

    def voices(self, name: str) -> tuple[Voice, ...]:
        """What every batch with this column says."""
        return tuple(self._speak(batch, name) for batch in self.columns.get(name, ()))

    def everyone(self) -> Iterator[np.ndarray]:
        """The subjects of each batch in turn."""
        for batch in self.batches:
            yield self.subjects(batch)

    def _speak(self, batch: Batch, name: str) -> Voice:
        values = storage.read(batch.path, [name])[name]
        return Voice(
            batch.id,
            batch.source,
            batch.observed_on,
            batch.is_complete,
            self.subjects(batch),
            flat(values, values.type),
        )
