"""Places and money are given to a whole population as engine `packs.ranking` gives them claim by claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.province import province
from zhida.domain.packs import Claimed, Quota, Ranking, release
from zhida.domain.rules.engines.columns.vectors import Numbers
from zhida.domain.rules.nodes import Name
from zhida.domain.scenarios import allotted
from zhida.domain.scenarios.ranks import RankKeys, from_decimals, ordered
from zhida.domain.values import Facts

DAY = date(2026, 6, 1)
START = datetime(2026, 6, 1, tzinfo=UTC)
ASKED = st.lists(st.tuples(st.integers(1, 10**14), st.one_of(st.none(), st.integers(0, 4))), min_size=1, max_size=12)
REBATE = province().packs["mingzhou/research-rebate"].items["rebate"]
BY_POINTS = Ranking(Name("settlement_points"), "", True)


def _expected(quota: Quota, asked: list[tuple[int, int | None]]) -> list[int]:
    claims = {
        f"{at:03d}": Claimed(
            Facts.of({} if rank is None else {"settlement_points": Decimal(rank)}),
            START + timedelta(seconds=at),
            fen,
        )
        for at, (fen, rank) in enumerate(asked)
    }
    places = release(replace(REBATE, quota=quota), claims, DAY)
    found = []
    for at, (fen, _) in enumerate(asked):
        place = places[f"{at:03d}"]
        given = fen if place.allotted_fen is None else place.allotted_fen
        found.append(given if place.is_selected else -1)
    return found


def _found(quota: Quota, asked: list[tuple[int, int | None]], wide: bool = False) -> list[int]:
    fen = np.array([each for each, _ in asked], dtype=np.int64)
    keys = [np.arange(len(fen))]
    if quota.by:
        ranks = [rank for _, rank in asked]
        half = len(ranks) // 2
        keys = ordered([_keys(ranks[:half], 0, wide=False), _keys(ranks[half:], 2, wide=wide)], quota.by)
    return [int(each) for each in allotted(quota, fen, keys)]


def _keys(ranks: list[int | None], scale: int, *, wide: bool) -> RankKeys:
    if wide:
        return RankKeys((from_decimals([None if rank is None else Decimal(rank) for rank in ranks]),))
    values = np.array([(rank or 0) * 10**scale for rank in ranks], dtype=np.int64)
    return RankKeys((Numbers(values, np.array([rank is not None for rank in ranks], dtype=bool), scale),))


@given(ASKED, st.one_of(st.none(), st.integers(0, 12)), st.one_of(st.none(), st.integers(0, 10**15)))
def test_first_come_is_what_release_gives(
    asked: list[tuple[int, int | None]], n: int | None, total: int | None
) -> None:
    quota = Quota(n, (), "none_in", "first_come", total)
    assert _found(quota, asked) == _expected(quota, asked)


@given(ASKED, st.integers(0, 10**15))
def test_a_share_each_is_what_release_gives(asked: list[tuple[int, int | None]], total: int) -> None:
    quota = Quota(None, (), "none_in", "pro_rata", total)
    assert _found(quota, asked) == _expected(quota, asked)


@given(
    ASKED,
    st.integers(0, 12),
    st.sampled_from(["all_in", "none_in"]),
    st.one_of(st.none(), st.integers(0, 10**15)),
    st.booleans(),
    st.booleans(),
)
def test_ranked_is_what_release_gives(
    asked: list[tuple[int, int | None]], n: int, ties: str, total: int | None, wide: bool, high_first: bool
) -> None:
    """Of parts with different decimals, in int64 or not."""
    quota = Quota(n, (replace(BY_POINTS, high_first=high_first),), ties, "ranked", total)
    assert _found(quota, asked, wide) == _expected(quota, asked)


def test_nobody_asks() -> None:
    assert len(allotted(Quota(3, (), "none_in", "first_come"), np.zeros(0, dtype=np.int64), [np.zeros(0)])) == 0
