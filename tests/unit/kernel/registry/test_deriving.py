"""Derived facts are computed once when the snapshot is made, and say that they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.kernel.registry.conftest import attribute
from zhida.domain.errors import AccessError
from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.rules import parse
from zhida.domain.rules.engines.columns.vectors import Unsupported
from zhida.domain.values import Fact, FactKey, Facts, Scope, SubjectKind
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.deriving import Deriver

FIRM = SubjectKind.ORGANISATION


@pytest.fixture
def deriving(dictionary: Dictionary) -> Dictionary:
    """The small dictionary with a derived fact a year, one that a source may supply, one that rounds."""
    entries = [
        attribute("growth_fen", "number", period="year", expression=parse("revenue_fen(year) - revenue_fen(year - 1)")),
        attribute(
            "size",
            "text",
            values=("large", "small"),
            owner="statistics",
            supplied_wins=True,
            expression=parse('if revenue_fen(year - 1) >= 100 then "large" else "small"'),
        ),
        attribute("third", "number", scale=2, expression=parse("revenue_fen(year - 1) / 3")),
        attribute("hires_count", "number", expression=parse("count(hires)")),
    ]
    return replace(dictionary, attributes={**dictionary.attributes, **{entry.name: entry for entry in entries}})


@pytest.fixture
def facts(firms, deriving, actor, now, today) -> list[Facts]:
    """Two firms with two years of revenue, the second with its size supplied, after a snapshot."""
    actions.load_dictionary(dictionary=deriving, by=actor, as_of=now)
    for source, rows in {
        "tax": [
            {"subject": firms[0], "revenue_fen@2025": 100, "revenue_fen@2024": 30},
            {"subject": firms[1], "revenue_fen@2025": 99, "revenue_fen@2024": None},
        ],
        "statistics": [{"subject": firms[1], "size": "large"}],
    }.items():
        actions.receive_batch(kind=FIRM, source=source, rows=rows, observed_on=today, by=actor, as_of=now)
    actions.build_snapshot(kind=FIRM, dictionary=deriving, as_of=now, by=actor)
    return [queries.facts_of(one, scope=Scope.system("screening"), as_of=now) for one in firms[:2]]


def test_a_yearly_derived_fact_is_computed_for_each_year_that_its_inputs_allow(facts, today) -> None:
    first, second = facts
    assert first.known[FactKey.parse("growth_fen@2025")] == Fact(70, "derived", today)
    assert FactKey.parse("growth_fen@2024") not in first
    assert FactKey.parse("growth_fen@2025") not in second


def test_a_supplied_fact_wins_where_the_dictionary_says_so(facts, today) -> None:
    first, second = facts
    assert first.known[FactKey("size")] == Fact("large", "derived", today)
    assert second.known[FactKey("size")] == Fact("large", "statistics", today)


def test_a_value_that_its_column_would_round_is_left_to_the_rules(facts) -> None:
    first, second = facts
    assert FactKey("third") not in first
    assert second.known[FactKey("third")].value == 33


def test_whole_columns_and_single_rows_agree(facts, deriving, actor, now, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise Unsupported("on trial")

    columns = queries.read_snapshot(queries.latest_snapshot(FIRM))
    monkeypatch.setattr(Deriver, "_at_once", refuse)
    later = now + timedelta(seconds=1)
    ref = actions.build_snapshot(kind=FIRM, dictionary=deriving, as_of=later, by=actor)
    assert queries.read_snapshot(ref) == columns


def test_nothing_is_derived_from_unknown_records(facts) -> None:
    assert FactKey("hires_count") not in facts[0]


def test_a_source_may_not_supply_what_is_derived(firms, deriving, actor, now, today) -> None:
    actions.load_dictionary(dictionary=deriving, by=actor, as_of=now)
    with pytest.raises(AccessError, match="derived_attribute"):
        actions.receive_batch(
            kind=FIRM,
            source="tax",
            rows=[{"subject": firms[0], "third": 1}],
            observed_on=today,
            by=actor,
            as_of=now,
        )
