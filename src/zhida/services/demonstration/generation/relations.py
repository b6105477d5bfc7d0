"""Made-up records of a subject (hires, purchases, members), some of them other made-up subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from zhida.domain.registers.columns import arrow_type
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import CodeTree, Period, SubjectKind
from zhida.services.demonstration.generation.draws import DRAWS, Values, by_kind
from zhida.services.demonstration.generation.sittings import Sitting, arrow


@dataclass(frozen=True)
class Ledgers:
    """The records of one relation over all parents: how many each has, and whom each names (-1: nobody of ours)."""

    shape: Shape
    counts: Values
    parents: Values
    linked: Sitting | None
    members: Values


def draw_records(sitting: Sitting, shape: Shape, sitters: Mapping[SubjectKind, Sitting]) -> Ledgers:
    """How many records each subject has. With `links: {kind, as}` each names another subject, and no two the same."""
    how = sitting.portrait.facts.get(shape.name, {}).get("records", {"chance": 0.3, "mean": 1.5})
    rng = sitting.rng(shape.name)
    some = rng.random(sitting.count) < float(how.get("chance", 1.0))
    counts = np.where(some, 1 + rng.poisson(max(float(how.get("mean", 1.0)) - 1, 0), sitting.count), 0)
    if "times" in how:
        counts = np.rint(counts * sitting.quantity(str(how["times"]))).astype(np.int64)
    counts = np.minimum(counts, int(how.get("at_most", 50)))
    linked = sitters.get(SubjectKind(how["links"]["kind"])) if "links" in how else None
    if linked is not None:
        room = np.maximum(linked.count - (np.cumsum(counts) - counts), 0)
        counts = np.minimum(counts, room)
    parents = np.repeat(np.arange(sitting.count), counts)
    members = rng.permutation(linked.count)[: len(parents)] if linked else np.full(len(parents), -1)
    return Ledgers(shape, counts, parents, linked, members)


def settle(sitting: Sitting, ledgers: Ledgers) -> None:
    """Moves the members of records with `together` to where their parent stands."""
    how = sitting.portrait.facts.get(ledgers.shape.name, {}).get("records", {})
    if how.get("together") and ledgers.linked is not None:
        ledgers.linked.places[ledgers.members] = sitting.places[ledgers.parents]


def column_of(sitting: Sitting, ledgers: Ledgers, ids: Mapping[SubjectKind, Values]) -> pa.Array:
    """The relation as one column of lists."""
    how = sitting.portrait.facts.get(ledgers.shape.name, {}).get("records", {})
    page = _Page(sitting, ledgers, how.get("fields", {}))
    named = how.get("links", {}).get("as", "")
    children = []
    for field in ledgers.shape.fields:
        if field.name == named and ledgers.linked is not None:
            children.append(pa.array(ids[ledgers.linked.kind][ledgers.members], type=pa.string()))
        else:
            values = arrow(field, page.quantity(field.name, None), np.zeros(page.count, dtype=bool))
            children.append(values.cast(arrow_type(field, nested=True)))
    kind = arrow_type(ledgers.shape)
    records = pa.StructArray.from_arrays(children, fields=list(kind.value_type))
    offsets = np.concatenate([[0], np.cumsum(ledgers.counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), records, type=kind)


class _Page:
    """The records of a relation as a sitting of their own: a field may ask for another, for the subject that the
    record names, or for the subject that has it."""

    def __init__(self, sitting: Sitting, ledgers: Ledgers, hints: Mapping[str, Mapping[str, Any]]) -> None:
        self._sitting = sitting
        self._ledgers = ledgers
        self._hints = hints
        self._fields = {field.name: field for field in ledgers.shape.fields}
        self._drawn: dict[str, Values] = {}
        self.count = len(ledgers.parents)
        self.observed_on: date = sitting.observed_on
        self.places = sitting.places[ledgers.parents]

    def rng(self, name: str, period: object = None) -> np.random.Generator:
        return self._sitting.rng(f"{self._ledgers.shape.name}/{name}", period)

    def tree(self, name: str) -> CodeTree:
        return self._sitting.tree(name)

    def quantity(self, name: str, period: Period | None) -> Values:
        if name not in self._drawn:
            self._drawn[name] = self._draw(name)
        return self._drawn[name]

    def _draw(self, name: str) -> Values:
        linked = self._ledgers.linked
        if name in self._fields and (name in self._hints or linked is None or name not in linked.shapes):
            shape = self._fields[name]
            draw, settings = next(iter(self._hints.get(name, {}).items()), by_kind(shape))
            return DRAWS[draw](self, shape, settings, None)
        if linked is not None and name in linked.shapes:
            return linked.quantity(name)[self._ledgers.members]
        return self._sitting.quantity(name)[self._ledgers.parents]
