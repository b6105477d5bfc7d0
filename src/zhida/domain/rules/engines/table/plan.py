"""All items of a pack root, compiled: frozen arrays that any machine can run, without pickle and without Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules.engines.table.amounts import LOWEST, Step, is_narrow
from zhida.domain.rules.engines.table.coding import Coding, Cut, Numbering, Wording
from zhida.domain.rules.engines.table.manifest import Trees, read, write
from zhida.domain.rules.engines.table.meanings import Source
from zhida.domain.rules.engines.table.prices import Amount, Ints, Pieces, Prices, prices_of
from zhida.domain.rules.engines.table.pricing import Quantity
from zhida.domain.rules.program import Program
from zhida.domain.values import CodeTree

VERSION = 1


@dataclass(frozen=True)
class Item:
    """An item as results name it: its id, the kind of subject it is for, and the department that owns it."""

    id: str
    audience: str
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of codes: the values of an expression, numbered."""

    key: str
    source: Source
    coding: Coding


@dataclass(frozen=True, eq=False)
class Bits:
    """Two columns of bits, surely and possibly: a condition, or the answer of an item with one claim per record."""

    key: str
    source: Source | Program


class Graph(NamedTuple):
    """The conditions of all items as arrays; node 0 is "unsure", and what a joint joins stands before it.

    `nodes` has a row for each node: its Kind; its column of codes or pair of bits; and from where to where in `lists`
    its ranges of codes stand that are sure, those that are in doubt (pairs of a code and the end), and the nodes that a
    joint joins. `groups` are items that share a region: its node (-1: everywhere), and from where to where in `lists`
    the items stand. `items` says for each item where the nodes stand that it needs besides.
    """

    nodes: Ints
    groups: Ints
    items: Ints
    lists: Ints

    def listed(self, array: Ints, row: int, column: int) -> Ints:
        """The part of `lists` that a row of one of the arrays names from a column on."""
        return self.lists[array[row, column] : array[row, column + 1]]


class Kind:
    """What a node is, and the columns of `Graph.nodes` and `Graph.groups`."""

    UNSURE, CODES, BITS, NOT_BITS, ALL, ANY = range(6)
    KIND, AT, SURE, DOUBT, PARTS, NODE_WIDTH = 0, 1, 2, 4, 6, 8
    REGION, ITEMS, GROUP_WIDTH, ITEM_WIDTH = 0, 1, 3, 2


