"""A new pack begins sound."""

from __future__ import annotations

from datetime import date

import pytest

from tests.unit.domain.packs.small_root import files_with, root_of
from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import TierName, new_pack, tier_of
from zhida.domain.values import SubjectKind


def begun(audience: SubjectKind) -> dict[str, bytes]:
    dictionary = root_of(files_with()).dictionary
    return new_pack(
        "north/new-one",
        dictionary=dictionary,
        office="north-energy",
        region="10",
        audience=audience,
        on=date(2026, 2, 3),
    )


def test_a_new_pack_checks_and_its_cases_hold() -> None:
    root = root_of({**files_with(), **begun(SubjectKind.ORGANISATION)})
    pack = root.packs["north/new-one"]
    assert pack.valid.start == date(2026, 1, 1)
    assert tier_of(root, pack).tier is TierName.SILVER


def test_it_needs_a_fact_that_tells_the_place() -> None:
    with pytest.raises(InvariantBroken, match="no_region_fact"):
        begun(SubjectKind.HOUSEHOLD)
