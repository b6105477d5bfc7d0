"""A snapshot's Arrow columns encoded for a plan: engine `columns` says what each expression is worth, we number it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.engines.columns import lanes
from zhida.domain.rules.engines.columns.batch import Batch, Shared
from zhida.domain.rules.engines.columns.reading import Columns
from zhida.domain.rules.engines.columns.screening import Screened, screened
from zhida.domain.rules.engines.columns.vectors import Days, Mask, Numbers, Texts, Truths, Unsupported, Vector
from zhida.domain.rules.engines.table import exact
from zhida.domain.rules.engines.table.amounts import BROKEN, LOWEST, NONE, UNKNOWN
from zhida.domain.rules.engines.table.coding import NO_ROW, Codes, Coding, Numbering, Wording
from zhida.domain.rules.engines.table.meanings import Source, joined
from zhida.domain.rules.engines.table.plan import Bits, Column, Plan
from zhida.domain.rules.engines.table.pricing import Quantity
from zhida.domain.rules.engines.table.store import CHUNK, Arrays, Store, Whole, Words, shapes_of
from zhida.domain.rules.nodes import Arithmetic, Node
from zhida.domain.rules.program import Program
from zhida.domain.rules.schema import Schema

NO_DATES: Mapping[str, date] = {}


def encode(
    table: pa.Table, plan: Plan, *, observed_on: Mapping[str, date] = NO_DATES, promised: Collection[str] = ()
) -> Store:
    """Encodes a whole snapshot for a plan; see `Encoder` for what is asked of the table and what is raised."""
    return Encoder(plan, observed_on, promised).encode(table)


class Encoder:
    """Encodes for one plan, chunk by chunk, from as many threads as the caller likes; worth keeping between tables.

    Columns are named by written fact keys, null is unknown; a column that is not there is unknown throughout, except
    that `promised` names those that must be. `observed_on` dates columns, for facts that grow stale. Every method
    raises InvariantBroken: `column_missing`, `column_of_wrong_type` (a float or NaN is one), `code_outside_its_list`.
    """

    def __init__(self, plan: Plan, observed_on: Mapping[str, date] = NO_DATES, promised: Collection[str] = ()) -> None:
        self.plan = plan
        self.observed_on = observed_on
        self.promised = frozenset(promised)
        self.unions: list[tuple[Schema, str]] = []
        self.union_of: dict[str, int] = {}
        self.known: list[tuple[dict[int, frozenset[str]], dict[int, tuple[Node, object]]]] = []
        held: tuple[Column | Bits | Quantity, ...] = (*plan.columns, *plan.bits, *plan.quantities)
        for source in (one.source for one in held):
            if isinstance(source, Source):
                self.union_of[source.key] = self._union(source)

    def encode(self, table: pa.Table) -> Store:
        """A store of all rows of a table, chunk after chunk in this thread."""
        shapes = shapes_of(self.plan, table.num_rows)
        arrays = {name: np.empty(shape, kind) for name, (shape, kind) in shapes.items()}
        arrays["regions"][:], words = self.regions(table)
        arrays["subjects"][:] = self.subjects(table)
        fallbacks: Counter[str] = Counter()
        for chunk in range(len(arrays["codes"])):
            fallbacks += self.fill(arrays, chunk, table.slice(chunk * CHUNK, CHUNK))
        rows, layout = table.num_rows, self.plan.layout
        described = {"layout": layout, "rows": rows, "region_words": words, "fallbacks": dict(fallbacks)}
        return Store.opened(described, arrays)

    def _union(self, source: Source) -> int:
        """Puts sources that do not contradict each other under one schema, so that they share what they read."""
        for place, (schema, within) in enumerate(self.unions):
            both = joined(schema, source.schema) if within in ("", source.within) or not source.within else None
            if both is not None:
                self.unions[place] = (both, within or source.within)
                return place
        self.unions.append((source.schema, source.within))
        self.known.append(({}, {}))
        return len(self.unions) - 1

    def subjects(self, table: pa.Table) -> Whole:
        """The subject key of each row; its number where the table has none."""
        if "subject" not in table.column_names:
            return np.arange(table.num_rows, dtype=np.int64)
        column = table["subject"]
        if column.null_count or not pa.types.is_integer(column.type):
            raise InvariantBroken("column_of_wrong_type", f"subject is a {column.type} with {column.null_count} nulls")
        return np.asarray(column.to_numpy(), dtype=np.int64)

    def regions(self, table: pa.Table) -> tuple[NDArray[np.int32], list[str]]:
        """The region of each row as a place in a sorted list of regions; "" is an unknown one."""
        if "region" not in table.column_names:
            return np.zeros(table.num_rows, dtype=np.int32), [""]
        places, held = worded(table["region"])
        words = np.array(held, dtype=str)
        order = np.argsort(words)
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order))
        return rank[places], words[order].tolist()

    def fill(self, arrays: Arrays, chunk: int, table: pa.Table) -> Counter[str]:
        """Encodes one chunk's rows into its part of a store's arrays; counts the rows that engine one decided."""
        missing = sorted(self.promised - set(table.column_names))
        if missing:
            words = f"the snapshot has no column {', '.join(missing)}"
            raise InvariantBroken("column_missing", words, "build the snapshot again with the dictionary in force")
        rows = _Rows(self, Columns(table, self.plan.as_of, self.observed_on))
        for place, column in enumerate(self.plan.columns):
            codes = arrays["codes"][chunk, place]
            codes[rows.size :] = NO_ROW
            codes[: rows.size] = rows.codes(column)
        for place, bits in enumerate(self.plan.bits):
            sure, may = rows.truths(bits)
            arrays["bits"][chunk, 2 * place] = packed(sure)
            arrays["bits"][chunk, 2 * place + 1] = packed(may)
        for place, quantity in enumerate(self.plan.quantities):
            numbers = rows.numbers(quantity)
            arrays["numbers"][chunk, place, : rows.size] = numbers
            arrays["numbers"][chunk, place, rows.size :] = UNKNOWN
            known = numbers[numbers >= LOWEST]
            arrays["bounds"][chunk, place] = max(abs(int(known.min())), abs(int(known.max()))) if len(known) else 0
        return rows.fallbacks


class _Rows:
    """The rows of one chunk while they are encoded."""

    def __init__(self, encoder: Encoder, columns: Columns) -> None:
        self.encoder = encoder
        self.columns = columns
        self.size = columns.table.num_rows
        self.fallbacks: Counter[str] = Counter()
        shared = Shared(columns)
        self.shared = shared
        self.batches = [Batch(shared, schema, within) for schema, within in encoder.unions]
        for batch, (names, keys) in zip(self.batches, encoder.known, strict=True):
            batch.free_names, batch.keys = names, keys  # the same for every chunk
        self.wholes: dict[str, Screened] = {}

    def vector(self, source: Source) -> Vector:
        return self.batches[self.encoder.union_of[source.key]].root.vector(source.node)

    def codes(self, column: Column) -> Codes:
        try:
            found = self.quotients(column.source, column.coding)
            if found is not None:
                return found
            vector = self.vector(column.source)
        except Unsupported as reason:
            values = self.one_by_one(column.source, reason)
            return np.array([exact.code(column.coding, value) for value in values], dtype=np.uint16)
        return _coded(vector, column.coding, self.columns, self.size)

    def quotients(self, source: Source, coding: Coding) -> Codes | None:
        """The codes of a quotient that nobody has to work out; None where somebody does."""
        node = source.node
        if not isinstance(node, Arithmetic) or node.operator != "/" or not isinstance(coding, Numbering):
            return None
        frame = self.batches[self.encoder.union_of[source.key]].root
        left, right = frame.numbers(node.left), frame.numbers(node.right)
        if left.scale is None or right.scale is None:
            return None
        codes = coding.of_quotients(left.values, right.values, left.scale - right.scale)
        known = left.known & right.known & ~left.none & ~right.none & (right.values != 0)
        return None if codes is None else np.broadcast_to(np.where(known, codes, np.uint16(0)), self.size)

    def truths(self, bits: Bits) -> tuple[Mask, Mask]:
        if isinstance(bits.source, Program):
            found = self.whole(bits.key, bits.source)
            return found.sure, found.sure | found.possible
        try:
            vector = self.vector(bits.source)
        except Unsupported as reason:
            values = self.one_by_one(bits.source, reason)
            return np.array([value is True for value in values]), np.array([value is not False for value in values])
        if not isinstance(vector, Truths):
            raise InvariantBroken("condition_of_wrong_type", f"{bits.source.node} is no condition")
        whole = vector.over(self.size)
        return whole.sure, whole.may

    def numbers(self, quantity: Quantity) -> Whole:
        if isinstance(quantity.source, Program):
            found = self.whole(quantity.key, quantity.source)
            return np.where(found.amount_known, found.amount_fen, np.where(found.amount_none, NONE, UNKNOWN))
        try:
            vector = self.vector(quantity.source)
        except Unsupported as reason:
            values = self.one_by_one(quantity.source, reason)
            return np.array([exact.number(value, quantity.scale) for value in values], dtype=np.int64)
        return _scaled(vector, quantity.scale, self.size)

    def whole(self, key: str, program: Program) -> Screened:
        """An item with one claim per record, screened whole."""
        if key not in self.wholes:
            batch = Batch(self.shared, program.schema, program.within, program.for_each)
            found = self.wholes[key] = screened(program, batch)
            if found.fallback:
                self.fallbacks[found.fallback] += self.size
        return self.wholes[key]

    def one_by_one(self, source: Source, reason: Unsupported) -> list[Any]:
        self.fallbacks[f"{exact.name_of(source)}: {reason}"] += self.size
        return exact.values(source, self.columns)


def worded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], list[str]]:
    """A column of texts as places in a list of those that occur, "" for null; already so where the file was."""
    whole = column.unify_dictionaries().combine_chunks()
    encoded = whole if pa.types.is_dictionary(whole.type) else whole.cast(pa.string()).dictionary_encode()
    words = [text or "" for text in encoded.dictionary.to_pylist()]
    indices = encoded.indices
    if indices.null_count or not words:
        indices, words = pc.fill_null(indices, len(words)), [*words, ""]
    places, at = indices.to_numpy(zero_copy_only=False), dict[str, int]()
    own = np.array([at.setdefault(word, len(at)) for word in words], dtype=np.int32)
    used = np.flatnonzero(np.bincount(own[places], minlength=len(at)))
    kept = np.zeros(len(at), dtype=np.int32)
    kept[used] = np.arange(len(used))
    named = [*at]
    return kept[own[places]], [named[place] for place in used.tolist()] or [""]


def packed(mask: Mask) -> Words:
    """A chunk's rows as bits, 64 a word, the first row lowest."""
    whole = np.zeros(CHUNK, dtype=bool)
    whole[: len(mask)] = mask
    return np.packbits(whole, bitorder="little").view("<u8")


