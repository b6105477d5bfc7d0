"""The made-up subjects of one kind, drawn fact by fact; whatever depends on another fact asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa

from zhida.domain.registers.columns import arrow_type, from_json
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import CodeTree, FactKey, Period, SubjectKind
from zhida.services.demonstration.generation.draws import DRAWS, Values, by_kind
from zhida.services.demonstration.generation.portraits import Missing, Portrait

_OWN = frozenset({"missing", "spans"})


class Sitting:
    """`count` subjects of a kind, standing in `places`; the same seed gives the same subjects.

    A crowd too large for one sitting comes in parts, each drawn from streams of its own.
    """

    def __init__(
        self,
        portrait: Portrait,
        shapes: Mapping[str, Shape],
        trees: Mapping[str, CodeTree],
        *,
        seed: int,
        observed_on: date,
        places: Values,
        part: int | None = None,
    ) -> None:
        self.portrait = portrait
        self.kind: SubjectKind = portrait.kind
        self.shapes = {name: shape for name, shape in shapes.items() if self.kind in shape.audience}
        self.observed_on = observed_on
        self.places = places
        self._trees = trees
        self._seed = [seed] if part is None else [seed, part]
        self._drawn: dict[tuple[str, Any], Values] = {}

    @property
    def count(self) -> int:
        """How many subjects sit."""
        return len(self.places)

    def rng(self, name: str, period: object = None) -> np.random.Generator:
        """A stream of its own for each name and period, so that a new attribute disturbs no other."""
        return np.random.default_rng([*self._seed, crc32(f"{self.kind}/{name}/{period or ''}".encode())])

    def tree(self, name: str) -> CodeTree:
        """A code tree of the dictionary."""
        return self._trees[name]

    def quantity(self, name: str, period: Period | None = None) -> Values:
        """A fact or hidden quantity, complete; of the last full year where the asker has no period of its own."""
        if name in self.portrait.hidden:
            shape, how, when = Shape(name, "number"), self.portrait.hidden[name], None
        else:
            shape, how = self.shapes[name], self.portrait.facts.get(name, {})
            when = (period or Period(self.observed_on.year - 1)) if shape.period == "year" else None
        if (name, when) not in self._drawn:
            self._drawn[name, when] = self._draw(shape, how, when)
        return self._drawn[name, when]

    def columns(self, *, says_absence: bool = False) -> Iterator[tuple[Shape, FactKey, pa.Array]]:
        """Every column of every attribute that a source supplies, with what the source does not know left out, and
        where it leaves out those to whom absence applies, these too unless it `says_absence`."""
        for shape in self.shapes.values():
            if shape.kind == "relation" or shape.is_derived or self.portrait.facts.get(shape.name) == "nothing":
                continue
            for key in self._keys(shape):
                period = key.period if isinstance(key.period, Period) else None
                values = self._span(shape, key) if shape.period == "interval" else self.quantity(shape.name, period)
                yield shape, key, arrow(shape, values, self._unknown(shape, key), says_absence=says_absence)

    def _keys(self, shape: Shape) -> Iterator[FactKey]:
        if shape.period == "none":
            yield FactKey(shape.name)
        elif shape.period == "interval":
            spans = self.portrait.facts.get(shape.name, {}).get("spans") or [f"{self.observed_on.year}-01-01/"]
            for span in spans:
                yield FactKey.parse(f"{shape.name}@{span}")
        elif shape.period == "year":
            for back in range(self.portrait.years, 0, -1):
                yield FactKey(shape.name, Period(self.observed_on.year - back))
        else:
            for back in range(12, 0, -1):
                yield FactKey(shape.name, Period(self.observed_on.year, self.observed_on.month).plus(-back))

    def _draw(self, shape: Shape, how: Mapping[str, Any], period: Period | None) -> Values:
        name, settings = next(((name, how[name]) for name in how if name not in _OWN), by_kind(shape))
        return DRAWS[name](self, shape, settings, period)

    def _span(self, shape: Shape, key: FactKey) -> Values:
        how = {name: value for name, value in self.portrait.facts.get(shape.name, {}).items() if name not in _OWN}
        name, settings = next(iter(how.items()), by_kind(shape))
        return DRAWS[name](self, replace(shape, name=str(key)), settings, None)

    def _unknown(self, shape: Shape, key: FactKey) -> Values:
        """Which rows a source leaves out: one stream for each owner and period, so that gaps come together."""
        if shape.absence is not None:
            return np.zeros(self.count, dtype=bool)
        missing = self.portrait.missing
        rate = float(self.portrait.facts.get(shape.name, {}).get("missing", missing.rate))
        return self.rng(f"missing/{shape.owner}", key.period).random(self.count) < rate * self._likelier(missing)

    def _likelier(self, missing: Missing) -> Values | float:
        return np.where(self.quantity(missing.by) < missing.under, missing.times, 1.0) if missing.by else 1.0


def arrow(shape: Shape, values: Values, unknown: Values, *, says_absence: bool = False) -> pa.Array:
    """Drawn values as the column of their attribute, null where unknown or where absence says the same."""
    if shape.absence is not None and not says_absence:
        unknown = unknown | (values == from_json(shape, shape.absence))
    if shape.code_tree:
        unknown = unknown | (values == "")
    if shape.kind == "number":
        scaled = np.rint(values.astype(np.float64) * 10**shape.scale).astype(np.int64)
        return pa.array(scaled, mask=unknown)
    if shape.kind == "date":
        return pa.array(values.astype("datetime64[D]"), type=pa.date32(), mask=unknown)
    if shape.kind == "texts":
        lists = [value if isinstance(value, list) else [value] for value in values]
        return pa.array(lists, type=arrow_type(shape), mask=unknown)
    kind = arrow_type(shape)
    if pa.types.is_dictionary(kind):
        return pa.array(values, type=pa.string(), mask=unknown).dictionary_encode()
    return pa.array(values, type=kind, mask=unknown)
