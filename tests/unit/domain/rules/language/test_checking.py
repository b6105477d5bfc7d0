"""Every mistake an author can make in an expression: its code, its place, and the hint that mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.domain.rules.refund import program, requirement, schema, table
from zhida.domain.errors import AuthorError, Problem
from zhida.domain.rules import (
    BOOLEAN,
    Amount,
    FactType,
    Place,
    Program,
    Type,
    check,
    check_fact,
    check_names,
    check_program,
    check_table,
    parse,
)
from zhida.domain.rules.feel_nodes import Null

NUMBER = Type("number")
PLACE = Place("rules.yaml", 3, 9)
GAPPED = table("gapped", "first", "staff", NUMBER, [("< 3", "1")])


def collected(checking: Callable[[], object]) -> list[Problem]:
    try:
        checking()
    except AuthorError as refusal:
        return list(refusal.problems)
    return []


def problems(text: str) -> list[Problem]:
    return collected(lambda: check(parse(text, PLACE), schema(GAPPED, halves="refund / 2"), PLACE))


@pytest.mark.parametrize(
    "text",
    [
        "layoff_rate(year - 1) <= parameters.target and not(discredited)",
        "if staff = 0 then 0 else 1 / staff",
        "staff != 0 and 1 / staff > 2",
        "staff = 0 or 1 / staff > 2",
        "not(staff <= 0) and 1 / staff > 2",
        "0 < staff and 1 / staff > 2",
        "staff > 0 and discredited and 1 / staff > 2",
        "1 / refund_rate > 1 and 1 / parameters.target > 1 and 1 / 3 > 0",
        "if count(hires) > 0 then max(hires.age) > 3 else false",
        "if count(hires[insured]) != 0 then min(for h in hires[insured] return h.wage) > 3 else false",
        "max([1, 2]) > 1",
        "insurance_paid(year - 1) + 3 > 2 * insurance_paid(2024)",
        "insurance_paid(2025) * layoff_rate(2025) > tax(month - 1)",
        "heads(2025) / 3 > 2 and staff in heads(2025)",
        "gapped * 2 + floor(gapped)",
        'within(region, "99") and region in ("9901", "98")',
        'list contains(topics, "jobs") and "jobs" in topics',
        "every h in hires satisfies some g in hires satisfies h.age > g.age",
        "hires[year = 2025].wage",
        "age >= 18",
        'size = "large" or size != "small"',
        "years_between(born_on, as_of) >= age",
        "add_months(born_on, 3) < as_of",
        'grade(add_months(as_of, -1)) = "A"',
        "sum(hires.wage) + sum(1, 2)",
        "floor(insurance_paid(2025) / 7, -2)",
        "(-staff) ** 2",
    ],
)
def test_sound_expressions(text: str) -> None:
    assert [str(problem) for problem in problems(text)] == []


@pytest.mark.parametrize(
    ("text", "column", "code", "hint"),
    [
        ("layof_rate(2025) > 1", 9, "unknown_name", "did you mean `layoff_rate`?"),
        ("3 > stuff", 13, "unknown_name", "did you mean `staff`?"),
        ("parameters.targt > 1", 9, "unknown_name", "did you mean `target`?"),
        ("parameters > 1", 9, "unknown_name", "write parameters.name"),
        ("some h in hires satisfies h.agee > 1", 35, "unknown_name", "did you mean `age`?"),
        ("hire.age > 1", 9, "unknown_name", "did you mean `hires`?"),
        ("quux > 1", 9, "unknown_name", "declare it"),
        ("layoff_rate > 1", 9, "period_missing", "write layoff_rate(year - 1)"),
        ("tax > 1", 9, "period_missing", "write tax(month - 1)"),
        ('grade = "A"', 9, "period_missing", "write grade(as_of)"),
        ("staff(2025) > 1", 9, "period_not_expected", "write staff"),
        ("tax(staff) > 1", 13, "period_not_constant", "such as tax(month - 1)"),
        ("insurance_paid(year / 2) > 1", 29, "period_not_constant", "such as"),
        ('grade(born_on) = "A"', 15, "period_not_constant", "such as grade(as_of)"),
        ("tax(1, 2, 3) > 1", 9, "wrong_arguments", ""),
        ("staff > heads(2025) + insurance_paid(2025)", 31, "wrong_unit", ""),
        ("staff > insurance_paid(2025)", 17, "wrong_unit", ""),
        ("min(staff, age) > 1", 20, "wrong_unit", ""),
        ('staff > "3"', 17, "wrong_type", "without quotes"),
        ('born_on < "2026-01-01"', 19, "wrong_type", 'date("2026-01-31")'),
        ("staff and discredited", 9, "wrong_type", "compare it"),
        ("not(staff)", 13, "wrong_type", "compare it"),
        ("hires > 3", 17, "wrong_type", ""),
        ("3 > hires", 13, "wrong_type", "count(…)"),
        ("if discredited then 1 else true", 36, "wrong_type", ""),
        ('[1, "a"] = 1', 13, "wrong_type", ""),
        ("some h in staff satisfies h > 1", 19, "wrong_type", ""),
        ("staff.age > 1", 9, "wrong_type", ""),
        ("discredited in [1..2]", 24, "wrong_type", "numbers or dates"),
        ("1 / staff > 2", 13, "division_unguarded", "if staff = 0 then"),
        ("1 / (staff - 1) > 2", 20, "division_unguarded", ""),
        ("staff > -1 and 1 / staff > 2", 28, "division_unguarded", ""),
        ("1 / staff > 2 and staff > 0", 13, "division_unguarded", ""),
        ("staff > 0 or 1 / staff > 2", 26, "division_unguarded", ""),
        ("1 / 0 > 1", 13, "division_unguarded", ""),
        ("max(hires.age) > 1", 9, "list_may_be_empty", "count(…) > 0"),
        ("2 ** staff > 1", 14, "exponent_not_constant", ""),
        ("2 ** -1 > 1", 14, "exponent_not_constant", ""),
        ("2 ** 101 > 1", 14, "exponent_not_constant", ""),
        ("round half up(staff, staff) > 1", 30, "digits_not_constant", ""),
        ("add_months(born_on, layoff_rate(2025)) > as_of", 29, "not_whole", "floor"),
        ('size = "larg"', 16, "value_not_listed", "did you mean `large`?"),
        ('size in ("small", "hug")', 27, "value_not_listed", ""),
        ('within(region, "77")', 24, "value_not_listed", ""),
        ('within(region, ["99", "9903"])', 31, "value_not_listed", "did you mean"),
        ("within(region, size)", 24, "places_not_constant", ""),
        ('within(size, "99")', 16, "not_a_code", "names the tree"),
        ('region = "99"', 16, "code_compared", "within"),
        ('if discredited then region else "99"', 41, "wrong_type", ""),
        ('size < "small"', 14, "not_comparable", ""),
        ("hires = hires", 15, "not_comparable", ""),
        ("[1..2]", 9, "interval_alone", "x in [a..b]"),
        ("count([]) > 1", 15, "empty_list", ""),
        ("count(for h in hires return topics) > 1", 15, "list_in_list", ""),
        ("some staff in hires satisfies true", 9, "name_taken", "another name"),
        ("some h in hires satisfies some h in hires satisfies true", 35, "name_taken", ""),
        ("floor() > 1", 9, "wrong_arguments", ""),
        ("sum() > 1", 9, "wrong_arguments", ""),
        ("count(staff) > 1", 15, "wrong_type", ""),
        ("gapped > 3", 9, "may_give_none", "a row for the rest"),
    ],
)
def test_mistakes(text: str, column: int, code: str, hint: str) -> None:
    (found,) = problems(text)
    assert (found.line, found.column, found.code) == (3, column, code)
    assert hint in found.hint


def test_all_mistakes_are_told_at_once() -> None:
    found = problems("staf > 1 and layoff_rate > 2\n and 1 / staff > 3")
    assert [(problem.line, problem.code) for problem in found] == [
        (3, "unknown_name"),
        (3, "period_missing"),
        (4, "division_unguarded"),
    ]


def test_an_expected_type_is_held_to() -> None:
    with pytest.raises(AuthorError, match="expected boolean, found number in persons"):
        check(parse("staff"), schema(), expects=BOOLEAN)


def test_conformance_nodes_are_refused() -> None:
    with pytest.raises(AuthorError, match="not_in_packs"):
        check(Null(), schema())


@pytest.mark.parametrize(
    ("text", "unit", "scale"),
    [
        ("insurance_paid(2025) * layoff_rate(2025)", "fen", 4),
        ("floor(insurance_paid(2025) * refund_rate)", "fen", 0),
        ("round half up(insurance_paid(2025) / 7, 1)", "fen", 1),
        ("staff", "persons", 0),
        ("parameters.target", "", 3),
        ("refund_rate", "", 1),
        ("refund", "fen", 0),
        ("count(hires)", "", 0),
        ("layoff_rate(2025) ** 2", "", 8),
        ("1.50 + 1", "", 1),
        ("1 / 3", "", None),
    ],
)
def test_units_and_decimals_are_known_beforehand(text: str, unit: str, scale: int | None) -> None:
    found = check(parse(text), schema())
    assert (found.kind, found.unit, found.scale) == ("number", unit, scale)


def refusal(of: Program) -> list[str]:
    with pytest.raises(AuthorError) as caught:
        check_program(of)
    return [problem.code for problem in caught.value.problems]


def test_a_sound_program_passes() -> None:
    check_program(program())
    check_names(schema(GAPPED))


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("refund * 0.5", "amount_not_whole"),
        ("refund / 2", "amount_not_whole"),
        ("staff", "wrong_unit"),
        ("discredited", "wrong_type"),
        ("-5", "amount_negative"),
        ("hire.wage", "unknown_name"),
    ],
)
def test_amounts_are_whole_fen(amount: str, code: str) -> None:
    assert refusal(program(amount=parse(amount))) == [code]


def test_a_table_that_may_give_none_may_be_an_amount() -> None:
    check_program(program(schema=schema(GAPPED), amount=parse("gapped * 100")))


def test_the_frame_of_a_program_is_checked() -> None:
    assert refusal(program(within="size")) == ["within_no_code"]
    assert refusal(program(within="regon", region="")) == ["within_no_code"]
    assert refusal(program(region="77")) == ["region_unknown"]
    assert refusal(program(for_each="purchases")) == ["relation_unknown"]
    assert refusal(program(requires=(requirement("r", "true"), requirement("r", "true")))) == ["requirement_twice"]


def test_a_program_for_each_record_knows_the_record_in_its_amounts() -> None:
    by_age = table("by_age", "first", "hire.age", NUMBER, [("> 50", "hire.wage"), ("-", "0")])
    check_program(program(schema=schema(by_age), amount=parse("by_age"), for_each="hires"))
    check_table(by_age, schema(by_age))
    assert refusal(program(schema=schema(by_age), amount=parse("by_age"))) == ["unknown_name"]


def test_a_name_that_is_taken_or_stands_inside_itself() -> None:
    base = schema(round="square", square="round + lost", lost="1")
    more = {name: Amount(name, parse("1")) for name in ("staff", "min")}
    found = collected(lambda: check_names(replace(base, amounts={**base.amounts, **more})))
    assert {problem.words.split("`")[1]: problem.code for problem in found} == {
        "round": "name_in_itself",
        "square": "name_in_itself",
        "min": "name_taken",
        "staff": "name_taken",
    }


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (FactType("x", "number", unit="persons", expression=parse("staff")), ""),
        (FactType("x", "number", unit="fen", expression=parse("staff")), "wrong_unit"),
        (FactType("x", "boolean", expression=parse("staff > 3")), ""),
        (FactType("x", "number", scale=2, expression=parse("staff / 3")), "too_many_decimals"),
        (FactType("x", "number", expression=parse("gapped")), "may_give_none"),
        (FactType("x", "text", code_tree="regions", expression=parse('"99"')), "wrong_type"),
    ],
)
def test_a_derived_fact_is_what_it_declares(fact: FactType, code: str) -> None:
    codes = [problem.code for problem in collected(lambda: check_fact(fact, schema(GAPPED), PLACE))]
    assert codes == ([code] if code else [])


def test_a_stated_minimum_bounds_nothing_but_itself() -> None:
    assert check(parse("staff"), schema()).low == Decimal(0)
    assert check(parse("staff - 1"), schema()).low is None
