"""Changes that change nothing are no mutants: rounding of whole numbers, bounds that lie under an earlier row."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.domain.packs.small_root import small_pack
from zhida.domain.packs.sameness import chooses_alike, rounds_whole
from zhida.domain.packs.variants import Variant, variants_of
from zhida.domain.rules import NUMBER, Input, Literal, Row, Table, parse, parse_cell


def table(*cells: str, hit: str = "first") -> Table:
    rows = tuple(
        Row((parse_cell(cell, NUMBER),), Literal("number", Decimal(place))) for place, cell in enumerate(cells)
    )
    return Table("bands", hit, (Input("of", parse("heated_area(year - 1)")),), rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cells", "is_same"),
    [
        ((">= 100", "[50..100]"), True),
        ((">= 100", "[50..101)"), True),
        ((">= 100", "[50..99)"), False),
        ((">= 101", "[50..100)"), False),
        ((">= 100", "[49..100)"), False),
        ((">= 100", "-"), False),
    ],
)
def test_a_bound_under_an_earlier_row_may_move(cells: tuple[str, ...], is_same: bool) -> None:
    assert chooses_alike(table(">= 100", "[50..100)"), table(*cells)) is is_same


def test_only_a_table_whose_first_row_counts_has_earlier_rows() -> None:
    unique = table(">= 100", "[50..100)", hit="unique")
    assert not chooses_alike(unique, replace(unique, rows=table(">= 100", "[50..100]").rows))


@pytest.mark.parametrize(
    ("feel", "is_whole"), [("floor(heated_area(year - 1) * 2)", True), ("floor(heated_area(year - 1) * 0.5)", False)]
)
def test_rounding_a_whole_number_the_other_way_changes_nothing(feel: str, is_whole: bool) -> None:
    schema = small_pack().schema
    node = parse(feel)
    assert not isinstance(node, tuple)
    rounding = [each for each in variants_of(node) if isinstance(each, Variant) and each.before == node]
    assert [rounds_whole(each, schema) for each in rounding] == [is_whole]
