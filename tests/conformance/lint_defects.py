"""Defects to plant in the packs that come with Zhida: each kind of slip an author makes, at every place that has room
for it, as one edit of a file. A seed draws from them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from tests.conformance.defects.of_amounts import (
    amounts,
    bands,
    figures_of_parameters,
    figures_of_tables,
    more_rows,
    second_cap,
    uncapped,
    unguarded,
)
from tests.conformance.defects.of_conditions import (
    OTHER_SIDE,
    TURNED,
    booleans_contradict,
    booleans_refuse_nobody,
    compared,
    contradicted,
    far_apart,
    off_by_one,
    other_figure,
    weaker,
    years,
)
from tests.conformance.defects.of_dates import parameters, schedules, valid, windows
from tests.conformance.defects.of_items import asked_again, asked_for_nothing, made_automatic, short_budgets, twice
from tests.conformance.defects.planting import Defect, Files, edited


def drawn(files: Files, seed: int) -> list[Defect]:
    """A hundred defects or so: of each kind as many as KINDS says, or as many as there is room for."""
    dice = random.Random(seed)
    found = []
    for sites, most in KINDS:
        room = [*sites(files)]
        found += dice.sample(room, min(most, len(room)))
    return found


_RULES = "rules.yaml"
_CAR, _AGE, _JOBS = "mingzhou/car-trade-in", "mingzhou/age-allowance", "mingzhou/startup-jobs"
GRADUATE, _TRADE, _REBATE = "mingzhou/graduate-settling", "yunze/trade-growth-award", "mingzhou/research-rebate"
RETENTION, _PLATFORM, _STAFF = (
    "mingzhou/job-retention-refund",
    "mingzhou/platform-award",
    "mingzhou/staff-growth-award",
)

KINDS: tuple[tuple[Callable[[Files], Iterator[Defect]], int], ...] = (
    (compared("never_true", contradicted), 3),
    (compared("never_true", far_apart), 2),
    (booleans_contradict, 2),
    (
        edited(
            "never_true",
            (f"{_STAFF}/{_RULES}", "'within(industry, \"C\")'", '\'within(industry, "C") and within(industry, "51")\''),
            (
                f"{_REBATE}/{_RULES}",
                "revenue_fen(year - 1) >= 0.03",
                "revenue_fen(year - 1) >= 0.03 and research_spend_fen(year - 1) * 100 < revenue_fen(year - 1)",
            ),
            (
                f"{_JOBS}/{_RULES}",
                "satisfies h.contract_months >= 12 and",
                "satisfies h.contract_months >= 12 and h.contract_months < 6 and",
            ),
            (
                f"{_JOBS}/{_RULES}",
                "'as_of < add_months(established_on, 48)'",
                "'as_of < add_months(established_on, 48) and days_between(established_on, as_of) > 2000'",
            ),
            (
                f"{_CAR}/{_RULES}",
                'date("2026-01-01") and date("2026-12-31")',
                'date("2026-12-31") and date("2026-01-01")',
            ),
        ),
        5,
    ),
    (compared("always_true", lambda fact, sign, bound: f"{fact} >= 0", alone=True), 3),
    (booleans_refuse_nobody, 2),
    (compared("adds_nothing", weaker), 3),
    (
        edited(
            "adds_nothing",
            (
                f"{_TRADE}/{_RULES}",
                "'within(industry, \"52\") and sales_fen(year - 1) >= 3000000000'",
                "'within(industry, \"51\") and sales_fen(year - 1) >= 40000000000'",
            ),
            (
                f"{GRADUATE}/{_RULES}",
                '("bachelor", "master", "doctor")',
                '("bachelor", "master", "doctor", "bachelor")',
            ),
            (
                f"{_CAR}/{_RULES}",
                'car_trade.old_car_fuel = "diesel_or_other" and car_trade.old_car_registered_on <= date("2015-06-30")',
                'car_trade.old_car_fuel = "diesel_or_other" and car_trade.old_car_registered_on <= date("2011-06-30")',
            ),
            (
                f"{_STAFF}/{_RULES}",
                "pays_wages: {kind: computed, when: not(wage_arrears)",
                "pays_wages: {kind: computed, when: growth >= 5",
            ),
        ),
        4,
    ),
    (
        edited(
            "never_entitled",
            ("yunze/points-settlement/rules.yaml", "when: residence_permit_valid(as_of)", "when: age > 60"),
            (f"{_STAFF}/{_RULES}", "when: not(wage_arrears)", "when: growth < 5"),
            (f"{RETENTION}/{_RULES}", "when: not(seriously_discredited)", "when: layoff_rate(year - 1) > 0.3"),
        ),
        3,
    ),
    (amounts("dead_branch", lambda formula: f'if as_of < date("2025-01-01") then 0 else {formula}'), 3),
    (more_rows, 4),
    (
        edited(
            "row_never_paid",
            (f"{_AGE}/{_RULES}", "when: age >= 80", "when: age >= 90", '"[80..89]"'),
            (
                f"{_PLATFORM}/{_RULES}",
                '\'innovation_platform_level in ("provincial", "national")\'',
                "'innovation_platform_level = \"national\"'",
                "provincial, gives",
            ),
            (f"{GRADUATE}/{_RULES}", '("bachelor", "master", "doctor")', '("bachelor", "master")', "doctor, gives"),
            (
                f"{RETENTION}/{_RULES}",
                "when: not(seriously_discredited)",
                'when: not(seriously_discredited) and enterprise_size != "large"',
                "large, gives",
            ),
        ),
        4,
    ),
    (bands("band_gap", ('"[80..89]"', '"[80..88]"'), ('"[90..99]"', '"[92..99]"')), 2),
    (bands("band_overlap", ('"[80..89]"', '"[80..90]"'), ('"[90..99]"', '"[88..99]"')), 2),
    (amounts("amount_below_zero", unguarded), 2),
    (amounts("amount_below_zero", lambda formula: f"{formula} - 100000"), 2),
    (amounts("amount_always_zero", lambda formula: f"min(0, {formula})"), 2),
    (
        edited(
            "entitled_without_amount",
            (f"{GRADUATE}/{_RULES}", "      - {highest_degree: doctor, gives: 3000000}\n", "", "hit:"),
            (f"{_TRADE}/{_RULES}", '      - {industry: "-", growth: ">= 0.10", gives: 0.10}\n', "", "hit:"),
        ),
        2,
    ),
    (amounts("limit_never_binds", second_cap), 2),
    (
        edited(
            "row_above_cap",
            (
                f"{GRADUATE}/{_RULES}",
                "    by: [highest_degree]\n",
                "    by: [highest_degree]\n    cap: 2500000\n",
                "doctor, gives",
            ),
        ),
        1,
    ),
    (amounts("amount_above_cap", uncapped), 3),
    (compared("figure_not_in_text", other_figure(10)), 3),
    (compared("figure_not_in_text", off_by_one), 3),
    (figures_of_parameters, 3),
    (figures_of_tables, 3),
    (
        compared(
            "bound_against_text",
            lambda fact, sign, bound: f"{fact} {OTHER_SIDE[sign]} {bound}" if bound != "0" else "",
        ),
        5,
    ),
    (
        compared(
            "bound_against_text", lambda fact, sign, bound: f"{fact} {TURNED[sign]} {bound}" if bound != "0" else ""
        ),
        2,
    ),
    (made_automatic, 1),
    (years("(year)"), 3),
    (years("(year + 1)"), 1),
    (
        edited(
            "unknown_item_in_past", (f"{_JOBS}/{_RULES}", "mingzhou/startup-jobs/jobs", "mingzhou/startup-jobs/job")
        ),
        1,
    ),
    (asked_for_nothing, 2),
    (asked_again, 3),
    (valid("expired", lambda start, end, issued: f"valid: {{from: {start}, to: 2026-05-01}}"), 2),
    (valid("issued_after_end", lambda start, end, issued: "valid: {from: 2025-01-01, to: 2025-12-01}", "issued"), 2),
    (windows("window_outside_validity", lambda start, end: f"  window: {{from: {start}, to: 2033-01-01"), 2),
    (windows("window_before_issue", lambda start, end: f"  window: {{from: 2025-12-01, to: {end}"), 1),
    (edited("obligation_over", (f"{RETENTION}/items.yaml", "until: 2027-12-31", "until: 2025-12-31")), 1),
    (schedules, 2),
    (parameters("parameter_not_in_force", "effective: 2026-01-01", "effective: 2026-07-01"), 2),
    (parameters("parameter_never_in_force", "effective: 2026-01-01", "effective: 2035-01-01", twice=True), 1),
    (
        edited(
            "money_times_money",
            (
                f"{_STAFF}/{_RULES}",
                "max(0, growth) * parameters.per_head_fen",
                "revenue_fen(year - 1) * parameters.per_head_fen",
            ),
        ),
        1,
    ),
    (twice("duplicate_item"), 2),
    (twice("contradicting_items", "+ 100"), 2),
    (short_budgets, 2),
    (edited("quota_zero", ("yunze/points-settlement/items.yaml", "n: 500", "n: 0", "  quota:")), 1),
    (
        edited(
            "wrong_unit",
            (
                "yunze/points-settlement/rules.yaml",
                "when: pension_insured_months >= 48",
                "when: pension_insured_months >= settlement_points",
            ),
            by_check=True,
        ),
        1,
    ),
    (edited("table_gap", (f"{_PLATFORM}/{_RULES}", "[none, city]", "city", "hit:"), by_check=True), 1),
    (
        edited(
            "division_unguarded",
            (f"{_REBATE}/{_RULES}", "revenue_fen(year - 1) > 0 and research", "research"),
            by_check=True,
        ),
        1,
    ),
)
