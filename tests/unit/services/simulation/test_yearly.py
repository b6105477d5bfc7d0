"""Years ahead on a handful of people, every figure worked out by hand: who comes in by age, who drops out, what is
carried on, and what takes up later."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from tests.golden.province import FOLDER, province
from zhida.domain.scenarios import Base, TakeUp, in_force
from zhida.domain.scenarios.claiming import EVERYBODY
from zhida.domain.scenarios.plans import Limit, Plan
from zhida.services.simulation.outcome import HIDDEN
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.running import Question
from zhida.services.simulation.yearly import MOST_YEARS, later_name, over_years
from zhida.surfaces.cli.simulate import command

DAY = date(2026, 6, 15)
ALLOWANCE, SETTLING = "mingzhou/age-allowance/allowance", "mingzhou/graduate-settling/settling"
NOBODY = TakeUp(Decimal(0), Decimal(0), Decimal(0))
BORN = [date(1946, 6, 15), date(1947, 6, 15), date(1947, 6, 16), date(1937, 6, 15), date(1990, 1, 1), date(1991, 1, 1)]
GRADUATED = [None, None, None, None, date(2024, 6, 16), date(2025, 12, 1)]
DEGREES = [None, None, None, None, "bachelor", "doctor"]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Four old people and two graduates: one old now, one from 2027, one from 2028, one who turns 90 in 2027."""
    size = len(BORN)
    columns: Mapping[str, pa.Array] = {
        "subject": pa.array(range(1, size + 1), pa.int64()),
        "region": pa.array(["990221100"] * size),
        "born_on": pa.array(BORN, pa.date32()),
        "alive": pa.array([True] * size),
        "registered_residence": pa.array(["990221100"] * size),
        "residence_region": pa.array(["990221100"] * size),
        "highest_degree": pa.array(DEGREES, pa.string()),
        "graduated_on": pa.array(GRADUATED, pa.date32()),
        "employment_contract_months": pa.array([24] * size, pa.int64()),
        "pension_insured_months": pa.array([24] * size, pa.int64()),
        "had_like_grant": pa.array([False] * size),
        "employer_region": pa.array(["990221100"] * size),
    }
    path = tmp_path_factory.mktemp("years") / "people.parquet"
    pq.write_table(pa.table(columns), path)
    return Rows(path, "people")


def figures(people: Rows, item: str, *take_up: TakeUp, bound: int = 1) -> list[tuple[int, ...]]:
    root = province()
    scenario = in_force(Base(root.packs, root.dictionary, root.groups, root.group_nodes))
    question = Question((item,), (scenario,), DAY, bound=bound)
    return [
        (one.year, one.entitled, one.came_in, one.dropped_out, one.begun, one.due_fen, one.carried_fen)
        for one in over_years(question, people, take_up)[scenario.name]
    ]


def test_those_who_reach_an_age_come_in(people: Rows) -> None:
    """60 yuan a month from 80, 120 from 90; seven months in the year in which one begins, twelve after it."""
    assert figures(people, ALLOWANCE, EVERYBODY, EVERYBODY, EVERYBODY) == [
        (2026, 2, 0, 0, 2, 7 * 6000 * 2, 0),
        (2027, 3, 1, 0, 1, 12 * (6000 + 12000) + 7 * 6000, 12 * (6000 + 12000)),
        (2028, 4, 1, 0, 1, 12 * (6000 + 12000 + 6000) + 7 * 6000, 12 * (6000 + 12000 + 6000)),
    ]


def test_those_past_a_date_drop_out_and_their_instalments_go_on(people: Rows) -> None:
    """Two years after graduation nobody begins; what was begun is paid in two instalments all the same."""
    assert figures(people, SETTLING, EVERYBODY, EVERYBODY, EVERYBODY) == [
        (2026, 2, 0, 0, 2, 1000000 + 3000000, 0),
        (2027, 1, 0, 1, 0, 4000000, 4000000),
        (2028, 0, 0, 1, 0, 0, 0),
    ]


def test_who_claims_may_differ_by_year(people: Rows) -> None:
    assert figures(people, SETTLING, NOBODY, EVERYBODY, NOBODY) == [
        (2026, 2, 0, 0, 0, 0, 0),
        (2027, 1, 0, 1, 1, 3000000, 0),
        (2028, 0, 0, 1, 0, 3000000, 3000000),
    ]


def test_few_are_hidden_with_their_sums(people: Rows) -> None:
    (first, *_) = figures(people, ALLOWANCE, EVERYBODY, bound=5)
    assert first == (2026, HIDDEN, 0, 0, HIDDEN, HIDDEN, HIDDEN)


