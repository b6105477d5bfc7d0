"""Rules changed one small thing at a time: a golden case must notice each change, or an edge is not tested.

Comparisons and bounds are flipped, numbers and days moved by one unit, conditions negated and dropped, roundings and
signs swapped, alternatives and members of lists left out: in requirements, tables, amounts and parameters in force.
What is proved to change nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from zhida.domain.errors import AuthorError, Problem
from zhida.domain.packs.golden import run_case
from zhida.domain.packs.items import Item
from zhida.domain.packs.pack import Pack
from zhida.domain.packs.reading.expressions import place_of
from zhida.domain.packs.sameness import chooses_alike, rounds_whole
from zhida.domain.packs.source.nodes import ListNode, RecordNode
from zhida.domain.packs.usage import Usage, roots_of, usage_of
from zhida.domain.packs.variants import Variant, neighbours, variants_of
from zhida.domain.rules import (
    Alternative,
    ParameterSeries,
    Place,
    Program,
    Requirement,
    Row,
    Schema,
    Spot,
    Table,
    check_program,
    write,
    write_constant,
)
from zhida.domain.rules.nodes import Interval, Name, Not
from zhida.domain.sentences import tell

_LEFT_OUT = Name("left_out")


@dataclass(frozen=True)
class Mutant:
    """One change: where, and in words what stood there and what stands there now; then the pack's changed parts."""

    place: Place
    spot: Spot
    where: str
    before: str
    after: str
    schema: Schema
    requirements: Mapping[str, Requirement]

    @property
    def problem(self) -> Problem:
        """What to tell the author where this mutant survives."""
        words = tell(
            "{where}: with `{after}` instead of `{before}` no golden case notices",
            where=self.where,
            after=self.after,
            before=self.before,
        )
        return self.place.problem(self.spot, "mutant_survived", words, "add a case at that edge")


@dataclass(frozen=True)
class MutantReport:
    """How many changes the golden cases noticed, and those that they did not."""

    killed: int
    survived: tuple[Mutant, ...]


def run_mutants(pack: Pack) -> MutantReport:
    """Runs a pack's golden cases against each of its mutants, until one of them notices."""
    mutants = list(mutants_of(pack))
    survived = tuple(mutant for mutant in mutants if not _is_noticed(pack, mutant))
    return MutantReport(len(mutants) - len(survived), survived)


def mutants_of(pack: Pack) -> Iterator[Mutant]:
    """Every mutant of the rules that the pack's items use."""
    roots = [root for item in pack.items.values() for root in roots_of(item)]
    usage = usage_of(roots, pack.schema)
    for requirement in pack.requirements.values():
        yield from _of_requirement(pack, requirement)
    for name in sorted(usage.tables):
        yield from _of_table(pack, pack.schema.tables[name])
    for name in sorted(usage.amounts):
        amount = pack.schema.amounts[name]
        for variant in variants_of(amount.value):
            if rounds_whole(variant, pack.schema):
                continue
            amounts = {**pack.schema.amounts, name: replace(amount, value=variant.whole)}
            schema = replace(pack.schema, amounts=amounts)
            yield _mutant(amount.place, name, variant, schema, pack.requirements)
    yield from _of_parameters(pack, usage)


def _mutant(
    place: Place, where: str, variant: Variant, schema: Schema, requirements: Mapping[str, Requirement]
) -> Mutant:
    return Mutant(place, variant.spot, where, write(variant.before), write(variant.after), schema, requirements)


def _of_requirement(pack: Pack, requirement: Requirement) -> Iterator[Mutant]:
    for position, alternative in enumerate(requirement.alternatives):
        where = f"{requirement.name}.{alternative.name}" if alternative.name else requirement.name
        negated = Variant(alternative.when.at, alternative.when, Not(alternative.when), Not(alternative.when))
        for variant in (negated, *variants_of(alternative.when)):
            changed = replace(alternative, when=variant.whole)
            requirements = _with_alternatives(pack, requirement, position, (changed,))
            yield _mutant(alternative.place, where, variant, pack.schema, requirements)
        if len(requirement.alternatives) > 1:
            requirements = _with_alternatives(pack, requirement, position, ())
            before, spot = write(alternative.when), alternative.when.at
            yield Mutant(alternative.place, spot, where, before, "(left out)", pack.schema, requirements)


