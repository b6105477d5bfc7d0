"""The states of a disbursement: the way through, the silent bank, news in every order, and what a person settles."""

from itertools import permutations, product

import pytest

from zhida.domain.errors import ConflictError
from zhida.domain.postings import Event, Move, State, transition


def run(*events: Event, state: State = State.PLANNED, deduplicates: bool = False) -> tuple[State, list[Move]]:
    moves: list[Move] = []
    for event in events:
        following = transition(state, event, deduplicates=deduplicates)
        state = following.state
        moves += following.moves
    return state, moves


OURS = (Event.RESERVED, Event.INSTRUCTED, Event.SENT)


def test_the_way_through():
    assert run(*OURS, Event.SETTLED) == (State.SETTLED, [Move.RESERVE, Move.INSTRUCT, Move.SETTLE])
    assert run(*OURS, Event.REJECTED) == (State.VOIDED, [Move.RESERVE, Move.INSTRUCT, Move.VOID])
    assert run(*OURS, Event.SETTLED, Event.RETURNED)[0] is State.RETURNED


def test_before_it_is_sent_it_can_be_cancelled_and_frees_what_it_held():
    assert run(Event.CANCELLED) == (State.VOIDED, [])
    assert run(Event.RESERVED, Event.CANCELLED)[1] == [Move.RESERVE, Move.CANCEL]
    assert run(Event.RESERVED, Event.INSTRUCTED, Event.CANCELLED)[1] == [Move.RESERVE, Move.INSTRUCT, Move.VOID]
    with pytest.raises(ConflictError, match="out_of_order"):
        run(*OURS, Event.CANCELLED)


def test_once_sent_it_is_unknown_whatever_silence_follows():
    for silence in product((Event.UNANSWERED, Event.NOT_FOUND, Event.ACCEPTED), repeat=3):
        assert run(*OURS, *silence)[0] is State.UNKNOWN


def test_it_is_sent_again_only_to_a_bank_that_deduplicates():
    with pytest.raises(ConflictError, match="not_resendable"):
        run(*OURS, Event.NOT_FOUND, Event.SENT)
    assert run(*OURS, Event.NOT_FOUND, Event.SENT, deduplicates=True)[0] is State.UNKNOWN
    with pytest.raises(ConflictError, match="not_resendable"):
        transition(State.UNKNOWN, Event.SENT)
    with pytest.raises(ConflictError, match="not_resendable"):
        run(*OURS, Event.ACCEPTED, Event.SENT)


def test_only_a_release_ends_a_silence_and_late_news_after_it_is_for_a_person():
    assert run(*OURS, Event.NOT_FOUND, Event.RELEASED) == (State.VOIDED, [Move.RESERVE, Move.INSTRUCT, Move.VOID])
    with pytest.raises(ConflictError, match="contradicts_end"):
        run(*OURS, Event.RELEASED, Event.SETTLED)
    for early in (State.PLANNED, State.RESERVED, State.INSTRUCTED):
        with pytest.raises(ConflictError, match="out_of_order"):
            transition(early, Event.RELEASED)


@pytest.mark.parametrize(
    ("news", "end", "net"),
    [
        ((Event.SETTLED,), State.SETTLED, [Move.SETTLE]),
        ((Event.REJECTED,), State.VOIDED, [Move.VOID]),
        ((Event.SETTLED, Event.RETURNED), State.RETURNED, [Move.SETTLE, Move.RETURN]),
    ],
)
def test_every_order_of_the_same_news_ends_alike(news, end, net):
    heard = (*news, *news, Event.ACCEPTED, Event.UNANSWERED, Event.NOT_FOUND)
    for length in range(len(heard) + 1):
        for order in set(permutations(heard, length)):
            if set(news) <= set(order):
                assert run(*order, state=State.UNKNOWN) == (end, net)
                assert run(*order, state=State.INSTRUCTED) == (end, net)


def test_contradicting_news_never_moves_money():
    for state, event in (
        (State.SETTLED, Event.REJECTED),
        (State.VOIDED, Event.SETTLED),
        (State.VOIDED, Event.RETURNED),
        (State.RETURNED, Event.REJECTED),
        (State.SETTLED, Event.SENT),
        (State.VOIDED, Event.SENT),
        (State.VOIDED, Event.RESERVED),
    ):
        with pytest.raises(ConflictError, match="contradicts_end"):
            transition(state, event, deduplicates=True)


def test_every_pair_is_either_decided_or_a_conflict_and_ends_move_nothing_but_returns():
    for state, event in product(State, Event):
        try:
            following = transition(state, event, deduplicates=True)
        except ConflictError:
            continue
        if state in (State.SETTLED, State.VOIDED, State.RETURNED):
            assert following.moves == ((Move.RETURN,) if following.state is not state else ())
