"""What changed between two packs is told in words, in both languages."""

from __future__ import annotations

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, root_of, small_pack
from zhida.domain.packs import diff


def test_nothing_changed() -> None:
    assert diff(small_pack(), small_pack()) == ()


@pytest.mark.parametrize(
    ("path", "old", "new", "zh", "en"),
    [
        ("rules.yaml", ">= 100", ">= 80", "条件 large：heated_area(year - 1) >= 100 → heated_area(year - 1) >= 80",
         "requirement large: heated_area(year - 1) >= 100 → heated_area(year - 1) >= 80"),
        ("rules.yaml", "gives: 200", "gives: 300", '表 rate_fen ["gas"]：200 → 300',
         'table rate_fen ["gas"]: 200 → 300'),
        ("items.yaml", "[[subject, year]]", "[[subject, life]]", "事项 grant.once_per：subject + year → subject + life",
         "item grant.once_per: subject + year → subject + life"),
        ("pack.yaml", "to: 2027-01-01", "to: 2028-01-01", "有效期：[2026-01-01..2027-01-01) → [2026-01-01..2028-01-01)",
         "in force: [2026-01-01..2027-01-01) → [2026-01-01..2028-01-01)"),
        ("policy.md", "为了温暖。", "为了暖和。", "条款 a1：第一条 为了温暖。 → 第一条 为了暖和。",
         "clause a1: 第一条 为了温暖。 → 第一条 为了暖和。"),
        ("process.yaml", "within_working_days: 5", "within_working_days: 3",
         "办理步骤 2：pay by owner ≤ 5 wd → pay by owner ≤ 3 wd",
         "steps 2: pay by owner ≤ 5 wd → pay by owner ≤ 3 wd"),
    ],
)  # fmt: skip
def test_one_change(path: str, old: str, new: str, zh: str, en: str) -> None:
    (change,) = diff(small_pack(), root_of(edited(path, old, new)).packs[PACK])
    assert change.words == {"zh": zh, "en": en}


def test_what_is_added_and_removed() -> None:
    files = edited("items.yaml", "claim: automatic", "claim: applied")
    files[f"{PACK}/form.yaml"] = b"confirm: [contact]\n"
    added = diff(small_pack(), root_of(files).packs[PACK])
    removed = diff(root_of(files).packs[PACK], small_pack())
    assert "form confirm contact: added yes" in {change.words["en"] for change in added}
    assert "表单 confirm contact：取消 yes" in {change.words["zh"] for change in removed}
