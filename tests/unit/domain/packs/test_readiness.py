"""What stands between an item and being paid without applying, on the small pack and on those that come with Zhida."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from tests.golden.province import province
from tests.unit.domain.packs.small_root import PACK, edited, files_with, root_of
from zhida.domain.packs import Claim
from zhida.domain.packs.readiness import Barrier, readiness_of

DAY = date(2026, 5, 1)


def small(rows: pa.Table | None = None):
    root = root_of(files_with())
    pack = root.packs[PACK]
    return readiness_of(pack, pack.items["grant"], root.dictionary, as_of=DAY, rows=rows)


def test_an_item_whose_facts_are_all_held_has_nothing_in_its_way() -> None:
    found = small()
    assert (found.could_be, found.obstacles, found.decided) == (Claim.AUTOMATIC, (), None)
    assert dict(found.held) == {"place": "north-energy", "heated_area": "north-energy", "fuel": "north-energy"}


def test_a_population_tells_how_many_are_decided_and_which_fact_has_no_source() -> None:
    place = pa.array(["101", "101", "101", None])
    area = pa.array([200, 50, None, 200], pa.int64())
    found = small(pa.table({"place": place, "heated_area@2025": area, "fuel": pa.array(["gas"] * 4)}))
    assert found.decided is not None
    assert (found.decided.entitled, found.decided.refused, found.decided.open) == (1, 1, 2)
    without = small(pa.table({"place": place, "heated_area@2025": area}))
    assert [(each.kind, each.name) for each in without.obstacles] == [(Barrier.UNSOURCED, "fuel")]
    assert without.obstacles[0].holder is not None
    assert without.obstacles[0].holder.office == "north-energy"
    last_year = small(pa.table({"place": place, "heated_area@2024": area, "fuel": pa.array(["gas"] * 4)}))
    assert [each.name for each in last_year.obstacles] == ["heated_area@2025"]


def test_what_a_person_must_answer_prove_or_judge_is_named_with_its_likely_holder() -> None:
    root = province()
    pack = root.packs["mingzhou/research-rebate"]
    found = readiness_of(pack, pack.items["rebate"], root.dictionary, as_of=DAY)
    kinds = {each.name: each.kind for each in found.obstacles}
    assert kinds == {
        "other_public_funding_fen": Barrier.ASKED,
        "accounts_apart": Barrier.EVIDENCED,
        "novel": Barrier.JUDGED,
        "truthful": Barrier.UNDERTAKEN,
    }
    holders = {each.name: each.holder.office for each in found.obstacles if each.holder}
    assert holders == {"accounts_apart": "mingzhou-tax"}
    assert found.could_be is Claim.APPLIED


def test_an_automatic_item_that_asks_nobody_is_told_of_its_source_by_its_own_kind() -> None:
    root = root_of(edited("items.yaml", "claim: automatic", "claim: applied"))
    pack = root.packs[PACK]
    found = readiness_of(pack, pack.items["grant"], root.dictionary, as_of=DAY)
    assert (found.claim, found.could_be) == (Claim.APPLIED, Claim.AUTOMATIC)
