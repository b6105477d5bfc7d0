"""Tables before they run: gaps, overlaps, bands that do not meet, cells that do not fit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.domain.rules.refund import schema, table
from zhida.domain.errors import AuthorError
from zhida.domain.rules import Input, Row, Table, Type, check_table, parse, parse_cell

NUMBER, TEXT, DATE, FLAG = Type("number"), Type("text"), Type("date"), Type("boolean")


def told(of: Table) -> list[str]:
    try:
        check_table(of, schema())
    except AuthorError as refusal:
        return [problem.words for problem in refusal.problems]
    return []


def unique(by: str, kind: Type, *cells: Any, hit: str = "unique") -> list[str]:
    return told(table("steps", hit, by, kind, [(cell, "1") for cell in cells]))


@pytest.mark.parametrize(
    ("by", "kind", "cells"),
    [
        ("staff", NUMBER, ["[0..29]", "[30..49]", ">= 50"]),
        ("staff", NUMBER, ["[0..30)", ">= 30"]),
        ("staff", NUMBER, ["0", "1", ["2", "> 2"]]),
        ("layoff_rate(2025)", NUMBER, ["< 0.05", "[0.05..0.1999]", ">= 0.2"]),
        ("layoff_rate(2025) / 3", NUMBER, ["<= 1", "> 1"]),
        ("size", TEXT, ["large", ["medium", "small", "micro"]]),
        ("discredited", FLAG, ["true", "false"]),
        ("born_on", DATE, ["< 2000-01-01", "[2000-01-01..2009-12-31]", ">= 2010-01-01"]),
        ("staff", NUMBER, ["-"]),
    ],
)
def test_tables_without_gap_or_overlap(by: str, kind: Type, cells: list[Any]) -> None:
    assert unique(by, kind, *cells) == []


@pytest.mark.parametrize(
    ("by", "kind", "cells", "words"),
    [
        ("staff", NUMBER, ["[0..29]", ">= 31"], "no row of `steps` takes staff between 29 and 31"),
        ("staff", NUMBER, ["[1..29]", ">= 30"], "no row of `steps` takes staff 0"),
        ("staff", NUMBER, ["[0..30]", ">= 30"], "2 rows of `steps` take staff 30"),
        ("layoff_rate(2025)", NUMBER, ["< 0.05", "> 0.05"], "no row of `steps` takes layoff_rate(2025) 0.05"),
        ("layoff_rate(2025)", NUMBER, ["<= 0.05", ">= 0.0502"], "takes layoff_rate(2025) between 0.05 and 0.0502"),
        ("size", TEXT, ["large", ["medium", "micro"]], "no row of `steps` takes size small"),
        ("size", TEXT, ["large", "-"], "2 rows of `steps` take size large"),
        ("region", TEXT, ["99", "9901"], "2 rows of `steps` take region 9901"),
        ("discredited", FLAG, ["true"], "no row of `steps` takes discredited false"),
        ("born_on", DATE, ["< 2000-01-01", "> 2000-01-01"], "no row of `steps` takes born_on 2000-01-01"),
        ("born_on", DATE, ["<= 2000-01-01"], "no row of `steps` takes born_on after 2000-01-01"),
    ],
)
def test_gaps_and_overlaps_are_named(by: str, kind: Type, cells: list[Any], words: str) -> None:
    assert any(words in found for found in unique(by, kind, *cells))


def _of_two(*rows: tuple[str, str], hit: Any = "unique") -> Table:
    inputs = (Input("staff", parse("staff")), Input("size", parse("size")))
    cells = [Row((parse_cell(staff, NUMBER), parse_cell(size, TEXT)), parse("1")) for staff, size in rows]
    return Table("steps", hit, inputs, tuple(cells))


def test_two_inputs_are_crossed() -> None:
    assert told(_of_two(("< 5", "-"), (">= 5", "large"))) == [
        "no row of `steps` takes staff 5, size medium",
        "no row of `steps` takes staff 5, size micro",
        "no row of `steps` takes staff 5, size small",
    ]
    assert told(_of_two(("< 5", "-"), (">= 5", "large"), hit="first")) == []


def test_a_table_too_large_to_check_is_refused() -> None:
    inputs = tuple(Input(name, parse("layoff_rate(2025)")) for name in "abc")
    cells = [parse_cell(f"[{at}..{at + 1})", NUMBER) for at in range(40)]
    rows = tuple(Row((cell,) * 3, parse("1")) for cell in cells)
    assert "make more than 100000 cases" in told(Table("steps", "unique", inputs, rows))[0]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["(0..3]", "(3..6]", "> 6"], ""),
        (["[0..3)", "[3..6)"], ""),
        (["[1..3]", "[4..6]"], "does not meet"),
        (["(0..3]", "[3..6]"], "does not meet"),
        (["(0..3)", "(3..6]"], "does not meet"),
        (["<= 3", "> 3"], "one band from a bound"),
        (["-"], "one band from a bound"),
        (["5"], "one band from a bound"),
    ],
)
def test_bands_meet(cells: list[str], words: str) -> None:
    found = unique("staff", NUMBER, *cells, hit="marginal")
    assert (words in found[0]) if words else found == []


@pytest.mark.parametrize(
    ("by", "kind", "cell"),
    [("size", TEXT, "huge"), ("staff", NUMBER, "true"), ("staff", NUMBER, "staff + 1"), ("region", TEXT, "77")],
)
def test_a_cell_fits_its_input(by: str, kind: Type, cell: str) -> None:
    assert "does not fit" in unique(by, kind, cell)[0]


def test_an_empty_table_and_a_row_of_another_length() -> None:
    assert told(Table("steps", "unique", (), ())) == ["`steps` has no row or no input"]
    short = Table("steps", "first", (Input("staff", parse("staff")),), (Row((), parse("1")),))
    assert "this row has 0 cells" in told(short)[0]


def test_rows_give_one_kind_of_value() -> None:
    assert told(table("steps", "first", "staff", NUMBER, [("> 1", "1"), ("-", "true")])) == [
        "expected number, as on the other side, found boolean"
    ]
    assert "expected number" in told(table("steps", "collect_sum", "staff", NUMBER, [("> 1", "true")]))[0]


@pytest.mark.parametrize(
    ("hit", "cells", "gapped"),
    [
        ("first", ["> 1"], True),
        ("first", ["> 1", "-"], False),
        ("first", ["> 1", "<= 1"], False),
        ("collect_sum", ["> 1"], True),
        ("collect_sum", ["> 1", "< 5"], False),
        ("marginal", ["> 1"], False),
    ],
)
def test_whether_a_table_may_give_none_is_known(hit: Any, cells: list[str], gapped: bool) -> None:
    rows = table("steps", hit, "staff", NUMBER, [(cell, "1") for cell in cells])
    assert check_table(rows, schema()).gapped is gapped
