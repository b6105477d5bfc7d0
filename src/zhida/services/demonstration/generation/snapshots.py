"""Made-up subjects as a snapshot holds them, drawn part by part: each part is a function of the seed and its place, so
that no part waits for another and any of them can be drawn again alone.

Rows stand in the order of the region tree by construction: how many subjects each place has is drawn first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.registers.columns import arrow_field
from zhida.domain.registers.shapes import Shape
from zhida.domain.values import CHINA, CodeTree, SubjectKind
from zhida.kernel.registry.deriving import Deriver
from zhida.kernel.registry.dictionary import shapes_of
from zhida.kernel.registry.storage import ROW_GROUP
from zhida.services.demonstration.generation.draws import Values, leaves
from zhida.services.demonstration.generation.portraits import Portrait
from zhida.services.demonstration.generation.relations import column_of, draw_records
from zhida.services.demonstration.generation.sittings import Sitting

_KEY_STEP = 7


@dataclass(frozen=True)
class Crowd:
    """`count` subjects of a kind, as the portrait draws them over a dictionary, seen on a day.

    `part(n)` holds rows n * 65,536 up to the next multiple: `subject` (an int64 key, rising), `region`, then facts by
    written key in the order of their names, absence told and derived facts computed, notes in the schema as
    `build_snapshot` writes them.
    """

    kind: SubjectKind
    count: int
    seed: int
    observed_on: date
    dictionary: Dictionary
    portrait: Portrait
    rows_each: int = field(default=ROW_GROUP)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-self.count // self.rows_each)

    @property
    def notes(self) -> Mapping[str, str]:
        """The metadata of a snapshot, and besides them all that the rows follow from."""
        return {
            "kind": self.kind,
            "watermark": "0",
            "dictionary": self.dictionary.hash,
            "as_of": datetime.combine(self.observed_on, time(), CHINA).isoformat(),
            "seed": str(self.seed),
            "subjects": str(self.count),
            "portrait": hashlib.sha256(repr(self.portrait).encode()).hexdigest(),
        }

    def tables(self) -> Iterator[pa.Table]:
        """Every part in order."""
        return (self.part(number) for number in range(self.parts))

    def part(self, number: int) -> pa.Table:
        """One part, the same whenever it is asked for."""
        rows = np.arange(number * self.rows_each, min((number + 1) * self.rows_each, self.count), dtype=np.int64)
        codes, ends = self._settlement
        places = codes[np.searchsorted(ends, rows, side="right")]
        sitting = Sitting(
            self.portrait,
            self._shapes,
            self.dictionary.code_trees,
            seed=self.seed,
            observed_on=self.observed_on,
            places=places,
            part=number,
        )
        facts = self._facts(sitting)
        jitter = sitting.rng("key").integers(0, _KEY_STEP, len(rows))
        head = [pa.array(1 + rows * _KEY_STEP + jitter), pa.array(places, type=pa.string()).dictionary_encode()]
        fields = [pa.field("subject", pa.int64()), pa.field("region", head[1].type)]
        fields += [arrow_field(name, self._shape(name)) for name in facts]
        notes = {**self.notes, "columns": " ".join(field.name for field in fields)}
        return pa.table([*head, *facts.values()], schema=pa.schema(fields, metadata=notes))

    def _facts(self, sitting: Sitting) -> dict[str, pa.Array]:
        columns = {str(key): values for _, key, values in sitting.columns(says_absence=True)}
        for shape in sitting.shapes.values():
            if shape.kind == "relation" and sitting.portrait.facts.get(shape.name) != "nothing":
                columns[shape.name] = column_of(sitting, draw_records(sitting, shape, {}), {})
        deriver = Deriver(self.dictionary, self._shapes, self.kind, self.observed_on)
        derived = {str(key): values for key, values in deriver.columns(pa.table(columns))}
        return dict(sorted({**columns, **derived}.items()))

    def _shape(self, name: str) -> Shape:
        return self._shapes[name.partition("@")[0]]

    @cached_property
    def _shapes(self) -> dict[str, Shape]:
        return shapes_of(self.dictionary)

    @cached_property
    def _settlement(self) -> tuple[Values, npt.NDArray[np.int64]]:
        """Every place in the order of the tree, and the row at which it ends; who is nowhere comes last."""
        tree = self.dictionary.code_trees["region"]
        rng = np.random.default_rng([self.seed, len(self.kind), 1])
        codes = np.array([*preorder(tree), ""], dtype=object)
        return codes, np.cumsum(rng.multinomial(self.count, _odds(tree, codes, self.portrait, rng)))


def preorder(tree: CodeTree) -> tuple[str, ...]:
    """Every code, a place before what lies in it: the order in which snapshots stand."""
    paths = sorted((*reversed(tree.ancestors(code)), code) for code in tree.parents)
    return tuple(path[-1] for path in paths)


def _odds(tree: CodeTree, codes: Values, portrait: Portrait, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """How likely each place is. A place that is told less precisely has what its own places together have."""
    how = portrait.region
    ends, odds = leaves(tree, {str(code): float(weight) for code, weight in how.get("weights", {}).items()})
    if not how.get("weights"):
        odds = rng.lognormal(0.0, 0.6, len(ends))
    told = {int(depth): float(share) for depth, share in how.get("depths", {}).items()} or {0: 1.0}
    found = dict.fromkeys(codes.tolist(), 0.0)
    for end, odd in zip(ends.tolist(), (odds / odds.sum()).tolist(), strict=True):
        path = (*reversed(tree.ancestors(end)), end)
        for depth, share in told.items():
            found[path[min(depth or len(path), len(path)) - 1]] += odd * share
    found[""] = sum(found.values()) * float(how.get("unknown", 0.0)) / 100
    shares = np.array([found[code] for code in codes])
    return shares / shares.sum()
