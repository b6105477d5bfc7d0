"""The job retention refund of a made-up province, built by hand: what most tests of the rules speak of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.rules import (
    Alternative,
    Amount,
    FactType,
    Input,
    ParameterRow,
    ParameterSeries,
    Program,
    RelationType,
    Requirement,
    Row,
    Schema,
    Table,
    Type,
    parse,
    parse_cell,
)
from zhida.domain.values import CodeTree, Span, SubjectKind

AS_OF = date(2026, 6, 1)
REGIONS = CodeTree("regions", {"99": "", "9901": "99", "990102": "9901", "9902": "99", "98": ""})
SIZES = ("large", "medium", "small", "micro")
HIRES = RelationType(
    "hires",
    "hire",
    {
        "wage": FactType("wage", "number", unit="fen"),
        "age": FactType("age", "number", unit="years"),
        "insured": FactType("insured", "boolean"),
        "year": FactType("year", "number"),
    },
)
FACTS = (
    FactType("insurance_months", "number", unit="months", period="year"),
    FactType("insurance_paid", "number", unit="fen", period="year"),
    FactType("layoff_rate", "number", scale=4, period="year"),
    FactType("heads", "number", unit="persons", period="year"),
    FactType("tax", "number", unit="fen", period="month"),
    FactType("grade", "text", period="interval", values=("A", "B")),
    FactType("discredited", "boolean"),
    FactType("size", "text", values=SIZES),
    FactType("region", "text", code_tree="regions"),
    FactType("born_on", "date"),
    FactType("checked", "boolean", stale_after_days=30),
    FactType("topics", "texts"),
    FactType("staff", "number", unit="persons", minimum=Decimal(0)),
    FactType("age", "number", unit="years", expression=parse("years_between(born_on, as_of)"), derived="inlined"),
)


def table(name: str, hit: Any, by: str, kind: Type, rows: list[tuple[Any, str]], cap: str = "") -> Table:
    """A table of one input from short cells."""
    parsed = tuple(Row((parse_cell(cell, kind),), parse(gives)) for cell, gives in rows)
    return Table(name, hit, (Input(by, parse(by)),), parsed, parse(cap) if cap else None)


def schema(*tables: Table, **amounts: str) -> Schema:
    """The refund's names, with more tables and amounts."""
    rate = table("refund_rate", "unique", "size", Type("text"), [("large", "0.30"), (list(SIZES[1:]), "0.60")])
    target = (ParameterRow(date(2024, 1, 1), Decimal("0.055")), ParameterRow(date(2026, 1, 1), Decimal("0.052")))
    wages = (
        ParameterRow(date(2025, 1, 1), Decimal(2000)),
        ParameterRow(date(2026, 1, 1), Decimal(2300), "99"),
        ParameterRow(date(2025, 1, 1), Decimal(2500), "990102"),
    )
    written = {"refund": "floor(insurance_paid(year - 1) * refund_rate)", **amounts}
    return Schema(
        {fact.name: fact for fact in FACTS},
        {"hires": HIRES},
        {"target": ParameterSeries("target", target), "wage": ParameterSeries("wage", wages)},
        {each.name: each for each in (rate, *tables)},
        {"regions": REGIONS},
        {name: Amount(name, parse(text)) for name, text in written.items()},
    )


def requirement(name: str, *ways: str, cites: tuple[str, ...] = ()) -> Requirement:
    """A computed requirement met by any of some conditions."""
    names = [f"way{index}" if len(ways) > 1 else "" for index in range(len(ways))]
    ways_to_meet = [Alternative(way, parse(text), (f"{name}-{way}",)) for way, text in zip(names, ways, strict=True)]
    return Requirement(name, "computed", tuple(ways_to_meet), cites)


REQUIRES = (
    requirement("insured_long_enough", "insurance_months(year - 1) >= 12", cites=("a2",)),
    requirement(
        "layoffs_low",
        "layoff_rate(year - 1) <= parameters.target",
        "heads(year - 1) <= 30 and layoff_rate(year - 1) <= 0.20",
    ),
    requirement("in_good_standing", "not(discredited)"),
)
EVERYTHING = {
    "region": "990102",
    "discredited": False,
    "size": "large",
    "insurance_months@2025": 12,
    "insurance_paid@2025": 100_000_000,
    "layoff_rate@2025": Decimal("0.03"),
    "heads@2025": 500,
}


def program(**changes: Any) -> Program:
    """The refund; keyword arguments change its fields."""
    fields: dict[str, Any] = {
        "item": "jobs/refund",
        "audience": SubjectKind.ORGANISATION,
        "schema": schema(),
        "region": "99",
        "within": "region",
        "valid": Span(date(2026, 1, 1), date(2027, 1, 1)),
        "window": Span(date(2026, 4, 1), date(2027, 1, 1)),
        "requires": REQUIRES,
        "amount": parse("refund"),
    }
    return Program(**{**fields, **changes})