def test_periods_are_held_fixed() -> None:
    assert later_name("staff_count@2025", 2) == "staff_count@2027"
    assert later_name("wages@2025-11", 1) == "wages@2026-11"
    assert later_name("born_on", 3) == "born_on"
    assert later_name("permit@2025-01-01/2026-01-01", 1) == "permit@2025-01-01/2026-01-01"


def test_years_are_one_to_ten(people: Rows) -> None:
    for many in (0, MOST_YEARS + 1):
        with pytest.raises(ValueError, match="1 to 10 years"):
            figures(people, ALLOWANCE, *[EVERYBODY] * many)


def test_a_shell_tells_years_in_both_languages(people: Rows) -> None:
    asked = ["years", ALLOWANCE, "--snapshot-file", str(people.path), "--on", "2026-06-15", "--packs", str(FOLDER)]
    chinese = CliRunner().invoke(command, [*asked, "--years", "2"])
    assert chinese.exit_code == 0
    assert chinese.output.startswith(f"{ALLOWANCE} 2026：不足 5 符合（新进 0，退出 0）")
    assert "只有日子在走" in chinese.output
    english = CliRunner().invoke(command, [*asked, "--years", "2", "--take-up", "0", "--take-up", "1", "--lang", "en"])
    first = f"{ALLOWANCE} 2026: fewer than 5 entitled (0 came in, 0 dropped out), 0 begin"
    assert english.output.startswith(first)
    record = json.loads(CliRunner().invoke(command, [*asked, "--json"]).output)
    assert [one["year"] for one in record["years"]] == [2026, 2027, 2028]


def test_a_shell_says_what_each_year_has(people: Rows) -> None:
    asked = ["years", ALLOWANCE, "--snapshot-file", str(people.path), "--on", "2026-06-15", "--packs", str(FOLDER)]
    limits = ["--budget", "2026=600", "--places", "2027=0", "--years", "2"]
    record = json.loads(CliRunner().invoke(command, [*asked, *limits, "--json"]).output)
    held = [one["rationed"] for one in record["years"]]
    assert [(one["limit_fen"], one["places"], one["asked"]) for one in held] == [
        (60_000, None, HIDDEN),
        (None, 0, HIDDEN),
    ]
    told = CliRunner().invoke(command, [*asked, *limits]).output
    assert "预算 600.00 元：申请 不足 5" in told
    assert "以往批准的分期先付" in told
    assert CliRunner().invoke(command, [*asked, "--budget", "lots"]).exit_code == 2


def test_a_shell_tells_scenarios_side_by_side(people: Rows, tmp_path: Path) -> None:
    """Two old people: all of the money, none of it."""
    none = f"name: none\nwords: {{zh: 没钱}}\nyears: {{{ALLOWANCE}: {{2026: {{total_yuan: 0}}}}}}\n"
    (tmp_path / "none.yaml").write_text(none, "utf-8")
    asked = ["years", ALLOWANCE, "--snapshot-file", str(people.path), "--on", "2026-06-15", "--packs", str(FOLDER)]
    asked += ["--years", "1", "--scenario", str(tmp_path / "none.yaml")]
    told = CliRunner().invoke(command, asked).output
    assert "方案对比　mingzhou/age-allowance/allowance 2026" in told
    assert "    in_force：不限；付 … 元，没有付的 0.00 元；没轮到 0" in told
    assert "    none：预算 0.00 元；付 … 元，没有付的 … 元；没轮到 不足 5，顺延" in told
    record = json.loads(CliRunner().invoke(command, [*asked, "--json"]).output)
    assert [(one["scenario"], one["waiting"]) for one in record["abreast"]] == [("in_force", 0), ("none", HIDDEN)]


def test_scenarios_ask_together_and_answer_as_each_alone(people: Rows) -> None:
    """Three scenarios of one reading: as in force, few places in a year, and nobody but for its own take-up."""
    root = province()
    first = in_force(Base(root.packs, root.dictionary, root.groups, root.group_nodes))
    few = replace(first, name="few", plans={ALLOWANCE: Plan({2027: Limit(n=1)})})
    none = replace(first, name="none", take_up=NOBODY)
    question = Question((ALLOWANCE, SETTLING), (first, few, none), DAY, bound=1)
    found = over_years(question, people, [EVERYBODY] * 3)
    assert found == {
        one.name: over_years(replace(question, scenarios=(one,)), people, [one.take_up] * 3)[one.name]
        for one in question.scenarios
    }
    assert [one.begun for one in found["few"] if one.item == ALLOWANCE] == [2, 1, 1]
    assert {one.begun for one in found["none"]} == {0}