def _coded(vector: Vector, coding: Coding, columns: Columns, size: int) -> Codes:
    if isinstance(vector, Texts) and isinstance(coding, Wording):
        found = _words(vector, coding, columns)
        known = vector.known
    elif isinstance(vector, Numbers | Days) and isinstance(coding, Numbering):
        known = vector.known & ~vector.none if isinstance(vector, Numbers) else vector.known
        found = _reached(vector, known, coding)
    else:
        raise InvariantBroken("test_of_wrong_kind", f"a {type(vector).__name__} is tested as if it were something else")
    return np.broadcast_to(np.where(known, found, np.uint16(0)), size)


def _words(texts: Texts, coding: Wording, columns: Columns) -> Codes:
    known = np.broadcast_to(texts.known, texts.ids.shape) if len(texts.known) == 1 else texts.known
    ids = np.broadcast_to(texts.ids, known.shape)
    codes = np.zeros(len(columns.words), dtype=np.uint16)
    for word in np.flatnonzero(np.bincount(ids[known], minlength=len(codes))).tolist():
        codes[word] = coding.code(columns.words[word])
    return codes[texts.ids]


def _reached(vector: Numbers | Days, known: Mask, coding: Numbering) -> Codes:
    if isinstance(vector, Days):
        return coding.of_scaled(vector.days, 0)
    if vector.scale is not None:
        return coding.of_scaled(vector.values, vector.scale)
    shape = np.broadcast_shapes(vector.values.shape, known.shape)
    found, where = np.zeros(shape, dtype=np.uint16), np.flatnonzero(np.broadcast_to(known, shape))
    found[where] = coding.of_decimals(np.broadcast_to(vector.values, shape)[where].tolist())
    return found


