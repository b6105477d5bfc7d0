"""A scenario changes what it says, is checked as a pack is, and tells every mistake with its file and line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.golden.province import province
from zhida.domain.errors import AuthorError
from zhida.domain.scenarios import Base, Scenario, in_force, read_scenario

REBATE = "mingzhou/research-rebate"


def base() -> Base:
    root = province()
    return Base(root.packs, root.dictionary, root.groups, root.group_nodes)


def read(text: str) -> Scenario:
    return read_scenario("half.yaml", text.encode(), base())


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(AuthorError) as caught:
        read(text)
    return [(one.line, one.code) for one in caught.value.problems if one.file == "half.yaml"]


def test_a_parameter_is_another_in_every_row() -> None:
    found = read(f"name: half\nwords: {{zh: 减半}}\nchange:\n  {REBATE}:\n    parameters: {{rate: 0.04}}\n")
    rows = found.packs[REBATE].parameters["rate"].rows
    assert [row.value for row in rows] == [Decimal("0.04")]
    assert found.packs[REBATE].parameters["most_fen"] == province().packs[REBATE].parameters["most_fen"]
    assert found.changed == (f"{REBATE}: parameters",)


def test_what_it_leaves_alone_is_the_very_same() -> None:
    found = read(f"name: half\nwords: {{zh: 减半}}\nchange:\n  {REBATE}:\n    parameters: {{rate: 0.04}}\n")
    others = set(found.packs) - {REBATE}
    assert all(found.packs[each] is province().packs[each] for each in others)
    assert in_force(base()).packs is base().packs


def test_a_rule_a_window_and_a_quota_can_change() -> None:
    found = read(
        f"""name: tight
words: {{zh: 收紧}}
take_up: {{low: 0.4, likely: 0.6, high: 0.8}}
change:
  {REBATE}:
    rules:
      requirements:
        in_good_standing: {{when: operating_normally}}
    items:
      rebate:
        window: {{to: 2026-11-01}}
        quota: {{order: pro_rata, total_yuan: 1000}}
"""
    )
    item = found.packs[REBATE].items["rebate"]
    assert item.quota is not None
    assert (item.quota.order, item.quota.total_fen) == ("pro_rata", 100_000)
    assert (str(item.window), found.take_up.likely) == ("2026-09-01/2026-11-01", Decimal("0.6"))
    (standing,) = [one for one in item.program.requires if one.name == "in_good_standing"]
    assert (standing.cites, len(standing.alternatives)) == (("a2-3",), 1)


def test_none_takes_a_key_of_an_item_away() -> None:
    found = read(f"name: open\nwords: {{zh: 全年}}\nchange:\n  {REBATE}:\n    items: {{rebate: {{window: none}}}}\n")
    assert found.packs[REBATE].items["rebate"].window.start is None


def test_a_group_can_change() -> None:
    found = read("name: cap\nwords: {zh: 封顶}\ngroups:\n  innovation-platform: {rule: capped_sum, cap_fen: 500}\n")
    assert (found.groups["innovation-platform"].rule, found.groups["innovation-platform"].cap_fen) == (
        "capped_sum",
        500,
    )


def test_every_mistake_is_told_with_its_line() -> None:
    assert problems(
        f"""name: wrong
words: {{zh: 错}}
take_up: 1.4
change:
  {REBATE}:
    parameters: {{rat: 0.04}}
    rules:
      requirements:
        high_tech: {{when: "staff_count(year - 1) >= true"}}
  mingzhou/reserch: {{}}
groups: {{nobody: {{rule: first_only}}}}
"""
    ) == [(3, "malformed"), (6, "unknown_name"), (9, "wrong_type"), (10, "unknown_pack"), (11, "unknown_group")]


def test_a_share_that_does_not_rise_is_refused() -> None:
    assert problems("name: a\nwords: {zh: 甲}\ntake_up: {low: 0.5, likely: 0.4, high: 0.6}\n") == [(3, "malformed")]
