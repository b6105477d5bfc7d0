"""Tables checked before they run: every case has a row, no case has two, bands meet.

Each input's values fall into a few classes that its cells cannot tell apart; the product of the classes is walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice, pairwise, product
from math import prod

from zhida.domain.errors import Problem
from zhida.domain.rules import nodes
from zhida.domain.rules.language.types import Type, decimals_of
from zhida.domain.rules.language.writing import write_constant
from zhida.domain.rules.nodes import Node
from zhida.domain.rules.numbers import FEEL, round_to
from zhida.domain.rules.places import START
from zhida.domain.rules.schema import Schema
from zhida.domain.rules.tables import Table
from zhida.domain.sentences import tell

MAX_CELLS = 100_000
_SHOWN = 3


@dataclass(frozen=True)
class Class:
    """Values of one input that no cell tells apart: how they are called, and one bit for each row that takes them."""

    words: str
    rows: int


Case = tuple[Class, ...]


def problems_of(table: Table, inputs: list[Type], schema: Schema) -> list[Problem]:
    """Every gap, overlap and malformed cell of a table, at its place."""
    shape = list(_shape_problems(table, inputs, schema))
    if shape or table.hit not in ("unique", "marginal") or not _is_plain(inputs):
        return shape
    if table.hit == "marginal":
        return list(_band_problems(table))
    found = (
        [kind for kind in _cases(table, inputs, schema) if kind[1] != 1] if _is_small(table, inputs, schema) else None
    )
    if found is None:
        words = tell(
            "the cells of `{table}` make more than {most} cases, too many to check", table=table.name, most=MAX_CELLS
        )
        return [table.place.problem(START, "table_too_large", words, "split the table, or let the first row win")]
    wrong = (_case_problem(table, case, count) for case, count in _cases(table, inputs, schema) if count != 1)
    return list(islice(wrong, _SHOWN))


def _case_problem(table: Table, case: Case, count: int) -> Problem:
    named = zip(table.by, case, strict=True)
    taken = tuple(tell("{name} {values}", name=column.name, values=part.words) for column, part in named)
    if count == 0:
        words = tell("no row of `{table}` takes {case}", table=table.name, case=taken)
        return table.place.problem(START, "table_gap", words, "add a row for it")
    words = tell("{count} rows of `{table}` take {case}", count=count, table=table.name, case=taken)
    hint = "mend the bounds (`[` includes, `(` does not), or say hit: first"
    return table.place.problem(START, "table_overlap", words, hint)


def has_gap(table: Table, inputs: list[Type], schema: Schema) -> bool:
    """Whether some case may find no row, so that the table gives none. A unique or marginal table always gives."""
    if table.hit in ("unique", "marginal"):
        return False
    shape = list(_shape_problems(table, inputs, schema))
    if shape or not _is_plain(inputs) or not _is_small(table, inputs, schema):
        return not any(all(not cell for cell in row.cells) for row in table.rows)
    return any(count == 0 for _, count in _cases(table, inputs, schema))


def _is_plain(inputs: list[Type]) -> bool:
    """Whether every input's type is known; where it is not, that was told already."""
    return all(kind.kind in ("boolean", "number", "text", "date") for kind in inputs)


def _shape_problems(table: Table, inputs: list[Type], schema: Schema) -> Iterator[Problem]:
    if not table.rows or not table.by:
        yield table.place.problem(START, "table_empty", tell("`{table}` has no row or no input", table=table.name))
    for row in table.rows:
        if len(row.cells) != len(table.by):
            words = tell(
                "this row has {cells} cells, the table {inputs} inputs", cells=len(row.cells), inputs=len(table.by)
            )
            yield row.place.problem(START, "wrong_cells", words)
            continue
        for cell, kind, column in zip(row.cells, inputs, table.by, strict=True):
            for test in cell:
                if not _fits(test, kind, schema):
                    words = tell("this cell of `{column}` does not fit {kind}", column=column.name, kind=kind.told)
                    yield row.place.problem(test.at, "wrong_cell", words, "constants, lists and intervals of its type")


