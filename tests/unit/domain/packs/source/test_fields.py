"""Records are read by their schema: every mistake is noted with its place, and reading goes on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhida.domain.packs.source.fields import Fields, as_date, as_number, as_whole, nearest
from zhida.domain.packs.source.nodes import Problems
from zhida.domain.packs.source.strict import read_yaml
from zhida.domain.values import Span


def fields_of(text: str) -> tuple[Fields, Problems]:
    problems = Problems()
    return Fields(read_yaml("f", text.encode(), problems), problems, "f"), problems


def test_all_mistakes_of_a_record_are_told_at_once() -> None:
    fields, problems = fields_of("day: 2026-02-30\nkind: gold\nn: -1\nlist: one\nextra: 1\n")
    fields.day("day")
    fields.choice("kind", ("red", "blue"))
    fields.whole("n")
    fields.texts("list")
    fields.text("name")
    fields.close()
    assert [(problem.code, problem.line) for problem in problems.all()] == [
        ("missing_key", 1),
        ("malformed", 1),
        ("not_one_of", 2),
        ("malformed", 3),
        ("not_a_list", 4),
        ("unknown_key", 5),
    ]


def test_typed_values() -> None:
    fields, problems = fields_of(
        "day: 2026-02-28\nflag: true\nn: 7\nlist: [a, b]\nspan: {from: 2026-01-01, to: 2027-01-01}\n"
    )
    assert fields.day("day") == date(2026, 2, 28)
    assert fields.flag("flag", False) is True
    assert fields.whole("n") == 7
    assert fields.texts("list") == ("a", "b")
    assert fields.span("span") == Span(date(2026, 1, 1), date(2027, 1, 1))
    fields.close()
    assert not problems.all()


def test_a_span_that_ends_before_it_begins() -> None:
    fields, problems = fields_of("span: {from: 2027-01-01, to: 2026-01-01}")
    fields.span("span")
    assert [problem.code for problem in problems.all()] == ["empty_span"]


@pytest.mark.parametrize("text", ["01", "1.", ".5", "1e3", "1_000", "", "+1", "٣", "0x1", "1" * 35])
def test_numbers_are_written_plainly(text: str) -> None:
    assert as_number(text) is None


@pytest.mark.parametrize(("text", "value"), [("0", "0"), ("-1", "-1"), ("0.052", "0.052"), ("12.50", "12.50")])
def test_numbers_are_exact(text: str, value: str) -> None:
    assert as_number(text) == Decimal(value)


def test_other_scalars() -> None:
    assert as_whole("12") == 12
    assert as_whole("-12") is None
    assert as_whole("1.0") is None
    assert as_date("2026-1-1") is None
    assert as_date("20260101") is None


def test_hints_name_the_nearest_word() -> None:
    assert nearest("layof_rate", ["layoff_rate", "sales"]) == "did you mean layoff_rate?"
    assert nearest("zzz", ["layoff_rate", "sales"]) == "known: layoff_rate, sales"
    assert nearest("zzz", []) == ""