def _scaled(vector: Vector, scale: int | None, size: int) -> Whole:
    """Numbers times 10^-scale, or whole fen, with their marks for unknown, none and broken."""
    if isinstance(vector, Days):
        return np.broadcast_to(np.where(vector.known, vector.days, UNKNOWN), size)
    if not isinstance(vector, Numbers):
        raise InvariantBroken("quantity_of_wrong_type", f"a {type(vector).__name__} is no number")
    marks = np.where(vector.none, NONE, np.where(vector.known, 0, UNKNOWN))
    if scale is None:
        whole = lanes.rounded("floor", vector, 0)
        zero = lanes.constant(Decimal(0))
        fits = lanes.compared("=", whole, vector).sure & lanes.compared(">=", whole, zero).sure
        most = 2**63 - 1
        is_wide = whole.scale is None
        below = lanes.compared("<", whole, lanes.constant(Decimal(most))).sure if is_wide else whole.values < most
        fits = fits & below
        marks = np.where((marks == 0) & ~fits, BROKEN, marks)
        vector, scale = whole, 0
    narrow = lanes.rescaled(vector, scale)
    if narrow is not None and not ((marks == 0) & (narrow.values < LOWEST)).any():
        return np.broadcast_to(np.where(marks == 0, narrow.values, marks), size)
    values = np.broadcast_to(vector.values, size).tolist()
    pairs = zip(np.broadcast_to(marks, size).tolist(), values, strict=True)
    return np.array([mark or exact.scaled(value, vector.scale, scale) for mark, value in pairs], dtype=np.int64)
