"""Years that have too little, every figure worked out by hand: commitments first, then the queue, the ranking, the
shares; who waits, who is refused, who is not entitled any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.golden.province import province
from zhida.domain.packs import Quota, Schedule
from zhida.domain.scenarios import Offer, offer_of
from zhida.services.simulation.outcome import HIDDEN
from zhida.services.simulation.rationing import Asking, Counted, Rules, followed
from zhida.services.simulation.yearly import hidden

DAYS = [date(2026, 6, 15), date(2027, 6, 15), date(2028, 6, 15)]
FEN = [100, 200, 300, 400]
TWO_YEARS = Schedule("year", 2, False)


def offer(schedule: Schedule | None = None, *, once: bool = False) -> Offer:
    held = offer_of(province().packs["mingzhou/research-rebate"].items["rebate"])
    return replace(held, schedule=schedule, is_once=once, quota=None, group="")


def asking(rows: list[int], keys: list[int] | None = None) -> Asking:
    fen = np.array([FEN[row] for row in rows], dtype=np.int64)
    places = np.array(keys or rows, dtype=np.int64)
    return Asking(np.array(rows, dtype=np.int64), fen, np.ones(len(rows), dtype=bool), (places,))


def years(one: Offer, quotas: list[Quota | None], *asked: Asking, waits: bool = True) -> list[Counted]:
    everybody = asked or (asking([0, 1, 2, 3]),) * len(quotas)
    return followed(one, everybody, DAYS[: len(quotas)], len(FEN), Rules(tuple(quotas), waits))


def first_come(fen: int | None, n: int | None = None) -> Quota:
    return Quota(n, (), "none_in", "first_come", fen)


def test_instalments_of_earlier_years_are_paid_before_anybody_begins() -> None:
    first, second, third = years(offer(TWO_YEARS), [first_come(300)] * 3)
    assert (first.begun, first.due_fen, first.left, first.unmet_fen) == (2, 300, 2, 700)
    assert (second.carried_fen, second.begun, second.due_fen, second.waited) == (300, 0, 300, 2)
    assert (third.carried_fen, third.begun, third.due_fen, third.left) == (0, 1, 300, 1)


def test_what_is_owed_is_paid_above_a_budget_too_small_for_it() -> None:
    _, second = years(offer(TWO_YEARS), [None, first_come(250)])
    assert (second.carried_fen, second.due_fen, second.begun) == (1_000, 1_000, 0)


def test_who_waits_stands_before_the_newcomers() -> None:
    waits = asking([3], keys=[9])
    _, second = years(offer(once=True), [first_come(0), first_come(400)], waits, asking([0, 3], keys=[1, 9]))
    assert (second.asked, second.waited, second.begun, second.due_fen) == (2, 1, 1, 400)


def test_ranked_all_are_ranked_anew() -> None:
    ranked = Quota(1, (), "none_in", "ranked", None)
    _, second = years(offer(once=True), [replace(ranked, n=0), ranked], asking([3], [9]), asking([0, 3], [1, 9]))
    assert (second.waited, second.begun, second.due_fen) == (1, 1, 100)


def test_refused_are_out_for_good_but_where_all_claim_anew() -> None:
    quotas: list[Quota | None] = [first_come(None, 1), None]
    assert years(offer(once=True), quotas, waits=False)[1].asked == 0
    assert years(offer(once=True), quotas)[1].asked == 3
    assert years(offer(), quotas, waits=False)[1].asked == 4


def test_a_share_is_kept_in_all_its_instalments() -> None:
    short = Quota(None, (), "none_in", "pro_rata", 500)
    first, second = years(offer(TWO_YEARS), [short, None])
    assert (first.begun, first.left, first.due_fen, first.unmet_fen) == (4, 0, 500, 500)
    assert (second.carried_fen, second.begun) == (500, 0)


def test_a_month_is_shared_out_by_the_months_that_are_paid() -> None:
    """1,000 fen a month from June: seven months of this year, of which 3,505 pay 500 each, and 5 stay."""
    short = Quota(None, (), "none_in", "pro_rata", 3_505)
    first, second = years(offer(Schedule("month", None, True)), [short, None])
    assert (first.due_fen, first.unmet_fen) == (3_500, 3_500)
    assert second.carried_fen == 12 * 500


def test_who_waits_and_is_past_it_lapses() -> None:
    _, second = years(offer(once=True), [first_come(0), None], asking([1, 2]), asking([2]))
    assert (second.waited, second.lapsed, second.begun) == (1, 1, 1)


def test_money_is_never_more_than_a_year_has() -> None:
    for quota in (first_come(450), Quota(None, (), "none_in", "pro_rata", 450)):
        for one in years(offer(), [quota] * 3):
            assert one.due_fen <= 450
            assert one.due_fen + one.unmet_fen == sum(FEN)


@pytest.mark.parametrize("few", ["begun", "left", "waited", "lapsed", "going_on"])
def test_few_are_hidden_with_what_would_tell_them(few: str) -> None:
    many = Counted(90, 20, 20, 40, 9_000, 3_000, 30, 80, 40, 40, 10, 4_000)
    assert hidden(many, 5) == many
    found = hidden(many._replace(**{few: 3}), 5)
    told = {"begun": ("asked", "left", "due_fen"), "left": ("asked", "begun", "unmet_fen", "due_fen")}
    told |= {"waited": ("lapsed",), "lapsed": ("waited",), "going_on": ("due_fen", "carried_fen")}
    assert {getattr(found, name) for name in told[few]} == {HIDDEN}
