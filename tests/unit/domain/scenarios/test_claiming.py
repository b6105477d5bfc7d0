"""Who claims is drawn from the seed and the subject alone, and the sums lie where the shares say."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from zhida.domain.scenarios import TakeUp, arrivals, claims, forecast
from zhida.domain.scenarios.claiming import EVERYBODY, FEW, Moments

PEOPLE = np.arange(100_000, dtype=np.int64) * 7
SIXTY = TakeUp(Decimal("0.6"), Decimal("0.6"), Decimal("0.6"))
AROUND = TakeUp(Decimal("0.4"), Decimal("0.6"), Decimal("0.8"))


def test_so_many_claim_as_the_share_says() -> None:
    assert abs(claims(PEOPLE, SIXTY, 1).mean() - 0.6) < 0.01


def test_a_subject_draws_the_same_wherever_it_stands() -> None:
    backwards = claims(PEOPLE[::-1], SIXTY, 1)[::-1]
    assert (claims(PEOPLE, SIXTY, 1) == backwards).all()
    assert (claims(PEOPLE, SIXTY, 1) != claims(PEOPLE, SIXTY, 2)).any()


def test_more_of_a_share_is_never_fewer_people() -> None:
    less = TakeUp(*(Decimal("0.3"),) * 3)
    assert (claims(PEOPLE, less, 1) <= claims(PEOPLE, SIXTY, 1)).all()


def test_a_queue_has_a_place_for_each_and_is_not_the_draw_of_claims() -> None:
    drawn = arrivals(PEOPLE, 1)
    assert len(np.unique(drawn)) == len(PEOPLE)
    first = np.argsort(drawn)[: len(PEOPLE) // 10]
    assert abs(claims(PEOPLE, SIXTY, 1)[first].mean() - 0.6) < 0.03


def test_where_all_claim_the_forecast_is_exact() -> None:
    for count in (FEW, FEW + 1):
        found = forecast(Moments.of(np.full(count, 300, dtype=np.int64)), EVERYBODY, 1, budget_fen=count * 300 - 1)
        assert (found.claims, found.fen, found.short) == ((count,) * 3, (count * 300,) * 3, 1.0)


def test_few_and_many_are_forecast_alike() -> None:
    few = forecast(Moments.of(np.full(FEW, 100, dtype=np.int64)), AROUND, 1)
    many = forecast(Moments.of(np.full(FEW * 10, 100, dtype=np.int64)), AROUND, 1)
    for one, other in zip(few.fen, many.fen, strict=True):
        assert abs(one - other / 10) < 0.03 * FEW * 100
    assert few.fen[0] < few.fen[1] < few.fen[2]


def test_the_same_seed_gives_the_same_forecast() -> None:
    moments = Moments.of(np.arange(50, dtype=np.int64))
    assert forecast(moments, AROUND, 3) == forecast(moments, AROUND, 3)
    assert forecast(moments, AROUND, 3) != forecast(moments, AROUND, 4)


def test_moments_add_up() -> None:
    one, other = (np.arange(at, at + 1_500, dtype=np.int64) for at in (0, 1_500))
    both, whole = Moments.of(one) + Moments.of(other), Moments.of(np.concatenate([one, other]))
    assert (both.count, both.total_fen, both.squares) == (whole.count, whole.total_fen, whole.squares)