def _fits(test: Node, kind: Type, schema: Schema) -> bool:
    if isinstance(test, nodes.Interval):
        limits = [limit for limit in (test.low, test.high) if limit is not None]
        return kind.kind in ("number", "date", "any") and all(_fits(limit, kind, schema) for limit in limits)
    if not isinstance(test, nodes.Literal):
        return False
    tree = schema.code_trees.get(kind.code_tree)
    listed = tree.parents if tree is not None else kind.values
    return kind.kind == "any" or (test.kind == kind.kind and (not listed or test.value in listed))


def _band_problems(table: Table) -> Iterator[Problem]:
    tests = [cell for row in table.rows for cell in row.cells[0]]
    bands = [test for test in tests if isinstance(test, nodes.Interval) and test.low is not None]
    if len(table.by) != 1 or len(bands) != len(table.rows) or any(len(row.cells[0]) != 1 for row in table.rows):
        hint = "write (0..3], then (3..6], then > 6"
        yield table.place.problem(
            START, "malformed_bands", "each row of a marginal table is one band from a bound", hint
        )
        return
    for (lower, upper), row in zip(pairwise(bands), table.rows[1:], strict=True):
        meet = lower.high == upper.low and lower.includes_high != upper.includes_low
        if not meet:
            hint = "the next band begins where this one ends, and one of the two includes the bound"
            yield row.place.problem(upper.at, "bands_do_not_meet", "this band does not meet the one before it", hint)


def _is_small(table: Table, inputs: list[Type], schema: Schema) -> bool:
    return prod(len(classes) for classes in _classes(table, inputs, schema)) <= MAX_CELLS


def _cases(table: Table, inputs: list[Type], schema: Schema) -> Iterator[tuple[Case, int]]:
    """Each case, with the number of rows that take it."""
    for case in product(*_classes(table, inputs, schema)):
        rows = (1 << len(table.rows)) - 1
        for part in case:
            rows &= part.rows
        yield case, rows.bit_count()


def _classes(table: Table, inputs: list[Type], schema: Schema) -> list[list[Class]]:
    columns = [[row.cells[index] for row in table.rows] for index in range(len(table.by))]
    return [_classes_of(cells, kind, schema) for cells, kind in zip(columns, inputs, strict=True)]


def _classes_of(cells: list[tuple[Node, ...]], kind: Type, schema: Schema) -> list[Class]:
    if kind.kind in ("number", "date"):
        samples = _number_samples(cells, kind) if kind.kind == "number" else _day_samples(cells)
    elif kind.kind == "boolean":
        samples = [("true", True), ("false", False)]
    else:
        samples = _text_samples(cells, kind)
    return [Class(words, _rows_taking(value, cells, kind, schema)) for words, value in samples]


def _rows_taking(value: object, cells: list[tuple[Node, ...]], kind: Type, schema: Schema) -> int:
    rows = 0
    for index, cell in enumerate(cells):
        if not cell or any(_takes(test, value, kind, schema) for test in cell):
            rows |= 1 << index
    return rows


def _takes(test: Node, value: object, kind: Type, schema: Schema) -> bool:
    if isinstance(test, nodes.Interval):
        # A bound of another type has its own problem; it takes nothing here.
        bounds = [bound for bound in (_constant(test.low), _constant(test.high)) if bound is not None]
        return all(type(bound) is type(value) for bound in bounds) and _above(test, value) and _below(test, value)
    expected = test.value if isinstance(test, nodes.Literal) else None
    if kind.code_tree and isinstance(value, str) and isinstance(expected, str):
        return schema.code_trees[kind.code_tree].within(value, expected) is True
    return value == expected


