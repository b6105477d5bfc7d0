"""A tier is computed from what a pack shows; each step up says what it lacks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of, small_pack
from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import ReplayEvidence, Root, TierName, is_read_by_owner, reading_digest, tier_of

ENGLISH = """
    title: Heating
    plain: Large buildings get money for heating.
    items: {grant: {title: Heating grant, how_much: 1 to 2 yuan per square metre}}
    requirements:
      large: {met: "{heated_area} square metres", not_met: "only {heated_area}", unknown: not known}
"""


def graded(files: dict[str, bytes], **evidence: object) -> tuple[TierName, tuple[str, ...]]:
    root = root_of(files)
    tier = tier_of(root, root.packs[PACK], **evidence)  # type: ignore[arg-type]
    return tier.tier, tier.lacks


def test_without_cases_there_is_no_tier() -> None:
    tier, lacks = graded(files_with({"golden/firms.yaml": None}))
    assert tier is TierName.NONE
    assert lacks == ("grant: no golden case is entitled", "grant: no golden case is refused")


def test_a_failing_case_leaves_no_tier() -> None:
    tier, lacks = graded(edited("golden/firms.yaml", "amount_fen: 20000, missing", "amount_fen: 1, missing"))
    assert tier is TierName.NONE
    assert lacks == ("golden case fails: exactly 100: amount_fen 20000, expected 1",)


def test_bronze_lacks_edges() -> None:
    tier, lacks = graded(edited("golden/firms.yaml", "{heated_area: 99}", "{heated_area: 50}"))
    assert tier is TierName.BRONZE
    assert len(lacks) == 1
    assert "mutant survives" in lacks[0]


def test_bronze_lacks_something_unknown() -> None:
    text = files_with()[f"{PACK}/golden/firms.yaml"].decode().split("  - name: unknown")[0]
    tier, lacks = graded(files_with({"golden/firms.yaml": text}))
    assert tier is TierName.BRONZE
    assert lacks == ("no golden case has something unknown",)


def test_silver_lacks_languages_reading_and_replay() -> None:
    tier, lacks = graded(files_with())
    assert tier is TierName.SILVER
    assert lacks == (
        "words/en: there is no words/en.yaml",
        "not read by its owner since it last changed",
        "replayed on 0 past decisions, at least 100 are asked for",
    )


def test_gold_needs_every_past_decision_to_agree() -> None:
    files = files_with({"words/en.yaml": ENGLISH})
    assert graded(files, replayed=ReplayEvidence(100, 100), read_by_owner=True) == (TierName.GOLD, ())
    assert graded(files, replayed=ReplayEvidence(99, 99), read_by_owner=True)[0] is TierName.SILVER
    tier, lacks = graded(files, replayed=ReplayEvidence(100, 99), read_by_owner=True)
    assert (tier, lacks) == (TierName.SILVER, ("of 100 past decisions 1 came out otherwise",))


def test_an_incomplete_language_keeps_from_gold() -> None:
    files = files_with({"words/en.yaml": ENGLISH.replace(", unknown: not known", "")})
    tier, lacks = graded(files, replayed=ReplayEvidence(100, 100), read_by_owner=True)
    assert (tier, lacks) == (TierName.SILVER, ("words/en: large: no words for unknown",))


def test_the_owner_signs_a_digest_that_any_change_breaks() -> None:
    digest = reading_digest(small_pack())
    files = edited("pack.yaml", "valid:", f"read: {{by: An officer, on: 2026-01-03, of: {digest}}}\nvalid:")
    assert is_read_by_owner(root_of(files).packs[PACK])
    files[f"{PACK}/golden/firms.yaml"] += b"# a remark"
    assert is_read_by_owner(root_of(files).packs[PACK])
    files[f"{PACK}/rules.yaml"] += b"# a remark"
    assert not is_read_by_owner(root_of(files).packs[PACK])


def test_a_pack_of_another_root_has_no_tier() -> None:
    root = root_of(files_with())
    stranger = replace(small_pack(), id="north/other")
    with pytest.raises(InvariantBroken, match="pack_not_sound"):
        tier_of(Root(root.dictionary, {}, {}, ()), stranger)
