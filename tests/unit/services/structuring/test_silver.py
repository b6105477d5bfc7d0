"""A text drafted, settled and given the proposed cases is silver: every change of its rules is noticed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from tests.unit.services.structuring.made_up import drafted
from zhida.domain.packs import Root, TierName, read_root, run_golden, run_mutants, tier_of
from zhida.domain.packs.example_files import ACCEPTED, accepted, write_examples
from zhida.domain.packs.examples import coverage_of
from zhida.domain.packs.proposals import PROPOSALS, State
from zhida.surfaces.cli.folders import read_files

PACKS = Path(__file__).parents[4] / "packs"
DEMONSTRATED = PACKS / "_drafts" / "mingzhou-industry" / "factory-upgrade.settled.txt"
PACK = "drafts/one"
TEXT = """\
北辰市工业企业扶持办法
辰工信规〔2026〕12号
北辰市工业和信息化局
2026年3月20日
第一条 申请单位应当符合下列条件：
（一）上一年度营业收入不低于2000万元。
第二条 {}
第三条 本办法自2026年4月1日起施行。
"""
GIVEN = (
    "按招用人数给予补贴，每人每月800元，每家单位每年最高不超过50万元。",
    "国家级、省级、市级示范基地分别给予30万元、20万元、10万元奖励。",
    "对新购置设备的企业给予补助，最高500万元。",
    "对达到规模的企业给予奖励：\n（一）上年度营业收入5000万元（含）至1亿元的，奖励30万元；\n"
    "（二）上年度营业收入1亿元（含）至10亿元的，奖励60万元；\n（三）上年度营业收入超过10亿元（含）的，奖励100万元。",
    "对租用厂房的企业，每平方米补贴20元。",
    "按企业上年度研发费用的8%给予补助。",
)


@cache
def shared() -> dict[str, bytes]:
    return {name: data for name, data in read_files(PACKS).items() if name.startswith(("_attributes/", "_groups/"))}


def settled(text: str) -> dict[str, bytes]:
    """The files of a draft all of whose proposals were accepted as they stand, in a root."""
    files = drafted(text, read_root(shared()).dictionary).files
    rows = [row | {"state": str(State.ACCEPTED)} for row in json.loads(files[PROPOSALS])]
    own = {**files, PROPOSALS: json.dumps(rows).encode()}
    return {**shared(), **{f"{PACK}/{name}": data for name, data in own.items()}}


def with_cases(files: dict[str, bytes]) -> Root:
    """The root with every proposed case taken."""
    root = read_root(files)
    pack = root.packs[PACK]
    offered = [each for item in pack.items.values() for each in coverage_of(pack, item, root.dictionary).proposed]
    assert len({each.case.name for each in offered}) == len(offered)
    _, golden = accepted(write_examples(offered), "", range(1, len(offered) + 1))
    return read_root({**files, f"{PACK}/{ACCEPTED}": golden.encode()})


@pytest.mark.parametrize("text", [*(TEXT.format(given) for given in GIVEN), DEMONSTRATED.read_text("utf-8")])
def test_the_proposed_cases_make_a_settled_draft_silver(text: str) -> None:
    root = with_cases(settled(text))
    pack = root.packs[PACK]
    assert run_golden(pack).failed == ()
    assert [str(each.problem) for each in run_mutants(pack).survived] == []
    assert tier_of(root, pack).tier is TierName.SILVER


def test_once_they_are_taken_no_case_is_proposed_again() -> None:
    root = with_cases(settled(DEMONSTRATED.read_text("utf-8")))
    pack = root.packs[PACK]
    found = [coverage_of(pack, item, root.dictionary) for item in pack.items.values()]
    assert [(each.proposed, each.left) for each in found] == [((), ())] * len(found)
