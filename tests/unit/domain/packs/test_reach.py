"""Whether a new version asks less of people, more, the same or otherwise."""

from __future__ import annotations

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, root_of, small_pack
from zhida.domain.packs.reach import Reach, reach_changes

LARGE = "heated_area(year - 1) >= 100"


@pytest.mark.parametrize(
    ("condition", "reach"),
    [
        ("heated_area(year - 1) >= 80", Reach.WIDER),
        ("heated_area(year - 1) > 100", Reach.NARROWER),
        ("not(heated_area(year - 1) < 100)", Reach.SAME),
        ("heated_area(year - 1) * 2 >= 200", Reach.SAME),
        ("heated_area(year - 1) > 99", Reach.SAME),
        ("heated_area(year - 2) >= 100", Reach.OTHER),
        ("heated_area(year - 1) >= 100 or listed", Reach.WIDER),
    ],
)
def test_a_requirement_written_anew(condition: str, reach: Reach) -> None:
    new = root_of(edited("rules.yaml", f"when: {LARGE}", f"when: {condition}")).packs[PACK]
    told = reach_changes(small_pack(), new)
    assert [(each.requirement, each.reach) for each in told] == [("large", reach)]
    assert all({"zh", "en"} == each.words.keys() for each in told)


def test_nothing_is_told_where_no_requirement_changed() -> None:
    new = root_of(edited("rules.yaml", "gives: 200", "gives: 300")).packs[PACK]
    assert reach_changes(small_pack(), new) == ()


def test_a_longer_window_changes_no_condition() -> None:
    new = root_of(edited("pack.yaml", "to: 2027-01-01", "to: 2028-01-01")).packs[PACK]
    assert reach_changes(small_pack(), new) == ()


def test_an_item_of_several_requirements_is_told_as_a_whole() -> None:
    """One requirement less is asked, and the other is narrower: some come in, others fall out."""
    two = edited("items.yaml", "requires: [large]", "requires: [large, unlisted]")
    rules = f"{PACK}/rules.yaml"
    told = b"  unlisted: {kind: computed, when: not(listed), cites: [a2]}\ntables:"
    two[rules] = two[rules].replace(b"tables:", told)
    words = f"{PACK}/words/zh.yaml"
    said = "requirements:\n  unlisted: {title: 不在名单, met: 是, not_met: 否, unknown: 未知}\n"
    two[words] = two[words].replace(b"requirements:\n", said.encode())
    new = root_of(edited("rules.yaml", f"when: {LARGE}", "when: heated_area(year - 1) >= 200")).packs[PACK]
    found = reach_changes(root_of(two).packs[PACK], new)
    assert [(each.requirement, each.reach) for each in found] == [("large", Reach.NARROWER), ("", Reach.OTHER)]


def test_a_rule_that_only_moved_is_not_told() -> None:
    new = root_of(edited("rules.yaml", "requirements:\n", "# moved\nrequirements:\n")).packs[PACK]
    assert reach_changes(small_pack(), new) == ()


def test_an_amount_that_a_requirement_reads_changes_its_reach() -> None:
    text = "when: grant_fen >= 10000"
    old = root_of(edited("rules.yaml", f"when: {LARGE}", text)).packs[PACK]
    files = edited("rules.yaml", f"when: {LARGE}", text)
    path = f"{PACK}/rules.yaml"
    files[path] = files[path].replace(b"gives: 200", b"gives: 300")
    told = reach_changes(old, root_of(files).packs[PACK])
    assert [(each.requirement, each.reach) for each in told] == [("large", Reach.WIDER)]
