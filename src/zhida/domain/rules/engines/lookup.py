"""Tables and parameters for one subject: the rows that can still apply decide together."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhida.domain.errors import InvariantBroken
from zhida.domain.rules.answers import UNKNOWN, Unknown
from zhida.domain.rules.engines.functions import FUNCTIONS
from zhida.domain.rules.engines.interfaces import Evaluates
from zhida.domain.rules.engines.kleene import all_of
from zhida.domain.rules.engines.values import NONE, Code, agreed, unknown_of
from zhida.domain.rules.numbers import FEEL, calculate
from zhida.domain.rules.schema import ParameterSeries
from zhida.domain.rules.tables import Table, band_of


def table_value(table: Table, evaluation: Evaluates) -> Any:
    """What a table gives, held under its cap. NONE where no row applies, which cannot be in a unique table."""
    inputs = [evaluation.value(column.value) for column in table.by]
    if table.hit == "marginal":
        result = _marginal(table, inputs[0], evaluation)
    elif table.hit == "collect_sum":
        result = _collected(table, inputs, evaluation)
    else:
        result = _chosen(table, inputs, evaluation)
    return result if table.cap is None else FUNCTIONS["min"](result, evaluation.value(table.cap))


def _chosen(table: Table, inputs: list[Any], evaluation: Evaluates) -> Any:
    possible: list[Any] = []
    doubts: list[Any] = []
    for row in table.rows:
        holds = _holds(row.cells, inputs, evaluation)
        if holds is False:
            continue
        possible.append(evaluation.value(row.gives))
        if holds is True:
            return agreed(possible, *doubts)
        doubts.append(holds)
    if table.hit == "first":
        possible.append(NONE)
    if not possible:
        raise InvariantBroken("table_without_row", f"no row of the unique table {table.name} holds for {inputs}")
    return agreed(possible, *doubts)


def _holds(cells: tuple[Any, ...], inputs: list[Any], evaluation: Evaluates) -> Any:
    tested = (evaluation.tested(value, cell) for cell, value in zip(cells, inputs, strict=True) if cell)
    return all_of(tested)


def _collected(table: Table, inputs: list[Any], evaluation: Evaluates) -> Any:
    holds = [(_holds(row.cells, inputs, evaluation), row) for row in table.rows]
    doubts = [held for held, _ in holds if not isinstance(held, bool)]
    if doubts:
        return unknown_of(*doubts)
    given = [evaluation.value(row.gives) for held, row in holds if held]
    return FUNCTIONS["sum"](*given) if given else NONE


def _marginal(table: Table, units: Any, evaluation: Evaluates) -> Any:
    if not isinstance(units, Decimal):
        return NONE if units is NONE else unknown_of(units)
    parts: list[Any] = []
    for row in table.rows:
        low, high = band_of(row)
        inside = FEEL.subtract(units if high is None else min(units, high), low)
        if inside > 0:
            rate = evaluation.value(row.gives)
            parts.append(calculate("*", inside, rate) if isinstance(rate, Decimal) else rate)
    return FUNCTIONS["sum"](*parts) if parts else Decimal(0)


def parameter_value(series: ParameterSeries, evaluation: Evaluates) -> Any:
    """The value in force at as_of in the narrowest region that contains the subject.

    Where the subject's region is unknown or too coarse to tell, every row that may apply has to agree.
    """
    rows = series.in_force(evaluation.as_of)
    everywhere = rows[""].value if "" in rows else UNKNOWN
    regional = {region: row for region, row in rows.items() if region}
    if not regional:
        return everywhere
    code = evaluation.region()
    if not isinstance(code, Code):
        return agreed([everywhere, *(row.value for row in regional.values())], code)
    held = {region: code.tree.within(code, region) for region in regional}
    sure = [region for region in regional if held[region]]
    narrowest = max(sure, key=lambda region: len(code.tree.ancestors(region)), default="")
    values = [regional[narrowest].value if narrowest else everywhere]
    values += [regional[region].value for region in regional if held[region] is None]
    return agreed(values, Unknown((code.key,)))
