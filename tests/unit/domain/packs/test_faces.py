"""What a document's title and its division code say of it."""

from __future__ import annotations

import pytest

from zhida.domain.packs.faces import KINDS, LEVELS, kind_of, level_of


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("明州省创新平台奖励办法", "measures"),
        ("云泽市创新平台奖励实施细则", "details"),
        ("云泽市积分制入户办法（2026 年度）", "measures"),
        ("《关于促进就业的若干措施（试行）（2026年修订）》", "steps"),
        ("关于实施稳岗返还的通知", "notice"),
        ("关于修改《某某办法》的决定", "decision"),
        ("第3号令", "order"),
        ("一次性扩岗补助", "other"),
        ("", "other"),
        ("（试行）", "other"),
    ],
)
def test_kinds(title: str, kind: str) -> None:
    assert kind_of(title) == kind


def test_a_longer_ending_counts_before_the_shorter_one_that_ends_it() -> None:
    endings = list(KINDS)
    for place, ending in enumerate(endings):
        assert not any(ending.endswith(before) and KINDS[before] != KINDS[ending] for before in endings[:place])


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("000000", "nation"),
        ("450000", "province"),
        ("450100", "city"),
        ("450102", "county"),
        ("990471", "county"),
        ("450102001", "town"),
        ("450102001001", "town"),
    ],
)
def test_levels(code: str, level: str) -> None:
    assert level_of(code) == level
    assert level in LEVELS
