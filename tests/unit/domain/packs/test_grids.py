"""A table and its form say the same, both ways, each bound as it counts; what no form says stays out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.test_policies import policies
from zhida.domain.packs import read_root
from zhida.domain.packs.grids import Cell, Grid, entry_of, grid_of, hows_of, needed, words_of_cell
from zhida.domain.packs.reading.tables import read_table
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import Problems
from zhida.domain.packs.source.splicing import as_read, flow
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.rules import FactType, Table
from zhida.surfaces.cli.folders import read_files

PACKS = Path(__file__).resolve().parents[4] / "packs"
FACTS = {
    "size": FactType("size", "text"),
    "place": FactType("place", "text", code_tree="region"),
    "staff": FactType("staff", "number"),
    "born_on": FactType("born_on", "date"),
    "sound": FactType("sound", "boolean"),
}


def table_of(written: str, facts: dict[str, FactType] = FACTS) -> Table:
    """A table as rules.yaml holds it."""
    problems = Problems()
    node = read_yaml("rules.yaml", written.encode(), problems)
    assert node is not None
    found = read_table("t", Fields(node, problems, "t"), (), facts, problems)
    assert problems.all() == ()
    return found


def row_of(by: str, cell: str) -> Table:
    return table_of(f"hit: first\nby: [{by}]\nrows:\n  - {{{by}: {cell}, gives: 1}}\n")


CELLS = {
    ("size", '"-"'): Cell(),
    ("size", "large"): Cell("in", ('"large"',)),
    ("size", "[small, micro]"): Cell("in", ('"small"', '"micro"')),
    ("place", '"990102"'): Cell("in", ('"990102"',)),
    ("sound", "true"): Cell("in", ("true",)),
    ("staff", "5"): Cell("in", ("5",)),
    ("staff", '">= 5"'): Cell(">=", ("5",)),
    ("staff", '"> 5"'): Cell(">", ("5",)),
    ("staff", '"<= 5"'): Cell("<=", ("5",)),
    ("staff", '"< 5"'): Cell("<", ("5",)),
    ("staff", '"[5..9]"'): Cell("[]", ("5", "9")),
    ("staff", '"[5..9)"'): Cell("[)", ("5", "9")),
    ("staff", '"(5..9]"'): Cell("(]", ("5", "9")),
    ("staff", '"(5..9)"'): Cell("()", ("5", "9")),
    ("staff", '">= parameters.least"'): Cell(">=", ("parameters.least",)),
    ("born_on", '">= 2013-06-30"'): Cell(">=", ('date("2013-06-30")',)),
    ("born_on", '"[2013-01-01..2013-06-30]"'): Cell("[]", ('date("2013-01-01")', 'date("2013-06-30")')),
}


@pytest.mark.parametrize(("by", "cell"), CELLS)
def test_a_cell_is_read_and_written_back(by: str, cell: str) -> None:
    table = row_of(by, cell)
    grid = grid_of(table, FACTS)
    assert grid is not None
    assert grid.rows[0].cells == (CELLS[by, cell],)
    entry = flow(entry_of(grid))
    assert f"{by}: {cell}, gives: 1" in entry
    assert grid_of(table_of(entry), FACTS) == grid


@pytest.mark.parametrize("cell", ['["[1..3]", "> 9"]', '">= staff"', '["1", "> 9"]'])
def test_a_cell_that_no_form_says_keeps_the_table_out_of_it(cell: str) -> None:
    assert grid_of(row_of("staff", cell), FACTS) is None


def all_tables() -> Iterator[tuple[str, Table, dict[str, FactType]]]:
    for root in (policies(), read_root(read_files(PACKS))):
        for pack in root.packs.values():
            for name, table in pack.schema.tables.items():
                yield f"{pack.id} {name}", table, {**pack.schema.facts}


def test_every_table_of_every_pack_is_said_by_a_form_and_written_back() -> None:
    seen = 0
    for name, table, facts in all_tables():
        grid = grid_of(table, facts)
        assert grid is not None, name
        again = grid_of(table_of(flow(entry_of(grid)), facts), facts)
        assert again == grid, name
        seen += 1
    assert seen >= 25


def test_what_did_not_change_keeps_its_spelling() -> None:
    written = 'hit: first\nby: [size, staff]\nrows:\n  - {size: "large", staff: ">=5", gives: 0.30}\n'
    grid = grid_of(table_of(written), FACTS)
    assert isinstance(grid, Grid)
    before = {"rows": [{"size": "large", "staff": ">=5", "gives": "0.30"}]}
    assert as_read(entry_of(grid, before)["rows"]) == before["rows"]
    assert as_read(entry_of(grid)["rows"]) == [{"size": "large", "staff": ">= 5", "gives": "0.3"}]


def test_each_comparison_has_words_that_say_whether_its_bounds_count() -> None:
    for how in hows_of("number"):
        assert words_of_cell(how, "zh") != words_of_cell(how, "en")
        assert ("含" in words_of_cell(how, "zh")) == (needed(how) > 0 and how != "in")
    assert hows_of("text") == ("any", "in")
    assert words_of_cell("in", "zh", in_tree=True) == "在其范围内"
