"""The worked examples of the real policies whose figures the packs follow come out as those policies say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.golden.province import province
from zhida.domain.packs.golden import with_own_past
from zhida.domain.rules import Assessment, assess
from zhida.domain.values import Facts

WAN = 1_000_000


def assessed(item_id: str, on: date, rulings: dict[str, bool] | None = None, **facts: Any) -> Assessment:
    pack, _, name = item_id.rpartition("/")
    program = province().packs[pack].items[name].program
    written = {key.replace("__", "@"): value for key, value in facts.items()}
    return assess(program, with_own_past(Facts.of(written), program.schema), on, rulings=rulings or {})


@pytest.mark.parametrize(
    ("size", "paid_yuan", "months", "layoff", "heads", "yuan"),
    [
        ("large", 1_000_000, 24, "0.03", 500, 300_000),
        ("small", 50_000, 12, "0.18", 25, 30_000),
        (None, 1_000_000, 24, "0.03", 500, None),
    ],
)
def test_job_retention_p13(
    size: str | None, paid_yuan: int, months: int, layoff: str, heads: int, yuan: int | None
) -> None:
    facts: dict[str, Any] = {} if size is None else {"enterprise_size": size}
    found = assessed(
        "mingzhou/job-retention-refund/refund",
        date(2026, 6, 1),
        registered_region="990102",
        seriously_discredited=False,
        unemployment_insurance_months__2025=months,
        unemployment_insurance_paid_fen__2025=paid_yuan * 100,
        layoff_rate__2025=Decimal(layoff),
        insured_heads__2025=heads,
        **facts,
    )
    assert (found.answer, found.amount_fen) == ("entitled", None if yuan is None else yuan * 100)
    assert (found.amount == "unknown") is (yuan is None)


@pytest.mark.parametrize(("hired", "yuan"), [(3, 6_000), (12, 30_000)])
def test_startup_jobs_p10(hired: int, yuan: int) -> None:
    hires = tuple(
        {"person": f"p{n}", "contract_months": 12, "insured_months": 6, "still_insured": True} for n in range(hired)
    )
    found = assessed(
        "mingzhou/startup-jobs/jobs",
        date(2026, 6, 1),
        {"founder_is_graduate": True},
        registered_region="990102",
        established_on=date(2025, 1, 1),
        operating_normally=True,
        wage_arrears=False,
        hires=hires,
    )
    assert (found.answer, found.amount_fen) == ("entitled", yuan * 100)


def test_hiring_p12() -> None:
    hire = {"hired_on": date(2026, 3, 1), "background": "graduate_of_year", "insured_months": 4, "still_insured": True}
    hires = tuple({**hire, "person": f"p{n}"} for n in range(10))
    known = assessed("mingzhou/hiring-subsidy/hire", date(2026, 8, 1), registered_region="990102", hires=hires)
    assert (known.answer, known.amount_fen) == ("entitled", 15_000 * 100)
    unknown = assessed("mingzhou/hiring-subsidy/hire", date(2026, 8, 1), registered_region="990102")
    assert (unknown.answer, unknown.amount) == ("possible", "unknown")


@pytest.mark.parametrize(
    ("route", "kind", "price", "yuan"), [("scrap", "new_energy", 150_000, 18_000), ("swap", "fuel", 100_000, 6_000)]
)
def test_car_trade_in_p23(route: str, kind: str, price: int, yuan: int) -> None:
    trade = {
        "route": route,
        "old_car": "old",
        "old_car_fuel": "petrol",
        "old_car_registered_on": date(2012, 5, 1),
        "old_car_owned_since": date(2015, 5, 1),
        "new_car": "new",
        "new_car_kind": kind,
        "new_car_litres": Decimal("1.5"),
        "new_car_price_fen": price * 100,
        "invoiced_on": date(2026, 3, 1),
    }
    found = assessed("mingzhou/car-trade-in/subsidy", date(2026, 4, 1), residence_region="990102", car_trades=(trade,))
    assert (found.answer, found.amount_fen) == ("entitled", yuan * 100)


def test_trade_growth_p03() -> None:
    found = assessed(
        "yunze/trade-growth-award/award",
        date(2026, 5, 1),
        registered_region="990103",
        seriously_discredited=False,
        industry="51",
        sales_fen__2025=34_800 * WAN,
        sales_fen__2024=30_000 * WAN,
        local_contribution_fen__2025=100 * WAN,
    )
    assert (found.answer, found.amount_fen) == ("entitled", 20 * WAN)


@pytest.mark.parametrize(
    ("industry", "staff", "revenue_wan", "assets_wan", "size"),
    [
        ("3911", 320, 2_500, None, "medium"),
        ("3911", 320, 1_500, None, "small"),
        ("3911", 1_000, 250, None, "micro"),
        ("3911", 1_000, 40_000, None, "large"),
        ("5161", 5, 1_000, None, "small"),
        ("6511", 300, 9_999, None, "medium"),
        ("7010", None, 200_000, 9_999, "medium"),
        ("7222", 9, None, 1, "micro"),
        ("5910", 1_000, 30_000, None, "large"),
        ("5920", 199, 30_000, None, "medium"),
        ("0111", None, 500, None, "medium"),
    ],
)
def test_enterprise_size_follows_the_statistical_rule(
    industry: str, staff: int | None, revenue_wan: int | None, assets_wan: int | None, size: str
) -> None:
    """国统字〔2017〕213号: all lower bounds of a class are needed; one indicator below the small bound makes micro."""
    counts = {"staff_count__2025": staff, "revenue_fen__2025": revenue_wan, "total_assets_fen__2025": assets_wan}
    facts = {key: value * (1 if "staff" in key else WAN) for key, value in counts.items() if value is not None}
    found = assessed(
        "mingzhou/job-retention-refund/refund",
        date(2026, 6, 1),
        registered_region="990102",
        industry=industry,
        unemployment_insurance_paid_fen__2025=100,
        **facts,
    )
    assert found.amount_fen == (30 if size == "large" else 60)
    assert size in {"large", "medium", "small", "micro"}
