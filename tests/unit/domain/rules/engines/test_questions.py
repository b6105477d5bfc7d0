"""What to ask, in which order, and what is not worth asking."""

from __future__ import annotations

from typing import Any

from tests.unit.domain.rules.refund import AS_OF, EVERYTHING, program, requirement
from zhida.domain.rules import Question, ask, keys_read, parse
from zhida.domain.values import Facts


def asked(*programs: Any, **facts: Any) -> list[tuple[str, str, int]]:
    found: tuple[Question, ...] = ask(programs, Facts.of(facts), AS_OF)
    return [(str(question.key), str(question.changes), question.settles) for question in found]


def plain(*conditions: str, amount: str = "") -> Any:
    requires = tuple(requirement(f"r{index}", condition) for index, condition in enumerate(conditions))
    return program(requires=requires, region="", amount=parse(amount) if amount else None)


def test_the_fact_that_settles_most_comes_first() -> None:
    found = asked(plain("staff > 3 and discredited", "discredited", "checked"))
    assert found == [("discredited", "answer", 1), ("staff", "answer", 1), ("checked", "answer", 1)]


def test_a_fact_of_two_items_counts_twice() -> None:
    found = asked(plain("checked"), plain("discredited"), plain("not(discredited)"))
    assert found == [("discredited", "answer", 2), ("checked", "answer", 1)]


def test_a_question_says_whether_it_changes_the_answer_the_amount_or_both() -> None:
    found = asked(plain("staff > 3", amount="staff * 2"), plain("true", amount="floor(insurance_paid(year - 1))"))
    assert found == [("staff", "both", 2), ("insurance_paid@2025", "amount", 1)]


def test_a_refused_item_asks_nothing() -> None:
    assert asked(program(), **{**EVERYTHING, "discredited": True, "size": "large"}) == []
    assert asked(plain("staff > 3 and discredited", "checked"), checked=False) == []


def test_an_amount_with_two_unknown_facts_is_settled_by_the_second() -> None:
    assert asked(plain("true", amount="staff * count(topics)")) == [("staff", "amount", 0), ("topics", "amount", 1)]


def test_keys_read_names_every_column_of_a_screening() -> None:
    assert [str(key) for key in keys_read([program()], AS_OF)] == [
        "region",
        "insurance_months@2025",
        "layoff_rate@2025",
        "heads@2025",
        "discredited",
        "insurance_paid@2025",
        "size",
    ]


def test_keys_read_looks_through_derived_facts_and_records() -> None:
    item = program(requires=(requirement("r", "age > hire.age"),), amount=None, region="", within="", for_each="hires")
    assert [str(key) for key in keys_read([item], AS_OF)] == ["born_on", "hires"]
