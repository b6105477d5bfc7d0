"""Sums made of rows alone are those made of whole columns, and codes are read alike however a file keeps them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.rules.engines.table.encoding import worded
from zhida.domain.scenarios.stacking import Held
from zhida.services.simulation.parts import together
from zhida.services.simulation.running import _shifts

SIZE = 12
OFFERS = st.dictionaries(st.integers(0, SIZE - 1), st.integers(0, 3), max_size=SIZE)
WORLDS = st.lists(OFFERS, min_size=1, max_size=4)


def held(offer: dict[int, int]) -> Held:
    rows = sorted(offer)
    return Held(np.array(rows, dtype=np.int64), np.array([offer[row] for row in rows], dtype=np.int64))


@given(WORLDS)
def test_offers_together_pay_what_each_pays(offers: list[dict[int, int]]) -> None:
    found = together([held(offer) for offer in offers], SIZE)
    expected = {row: sum(offer.get(row, 0) for offer in offers) for row in sorted({row for o in offers for row in o})}
    assert dict(zip(found.rows.tolist(), found.fen.tolist(), strict=True)) == expected


@given(WORLDS)
def test_shifts_are_counted_as_one_would_count_them(worlds: list[dict[int, int]]) -> None:
    found = _shifts([held(world) for world in worlds], SIZE).tolist()
    first = worlds[0]
    for world, shift in zip(worlds[1:], found[1:], strict=True):
        more = [world.get(row, 0) - first.get(row, 0) for row in range(SIZE)]
        gained, lost = [each for each in more if each > 0], [-each for each in more if each < 0]
        newly, dropped = len(set(world) - set(first)), len(set(first) - set(world))
        assert shift == [len(gained), sum(gained), len(lost), sum(lost), newly, dropped]
    assert found[0] == [0] * 6


@pytest.mark.parametrize("texts", [["b", None, "a", "b"], ["a"], [None, None], [], ["", "a", None]])
@pytest.mark.parametrize("is_encoded", [False, True])
def test_codes_are_the_words_that_occur(texts: list[str | None], is_encoded: bool) -> None:
    plain = pa.chunked_array([pa.array([*texts, "never"], pa.string()).dictionary_encode().slice(0, len(texts))])
    places, words = worded(plain if is_encoded else plain.cast(pa.string()))
    assert [words[place] for place in places.tolist()] == [text or "" for text in texts]
    assert sorted(words) == sorted({text or "" for text in texts} or {""})