@dataclass(frozen=True, eq=False)
class Plan:
    """Items, the columns that they read, their graph and their amounts, for one date.

    `packs` says what it was made from (a digest of all revisions): a plan older than its packs is refused by it.
    `amount_of` gives each item's place in `amounts` (0: no amount). `lookups` are the tables that amounts look up: the
    column whose codes they go by, and (end, value) for each range of codes.
    """

    as_of: date
    packs: str
    items: tuple[Item, ...]
    columns: tuple[Column, ...]
    bits: tuple[Bits, ...]
    quantities: tuple[Quantity, ...]
    lookups: tuple[Pieces, ...]
    graph: Graph
    amounts: tuple[Amount, ...]
    amount_of: Ints
    trees: Trees

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex: the plan's part in the identity of a run."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @cached_property
    def layout(self) -> str:
        """SHA-256 in hex over the columns alone: what a store must have been encoded for."""
        written = json.dumps(self._columns(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()

    @cached_property
    def places(self) -> dict[str, int]:
        """Each item's place by its id."""
        return {item.id: place for place, item in enumerate(self.items)}

    @cached_property
    def reads(self) -> frozenset[str]:
        """The facts and relations that need a column: where rows have none, they are unknown throughout."""
        held: tuple[Column | Bits | Quantity, ...] = (*self.columns, *self.bits, *self.quantities)
        schemas = [one.source.schema for one in held]
        facts = {fact.name for schema in schemas for fact in schema.facts.values() if fact.expression is None}
        return frozenset(facts.union(*(schema.relations for schema in schemas)))

    @cached_property
    def region_tree(self) -> CodeTree | None:
        """The tree by which subjects are told to live where an item applies; None where no item asks."""
        kinds, asked = self.graph.nodes[:, Kind.KIND], np.unique(self.graph.groups[:, Kind.REGION])
        places = [self.graph.nodes[node, Kind.AT] for node in asked[asked >= 0] if kinds[node] == Kind.CODES]
        codings = [self.columns[place].coding for place in places]
        return next((one.tree for one in codings if isinstance(one, Wording) and one.tree is not None), None)

    @cached_property
    def prices(self) -> Prices:
        """The amounts as arrays."""
        return prices_of(self.amounts, self.lookups)

    def narrow(self, bounds: Sequence[int]) -> NDArray[np.bool_]:
        """For each amount, whether it provably stays in 64 bits; `bounds` are the quantities' greatest values."""
        key = tuple(bounds)
        if key not in self._narrow:
            tables = [max((abs(value) for _, value in held if value >= LOWEST), default=0) for _, held in self.lookups]
            most = [[bounds[at] if at >= 0 else tables[-1 - at] for at in amount.operands] for amount in self.amounts]
            pairs = zip(self.amounts, most, strict=True)
            self._narrow[key] = np.array([is_narrow(amount.steps, held) for amount, held in pairs])
        return self._narrow[key]

    @cached_property
    def _narrow(self) -> dict[tuple[int, ...], NDArray[np.bool_]]:
        return {}

    def refuse_older_than(self, packs: str) -> None:
        """Raises ConflictError `plan_out_of_date` where the packs are no longer those that the plan was made from."""
        if packs != self.packs:
            words = f"the plan was made from packs {self.packs[:12]}, in force are {packs[:12]}"
            raise ConflictError("plan_out_of_date", words, "compile the plan again")

    def _columns(self) -> dict[str, Any]:
        return {
            "columns": [
                [one.key, _source(one.source, self.trees), _coding(one.coding, self.trees)] for one in self.columns
            ],
            "bits": [[one.key, _source(one.source, self.trees)] for one in self.bits],
            "quantities": [[one.key, _source(one.source, self.trees), one.scale] for one in self.quantities],
            "as_of": self.as_of.isoformat(),
        }

    def to_bytes(self) -> bytes:
        """The plan as an Arrow IPC stream of one row: a column of JSON, and one of integers for each array."""
        told = {
            "version": VERSION,
            "packs": self.packs,
            "items": [[item.id, item.audience, item.owner] for item in self.items],
            "amounts": self.amounts,
            "lookups": self.lookups,
            **self._columns(),
            "trees": self.trees.written(),
        }
        arrays = {name: array.ravel() for name, array in self.graph._asdict().items()} | {"amount_of": self.amount_of}
        columns = {"told": pa.array([json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))])}
        columns |= {name: pa.array([array], pa.list_(pa.int32())) for name, array in arrays.items()}
        sink = pa.BufferOutputStream()
        table = pa.table(columns)
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        return bytes(sink.getvalue())

    @classmethod
    def from_bytes(cls, held: bytes) -> Plan:
        """Reads what `to_bytes` wrote. Raises InvariantBroken `unreadable_plan` for anything else, an older or cut off
        plan above all."""
        try:
            table = pa.ipc.open_stream(held).read_all()
            told = json.loads(table["told"][0].as_py())
            if told["version"] != VERSION:
                raise ValueError(f"version {told['version']}, not {VERSION}")
            arrays = {name: table[name].combine_chunks().values.to_numpy() for name in table.column_names[1:]}
            return cls._read(told, arrays)
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
            raise InvariantBroken("unreadable_plan", f"these bytes are no plan: {error}", "compile it again") from error

    @classmethod
    def _read(cls, told: Mapping[str, Any], arrays: Mapping[str, Ints]) -> Plan:
        trees = Trees.read(told["trees"])
        return cls(
            date.fromisoformat(told["as_of"]),
            told["packs"],
            tuple(Item(*item) for item in told["items"]),
            tuple(Column(key, read_source(one, trees), _read_coding(two, trees)) for key, one, two in told["columns"]),
            tuple(Bits(key, read_source(one, trees)) for key, one in told["bits"]),
            tuple(Quantity(key, read_source(one, trees), scale) for key, one, scale in told["quantities"]),
            tuple((at, _steps(pieces)) for at, pieces in told["lookups"]),
            Graph(
                arrays["nodes"].reshape(-1, Kind.NODE_WIDTH),
                arrays["groups"].reshape(-1, Kind.GROUP_WIDTH),
                arrays["items"].reshape(-1, Kind.ITEM_WIDTH),
                arrays["lists"],
            ),
            tuple(Amount(_steps(steps), tuple(operands), scale) for steps, operands, scale in told["amounts"]),
            arrays["amount_of"],
            trees,
        )


def _steps(written: Iterable[Sequence[int]]) -> tuple[Step, ...]:
    return tuple((op, argument) for op, argument in written)


def _source(source: Source | Program, trees: Trees) -> Any:
    if isinstance(source, Program):
        return write(source, trees)
    return [source.key, write(source.node, trees), write(source.schema, trees), source.within]


def read_source(written: Any, trees: Trees) -> Any:
    """A Source or Program as `to_bytes` wrote it."""
    if not isinstance(written, list):
        return read(written, trees)
    key, node, schema, within = written
    return Source(key, read(node, trees), read(schema, trees), within)


def _coding(coding: Coding, trees: Trees) -> Any:
    if isinstance(coding, Numbering):
        return {"cuts": [[str(cut.at), cut.strict] for cut in coding.cuts]}
    tree = None if coding.tree is None else trees.digest(coding.tree)
    return {"words": list(coding.words), "closed": coding.closed, "tree": tree}


def _read_coding(written: Any, trees: Trees) -> Coding:
    if "cuts" in written:
        return Numbering(tuple(Cut(read({"number": at}, trees), strict) for at, strict in written["cuts"]))
    tree = None if written["tree"] is None else trees.known[written["tree"]]
    return Wording(tuple(written["words"]), written["closed"], tree)
