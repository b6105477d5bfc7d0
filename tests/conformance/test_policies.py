"""25 real policies, each as a pack: their worked examples come out to the fen, and nothing in them is unsound.

`policies/` holds the packs, written anew from facts: conditions, figures, dates, no issued text. What the language
cannot say of them stands in docs/reference/policies.md, which must name every one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from zhida.domain.packs import Pack, Root, read_root, run_golden
from zhida.domain.packs.golden import CaseResult

FOLDER = Path(__file__).parent / "policies"
ROOT = Path(__file__).parents[2]
FACTS = ROOT.parent / "shared/data/policies/facts.yaml"
WAN, YUAN = 1_000_000, 100
UNKNOWN = "unknown"
EXAMPLES: dict[str, list[tuple[str, str, int | str]]] = {
    "p02": [("award", "2017 年 5 月 2 日迁入，两时点均为高企，当年入统", 20 * WAN)],
    "p03": [("award", "批发业，销售额正好 3 亿元，增长 16%", 20 * WAN)],
    "p05": [("large_filer", "申请正好 30 件：“以上”含本数，记为约定", 3 * WAN)],
    "p06": [("settling_by_capital", "榜单企业，内资，实缴 5000 万元（下限含）", 600 * WAN)],
    "p10": [("jobs", "招用 3 人", 6_000 * YUAN), ("jobs", "招用 12 人：6000 加 27000，封顶 30000", 30_000 * YUAN)],
    "p12": [
        ("hire_2026", "2026 版：10 人，参保 4 个月，有合同", 15_000 * YUAN),
        ("hire_2026", "2026 版：人数未知，有资格、金额未知", UNKNOWN),
    ],
    "p13": [
        ("refund", "大型，缴费 100 万元，裁员率 3%", 300_000 * YUAN),
        ("refund", "中小微，缴费 5 万元，25 人，裁员率 18%", 30_000 * YUAN),
        ("refund", "规模未知，绝不默认", UNKNOWN),
    ],
    "p15": [
        ("whole", "缴费 4 年：4 个月，共 9000 元；已领 3 个月，还有一个月", 4 * 2_250 * YUAN),
        ("whole", "缴费 20 年：24 个月，共 54000 元；已领 23 个月", 24 * 2_250 * YUAN),
    ],
    "p18": [("relief", "三人，低保标准 1309 元，2 个月", 7_854 * YUAN)],
    "p20": [("meal", "餐费 14 元，四分之一是 3.5 元，封顶 3 元", 3 * YUAN)],
    "p23": [("subsidy", "报废换新能源，15 万元", 18_000 * YUAN), ("subsidy", "置换燃油车，10 万元", 6_000 * YUAN)],
    "p24": [("digital", "手机 2999 元，补 449.85 元", 44_985), ("digital", "手机 6001 元，不补", 0)],
    "p25": [("allowance", "2025 年 3 月 10 日出生，2025 年：地方没有规定首年月数，有资格、金额未知", UNKNOWN)],
}
"""What the facts say a subject gets, by policy: the item, the golden case that holds the example, the fen."""


@cache
def policies() -> Root:
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    return read_root(files)


@cache
def by_number() -> dict[str, Pack]:
    return {pack.follows: pack for pack in policies().packs.values()}


@cache
def results(number: str) -> tuple[CaseResult, ...]:
    return run_golden(by_number()[number]).results


NUMBERS = [f"p{number:02d}" for number in range(1, 26)]


def test_all_twenty_five_are_there_and_sound() -> None:
    assert policies().problems == ()
    assert sorted(by_number()) == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_every_golden_case_holds(number: str) -> None:
    assert results(number)
    assert {result.case.name: result.differences for result in results(number) if not result.passed} == {}


@pytest.mark.parametrize("number", EXAMPLES)
def test_worked_examples_give_their_figure_to_the_fen(number: str) -> None:
    found = {(result.item, result.case.name): result.actual for result in results(number)}
    for item, name, fen in EXAMPLES[number]:
        actual = found[item, name]
        assert actual is not None
        if fen == UNKNOWN:
            assert (actual.answer, actual.amount) == ("entitled", "unknown")
        elif fen == 0:
            assert actual.answer == "not"
        else:
            assert (actual.answer, actual.amount_fen) == ("entitled", fen)


def test_no_example_of_the_facts_is_left_out() -> None:
    if not FACTS.is_file():
        pytest.skip("the facts of the 25 policies stand outside the project")
    facts = YAML(typ="safe").load(FACTS.read_text("utf-8"))
    told = {policy["id"]: [_told(example) for example in policy["ex"]] for policy in facts if policy.get("ex")}
    held = {number: [fen for _, _, fen in examples] for number, examples in EXAMPLES.items()}
    assert set(told) == set(held)
    for number, figures in told.items():
        assert len(figures) == len(held[number])
        assert all(mine in (None, theirs) for mine, theirs in zip(figures, held[number], strict=True)), number


def _told(example: dict[str, Any]) -> int | str | None:
    """What an example expects in fen; None where it names no figure but a note."""
    for key, unit in (("expect_wan", WAN), ("expect_yuan", YUAN), ("expect_months", 2_250 * YUAN)):
        if key in example:
            return round(example[key] * unit)
    return UNKNOWN if "unknown" in str(example.get("expect", "")) else None


def test_the_page_says_how_each_is_written_on_the_desk() -> None:
    from benchmarks import authoring

    page = (ROOT / "docs/reference/policies-by-forms.md").read_text("utf-8")
    assert [line for line in authoring.lines() if line not in page] == [], "run: python -m benchmarks.authoring"


def test_the_page_of_policies_names_every_one() -> None:
    page = (ROOT / "docs/reference/policies.md").read_text("utf-8")
    assert [number for number, pack in sorted(by_number().items()) if f"| {number} | `{pack.id}` |" not in page] == []
