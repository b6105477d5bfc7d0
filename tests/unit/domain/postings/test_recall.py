"""The life of a recall: every order of the same news ends alike, and none is sent twice where that may count twice."""

from __future__ import annotations

from itertools import permutations

import pytest

from zhida.domain.errors import ConflictError
from zhida.domain.postings import RecallEvent, RecallState, recall_after

NEWS = (RecallEvent.PENDING, RecallEvent.ACCEPTED, RecallEvent.REFUSED, RecallEvent.RETURNED)
WEIGHTS = {RecallEvent.PENDING: 0, RecallEvent.ACCEPTED: 1, RecallEvent.REFUSED: 2, RecallEvent.RETURNED: 3}
ENDS = (RecallState.UNKNOWN, RecallState.ACCEPTED, RecallState.REFUSED, RecallState.RETURNED)


def walked(*events: RecallEvent, start: RecallState = RecallState.PROPOSED) -> RecallState:
    state = start
    for event in events:
        state = recall_after(state, event)
    return state


def test_a_recall_is_signed_by_two_then_sent() -> None:
    assert walked(RecallEvent.CONFIRMED) is RecallState.ORDERED
    assert walked(RecallEvent.CONFIRMED, RecallEvent.SENT) is RecallState.UNKNOWN
    with pytest.raises(ConflictError, match="recall_out_of_order"):
        walked(RecallEvent.SENT)


@pytest.mark.parametrize("before", [(), (RecallEvent.CONFIRMED,)])
def test_it_is_withdrawn_only_before_it_was_sent(before: tuple[RecallEvent, ...]) -> None:
    assert walked(*before, RecallEvent.WITHDRAWN) is RecallState.WITHDRAWN
    assert walked(*before, RecallEvent.WITHDRAWN, RecallEvent.WITHDRAWN) is RecallState.WITHDRAWN
    for state in (RecallState.UNKNOWN, RecallState.ACCEPTED, RecallState.LAPSED, RecallState.REFUSED):
        with pytest.raises(ConflictError, match="recall_out_of_order"):
            recall_after(state, RecallEvent.WITHDRAWN)


def test_it_is_sent_again_only_to_a_bank_that_de_duplicates() -> None:
    assert recall_after(RecallState.UNKNOWN, RecallEvent.SENT, deduplicates=True) is RecallState.UNKNOWN
    with pytest.raises(ConflictError, match="recall_not_resendable"):
        recall_after(RecallState.UNKNOWN, RecallEvent.SENT)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_every_order_of_the_same_news_ends_in_the_same_state(length: int, late: bool) -> None:
    start = RecallState.LAPSED if late else RecallState.UNKNOWN
    for told in permutations(NEWS, length):
        heaviest = max(WEIGHTS[event] for event in told)
        expected = start if heaviest == 0 else ENDS[heaviest]
        assert walked(*told, *told, start=start) is expected


def test_silence_lapses_and_late_news_still_counts() -> None:
    for state in (RecallState.UNKNOWN, RecallState.ACCEPTED):
        assert recall_after(state, RecallEvent.LAPSED) is RecallState.LAPSED
    assert walked(RecallEvent.ACCEPTED, start=RecallState.LAPSED) is RecallState.ACCEPTED
    for state in (RecallState.REFUSED, RecallState.ORDERED, RecallState.PROPOSED):
        with pytest.raises(ConflictError, match="recall_out_of_order"):
            recall_after(state, RecallEvent.LAPSED)


@pytest.mark.parametrize("state", set(RecallState) - {RecallState.WITHDRAWN})
def test_money_that_came_back_ends_every_recall_but_a_withdrawn_one(state: RecallState) -> None:
    assert recall_after(state, RecallEvent.RETURNED) is RecallState.RETURNED
    assert recall_after(RecallState.WITHDRAWN, RecallEvent.RETURNED) is RecallState.WITHDRAWN


@pytest.mark.parametrize("state", [RecallState.PROPOSED, RecallState.ORDERED, RecallState.WITHDRAWN])
@pytest.mark.parametrize("event", [RecallEvent.PENDING, RecallEvent.ACCEPTED, RecallEvent.REFUSED])
def test_a_bank_answers_no_recall_that_was_never_sent(state: RecallState, event: RecallEvent) -> None:
    with pytest.raises(ConflictError, match="recall_out_of_order"):
        recall_after(state, event)


@pytest.mark.parametrize("state", set(RecallState) - {RecallState.PROPOSED})
def test_it_is_confirmed_once(state: RecallState) -> None:
    with pytest.raises(ConflictError, match="recall_out_of_order"):
        recall_after(state, RecallEvent.CONFIRMED)