def _above(test: nodes.Interval, value: object) -> bool:
    low = _constant(test.low)
    return low is None or value > low or (test.includes_low and value == low)  # type: ignore[operator]


def _below(test: nodes.Interval, value: object) -> bool:
    high = _constant(test.high)
    return high is None or value < high or (test.includes_high and value == high)  # type: ignore[operator]


def _constant(node: Node | None) -> Decimal | str | bool | date | None:
    return node.value if isinstance(node, nodes.Literal) else None


def _bounds(cells: list[tuple[Node, ...]]) -> Iterator[Decimal | str | bool | date]:
    for test in (test for cell in cells for test in cell):
        parts = (test.low, test.high) if isinstance(test, nodes.Interval) else (test,)
        yield from (value for value in map(_constant, parts) if value is not None)


def _text_samples(cells: list[tuple[Node, ...]], kind: Type) -> list[tuple[str, object]]:
    if kind.values:
        return [(value, value) for value in kind.values]
    used = dict.fromkeys(value for value in _bounds(cells) if isinstance(value, str))
    return [*((text, text) for text in used), ("anything else", "")]


def _number_samples(cells: list[tuple[Node, ...]], kind: Type) -> list[tuple[str, object]]:
    """Each bound, and one value between two neighbours where the input's decimals leave room for one."""
    limits = (limit for limit in (kind.low, kind.high) if limit is not None)
    points = sorted({*(value for value in _bounds(cells) if isinstance(value, Decimal)), *limits})
    found: list[tuple[str, Decimal]] = [(write_constant(point), point) for point in points]
    for low, high in pairwise(points):
        middle = _between(low, high, kind.scale)
        if middle is not None:
            found.append((tell("between {low} and {high}", low=write_constant(low), high=write_constant(high)), middle))
    first, last = (write_constant(points[0]), write_constant(points[-1])) if points else ("", "")
    found += [
        (tell("below {first}", first=first) if points else "below", Decimal("-Infinity")),
        (tell("above {last}", last=last) if points else "above", Decimal("Infinity")),
    ]
    return [sample for sample in found if _in_domain(sample[1], kind)]


def _in_domain(value: Decimal, kind: Type) -> bool:
    if kind.scale is not None and value.is_finite() and decimals_of(value) > kind.scale:
        return False
    return (kind.low is None or value >= kind.low) and (kind.high is None or value <= kind.high)


def _between(low: Decimal, high: Decimal, scale: int | None) -> Decimal | None:
    if scale is None:
        middle = FEEL.divide(FEEL.add(low, high), Decimal(2))
        return middle if low < middle < high else None
    below = round_to("floor", low, Decimal(scale))
    value = FEEL.add(below, Decimal(1).scaleb(-scale)) if isinstance(below, Decimal) else high
    return value if value < high else None


def _day_samples(cells: list[tuple[Node, ...]]) -> list[tuple[str, object]]:
    points = sorted({value for value in _bounds(cells) if isinstance(value, date)})
    found: list[tuple[str, object]] = [(str(point), point) for point in points]
    for low, high in pairwise(points):
        if (high - low).days > 1:
            found.append((tell("between {low} and {high}", low=low, high=high), date.fromordinal(low.toordinal() + 1)))
    if not points:
        return [("any", date(2000, 1, 1))]
    if points[0] > date.min:
        found.append((tell("before {day}", day=points[0]), date.min))
    if points[-1] < date.max:
        found.append((tell("after {day}", day=points[-1]), date.max))
    return found


def scale_of(table: Table, inputs: list[Type], gives: Type) -> int | None:
    """How many decimals the result of a well-formed table has at most; None where nothing proves it."""
    if not table.marginal or gives.scale is None:
        return gives.scale
    units = inputs[0].scale
    widths = [
        decimals_of(value) for value in _bounds([row.cells[0] for row in table.rows]) if isinstance(value, Decimal)
    ]
    return None if units is None else gives.scale + max([units, *widths])
