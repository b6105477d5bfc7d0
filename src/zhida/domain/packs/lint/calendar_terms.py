"""Days, periods and dated parameters as the solver's terms: a day is its ordinal, what follows from it in bounds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from zhida.domain.packs.lint.solving import Solver
from zhida.domain.rules import ParameterSeries, Program, nodes

_LONGEST_CHAIN = 40


class Encodes(Protocol):
    """What makes a term of a constant."""

    def literal(self, node: nodes.Literal, scope: Any) -> Any:
        """The term of a constant."""

    def free(self, key: str, sort: str) -> Any:
        """A term that may have any value."""


class CalendarTerms:
    """Terms of one program that follow from the day that is assessed: between the first and the last in force."""

    def __init__(self, program: Program, solver: Solver, prefix: str = "") -> None:
        self.prefix = prefix
        self.z3 = solver.z3
        self.solver = solver
        self.program = program
        starts = [span.start for span in (program.valid, program.window) if span.start]
        ends = [span.end for span in (program.valid, program.window) if span.end]
        self.first: date | None = max(starts, default=None)
        self.end: date | None = min(ends, default=None)
        self.as_of = self.z3.Real("as_of")
        first, end = (self.first or date.min).toordinal(), (self.end or date.max).toordinal()
        solver.know(self.as_of >= first, self.as_of < end)
        solver.know_whole(self.z3.IsInt(self.as_of))
        self._made: dict[str, Any] = {}

    def name(self, name: str) -> Any:
        """`as_of`, `year` or `month`."""
        if name == "as_of":
            return self.as_of
        if name not in self._made:
            term = self.z3.Real(name)
            self._made[name] = term
            self.solver.know_whole(self.z3.IsInt(term))
            self.solver.know(*(self._year(term) if name == "year" else (term >= 1, term <= 12)))
        return self._made[name]

    def _year(self, term: Any) -> tuple[Any, ...]:
        if self.first is None or self.end is None or self.end.year - self.first.year > _LONGEST_CHAIN:
            return (term >= 1, term <= 9999)
        years = range(self.first.year, self.end.year + 1)
        begins = {year: date(year, 1, 1).toordinal() for year in (*years, self.end.year + 1)}
        return (
            self.z3.Or(
                *(
                    self.z3.And(term == year, self.as_of >= begins[year], self.as_of < begins[year + 1])
                    for year in years
                )
            ),
        )

    def call(self, node: nodes.Call, arguments: list[Any], key: str) -> Any:
        """A function of dates. Months and years are held between their shortest and their longest."""
        if node.name == "days_between":
            return arguments[1] - arguments[0]
        if key in self._made:
            return self._made[key]
        term = self._made[key] = self.z3.Real(self.prefix + key)
        self.solver.know_whole(self.z3.IsInt(term))
        if node.name in ("years_between", "months_between"):
            shortest, longest = (365, 366) if node.name == "years_between" else (28, 31)
            days = arguments[1] - arguments[0]
            later = self.z3.And(term >= 0, term * shortest <= days, days < (term + 1) * longest)
            earlier = self.z3.And(term <= 0, -term * shortest <= -days, -days < (1 - term) * longest)
            self.solver.know(self.z3.If(days >= 0, later, earlier))
        elif node.name == "add_months":
            self._months_on(term, arguments[0], node.arguments[1])
        else:
            lowest, highest = {"year": (1, 9999), "month": (1, 12), "day": (1, 31)}[node.name]
            self.solver.know(term >= lowest, term <= highest)
        return term

    def _months_on(self, term: Any, start: Any, months: nodes.Node) -> None:
        count = months.value if isinstance(months, nodes.Literal) else None
        if not isinstance(count, Decimal) or count < 0:
            return
        years, rest = divmod(int(count), 12)
        shortest, longest = years * 365 + rest * 28, years * 366 + rest * 31
        self.solver.know(term - start >= shortest, term - start <= longest)

    def parameter(self, series: ParameterSeries, encodes: Encodes) -> Any:
        """A parameter: the value of the day where one is in force everywhere, else any of those that can be."""
        key = f"parameters.{series.name}"
        if key not in self._made:
            self._made[key] = self._parameter(series, encodes)
        return self._made[key]

    def _parameter(self, series: ParameterSeries, encodes: Encodes) -> Any:
        rows = sorted((row for row in series.rows if self._can_hold(row.effective)), key=lambda row: row.effective)
        values = [encodes.literal(nodes.Literal(_kind_of(row.value), row.value), {}) for row in rows]
        if not rows or any(row.region for row in rows):
            kind = _kind_of(series.rows[0].value) if series.rows else "number"
            term = encodes.free(f"parameters.{series.name}", kind)
            self.solver.know(*([self.z3.Or(*(term == value for value in values))] if values else []))
            return term
        found = values[0]
        for row, value in zip(rows[1:], values[1:], strict=True):
            found = self.z3.If(self.as_of >= row.effective.toordinal(), value, found)
        return found

    def _can_hold(self, effective: date) -> bool:
        return self.end is None or effective < self.end


def _kind_of(value: Any) -> Any:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Decimal):
        return "number"
    return "text" if isinstance(value, str) else "date"
