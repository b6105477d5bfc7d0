"""Nobody is found in an evaluation: small counts go, and with them what would tell them by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhida.services.evaluation.records import HIDDEN, Came, shielded

COUNTS = st.integers(0, 20)
BOUND = 5


@st.composite
def years(draw: st.DrawFn) -> Came:
    granted, refused, running = draw(COUNTS), draw(COUNTS), draw(COUNTS)
    automatic, paid = draw(st.integers(0, granted + refused)), draw(st.integers(0, granted))
    return Came(granted + refused + running, granted, refused, running, automatic, paid, granted * 100, paid * 100)


@given(years())
def test_no_count_below_the_bound_is_told(came: Came) -> None:
    shown = shielded(came, BOUND)
    for name in ("claims", "granted", "refused", "running", "automatic", "paid"):
        assert getattr(shown, name) == HIDDEN or getattr(shown, name) == 0 or getattr(shown, name) >= BOUND


@given(years())
def test_no_single_hidden_part_follows_from_the_whole(came: Came) -> None:
    shown = shielded(came, BOUND)
    parts = (shown.granted, shown.refused, shown.running)
    if shown.claims != HIDDEN and HIDDEN in parts:
        hidden = shown.claims - sum(part for part in parts if part != HIDDEN)
        assert parts.count(HIDDEN) > 1 or hidden >= BOUND


@given(years())
def test_sums_go_with_their_counts(came: Came) -> None:
    shown = shielded(came, BOUND)
    assert (shown.granted == HIDDEN) <= (shown.granted_fen == HIDDEN)
    assert (shown.granted == HIDDEN) <= (shown.paid == shown.paid_fen == HIDDEN)
    assert (shown.paid == HIDDEN) <= (shown.paid_fen == HIDDEN)


@given(years())
def test_what_is_large_enough_stays(came: Came) -> None:
    if min(came.granted, came.refused, came.running) >= BOUND:
        shown = shielded(came, BOUND)
        assert (shown.claims, shown.granted, shown.granted_fen) == (came.claims, came.granted, came.granted_fen)
