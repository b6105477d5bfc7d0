"""A scenario becomes the pack: its numbers from a day on, comments kept, cases that no longer hold named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.golden.province import FOLDER, province
from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.packs import Pack, read_root, run_golden
from zhida.domain.rules import assess
from zhida.domain.scenarios import Base, read_scenario
from zhida.domain.scenarios.converting import Converted, converted
from zhida.domain.values import Facts

REFUND, LIVING = "mingzhou/job-retention-refund", "mingzhou/living-support"
DAY = date(2026, 7, 1)
LOWER = f"""name: lower
words: {{zh: x}}
take_up: 0.5
change:
  {REFUND}:
    parameters: {{layoff_target: 0.048}}
    rules: {{requirements: {{layoffs_low: {{any_of: {{small_employer: {{when: 'insured_heads(year - 1) <= 20'}}}}}}}}}}
    items: {{refund: {{window: none, once_per: [[subject, life]]}}}}
"""


def base() -> Base:
    root = province()
    return Base(root.packs, root.dictionary, root.groups, root.group_nodes)


def convert(text: str, pack_id: str = REFUND) -> Converted:
    return converted("s.yaml", text.encode(), base(), pack_id, effective_on=DAY, source="推演方案 lower")


def read(found: Converted) -> Pack:
    own = {f"{found.pack_id}/{path}": data for path, data in found.files.items()}
    shared = {
        path.relative_to(FOLDER).as_posix(): path.read_bytes()
        for name in ("_attributes", "_groups")
        for path in (FOLDER / name).rglob("*")
        if path.is_file()
    }
    root = read_root({**shared, **own})
    assert root.problems == ()
    return root.packs[found.pack_id]


def test_the_written_pack_says_what_the_scenario_said() -> None:
    pack, scenario = read(convert(LOWER)), read_scenario("s.yaml", LOWER.encode(), base())
    there = scenario.packs[REFUND]
    assert pack.items["refund"].window == there.items["refund"].window
    assert pack.items["refund"].once_per == there.items["refund"].once_per == (("subject", "life"),)
    facts = {"registered_region": "990102", "seriously_discredited": False, "enterprise_size": "large"}
    for rate, heads in (("0.048", 500), ("0.049", 500), ("0.19", 20), ("0.19", 21)):
        known = {**facts, "unemployment_insurance_months@2025": 12, "unemployment_insurance_paid_fen@2025": 100}
        held = Facts.of({**known, "layoff_rate@2025": Decimal(rate), "insured_heads@2025": heads})
        mine, theirs = (assess(one.items["refund"].program, held, DAY) for one in (pack, there))
        assert (mine.answer, mine.amount_fen) == (theirs.answer, theirs.amount_fen)


def test_a_parameter_holds_from_its_day_and_the_past_stays() -> None:
    series = read(convert(LOWER)).parameters["layoff_target"]
    assert series.in_force(date(2026, 6, 30))[""].value == Decimal("0.052")
    row = series.in_force(DAY)[""]
    assert (row.value, row.published, row.source) == (Decimal("0.048"), DAY, "推演方案 lower")


def test_every_region_with_a_value_of_its_own_gets_the_new_one() -> None:
    text = f"name: more\nwords: {{zh: x}}\nchange:\n  {LIVING}:\n    parameters: {{living_standard_fen: 140000}}\n"
    rows = read(convert(text, LIVING)).parameters["living_standard_fen"].in_force(DAY)
    assert {region: row.value for region, row in rows.items()} == {"": 140000, "990121": 140000}


def test_only_what_changes_is_rewritten_and_comments_stay() -> None:
    found, before = convert(LOWER), province().packs[REFUND].files
    assert found.changed == ("items.yaml", "parameters.yaml", "rules.yaml")
    assert all(found.files[path] == data for path, data in before.items() if path not in found.changed)
    assert "# each alternative has its own reason" in found.files["rules.yaml"].decode()


def test_cases_that_no_longer_hold_are_named() -> None:
    found = convert(LOWER)
    failed = {result.case.name for result in run_golden(read(found)).failed}
    assert set(found.broken) == failed
    assert "小型企业，30 人，裁员率正好 20%（小单位口径，均含本数）" in failed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name: a\nwords: {zh: x}\ntake_up: 0.5\n", "nothing_to_convert"),
        (
            f"name: a\nwords: {{zh: x}}\nchange:\n  {REFUND}: {{parameters: {{layoff_target: 0.1}}}}\n"
            "groups: {innovation-platform: {rule: first_only}}\n",
            "changes_groups",
        ),
    ],
)
def test_what_is_no_change_of_the_pack_is_refused(text: str, code: str) -> None:
    with pytest.raises(ConflictError) as refused:
        convert(text)
    assert refused.value.code == code


def test_mistakes_of_the_scenario_are_told_all_at_once() -> None:
    text = f"name: a\nwords: {{zh: x}}\nchange:\n  {REFUND}: {{parameters: {{no_such: 1, nor_this: 2}}}}\n"
    with pytest.raises(AuthorError) as refused:
        convert(text)
    assert len(refused.value.problems) == 2