def _with_alternatives(
    pack: Pack, requirement: Requirement, position: int, new: tuple[Alternative, ...]
) -> dict[str, Requirement]:
    rest = requirement.alternatives
    changed = replace(requirement, alternatives=rest[:position] + new + rest[position + 1 :])
    return {**pack.requirements, requirement.name: changed}


def _of_table(pack: Pack, table: Table) -> Iterator[Mutant]:
    for place, variant, changed in _tables(table):
        if table.marginal and isinstance(variant.before, Interval):
            continue  # Whether a band's bound itself is inside makes no difference to units counted up to it.
        if chooses_alike(table, changed):
            continue
        schema = replace(pack.schema, tables={**pack.schema.tables, table.name: changed})
        yield _mutant(place, table.name, variant, schema, pack.requirements)


def _tables(table: Table) -> Iterator[tuple[Place, Variant, Table]]:
    for position, column in enumerate(table.by):
        for variant in variants_of(column.value):
            by = (*table.by[:position], replace(column, value=variant.whole), *table.by[position + 1 :])
            yield table.place, variant, replace(table, by=by)
    for position, row in enumerate(table.rows):
        for variant, changed in _rows(row):
            rows = (*table.rows[:position], changed, *table.rows[position + 1 :])
            yield row.place, variant, replace(table, rows=rows)
    for variant in variants_of(table.cap) if table.cap is not None else ():
        yield table.place, variant, replace(table, cap=variant.whole)


def _rows(row: Row) -> Iterator[tuple[Variant, Row]]:
    for variant in variants_of(row.gives):
        yield variant, replace(row, gives=variant.whole)
    for column, cell in enumerate(row.cells):
        for position, test in enumerate(cell):
            for variant in variants_of(test):
                yield variant, _with_cell(row, column, (*cell[:position], variant.whole, *cell[position + 1 :]))
            if len(cell) > 1:
                left_out = Variant(test.at, test, _LEFT_OUT, _LEFT_OUT)
                yield left_out, _with_cell(row, column, cell[:position] + cell[position + 1 :])


def _with_cell(row: Row, column: int, cell: tuple[object, ...]) -> Row:
    return replace(row, cells=(*row.cells[:column], cell, *row.cells[column + 1 :]))  # type: ignore[arg-type]


def _of_parameters(pack: Pack, usage: Usage) -> Iterator[Mutant]:
    for name in sorted(usage.parameters & pack.parameters.keys()):
        series = pack.parameters[name]
        for position, row in enumerate(series.rows):
            for value in neighbours(row.value) if _is_ever_in_force(pack, series, row.effective, row.region) else ():
                rows = (*series.rows[:position], replace(row, value=value), *series.rows[position + 1 :])
                parameters = {**pack.schema.parameters, name: replace(series, rows=rows)}
                schema = replace(pack.schema, parameters=parameters)
                where = f"{name} {row.effective} {row.region}".strip()
                before, after = write_constant(row.value), write_constant(value)
                yield Mutant(
                    _place_of_row(pack, name, position), Spot(), where, before, after, schema, pack.requirements
                )


def _place_of_row(pack: Pack, name: str, position: int) -> Place:
    file = pack.nodes["parameters.yaml"]
    rows = file.values[name] if isinstance(file, RecordNode) else file
    rows = rows.values["rows"] if isinstance(rows, RecordNode) else rows
    return place_of(rows.items[position].spot if isinstance(rows, ListNode) else rows.spot)


def _is_ever_in_force(pack: Pack, series: ParameterSeries, effective: date, region: str) -> bool:
    if pack.valid.end is not None and effective >= pack.valid.end:
        return False
    start = pack.valid.start
    later = [row.effective for row in series.rows if row.region == region and row.effective > effective]
    return start is None or not any(day <= start for day in later)


def _is_noticed(pack: Pack, mutant: Mutant) -> bool:
    programs = {name: program_of(item, mutant) for name, item in pack.items.items()}
    return any(
        not run_case(case, pack.items[name], programs[name]).passed for case in pack.golden for name in case.expected
    ) or any(is_refused(program) for program in programs.values())


def is_refused(program: Program) -> bool:
    """Whether the checker itself notices: a gap or an overlap that a changed bound leaves in a table."""
    try:
        check_program(program)
    except AuthorError:
        return True
    return False


def program_of(item: Item, mutant: Mutant) -> Program:
    """An item's program as a mutant changes it."""
    requires = tuple(mutant.requirements[name] for name in item.requires)
    return replace(item.program, schema=mutant.schema, requires=requires)
