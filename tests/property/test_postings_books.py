"""Random movements and random disbursements: the books balance after every posting and no figure is ever negative."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhida.domain.errors import ConflictError
from zhida.domain.postings import Event, Kind, Move, Standing, State, balances, move_all, post, transition

AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
LINE = "line_1"
MOVES = st.lists(st.tuples(st.sampled_from(list(Move)), st.integers(1, 50)), max_size=60)


@given(MOVES)
def test_random_movements_keep_the_identity(steps):
    standing, postings = Standing(LINE), []
    standing = standing.after(post(standing, Move.ALLOCATE, posting_id="p", amount_fen=100, at=AT, why="w"))
    postings.append(post(Standing(LINE), Move.ALLOCATE, posting_id="p", amount_fen=100, at=AT, why="w"))
    for move, fen in steps:
        try:
            posting = post(standing, move, posting_id=f"p{len(postings)}", amount_fen=fen, at=AT, why="w")
        except ConflictError:
            assert standing.limit(move) is not None
            assert fen > standing.limit(move)
            continue
        postings.append(posting)
        standing = standing.after(posting)
        sums = balances(postings)
        assert sum(sums.values()) == 0
        assert Standing.of(LINE, sums) == standing
        held = {kind: sums.get(f"{kind}:{LINE}", 0) for kind in Kind}
        assert standing.total == (
            held[Kind.AVAILABLE] + held[Kind.COMMITTED] + held[Kind.IN_FLIGHT] + standing.paid - standing.returned
        )
        assert min(held[kind] for kind in (Kind.AVAILABLE, Kind.COMMITTED, Kind.IN_FLIGHT, Kind.PAID)) >= 0


@given(st.sampled_from(list(Move)), st.lists(st.integers(1, 50), max_size=20))
def test_many_movements_at_once_leave_what_one_after_the_other_leaves(move, amounts):
    begun = Standing(LINE, total=400, available=100, committed=100, in_flight=100, paid=200, returned=100)
    after = begun
    try:
        for fen in amounts:
            after = after.after(post(after, move, posting_id="p", amount_fen=fen, at=AT, why="w"))
    except ConflictError as error:
        with pytest.raises(ConflictError, match=error.code):
            move_all(begun, move, amounts)
    else:
        assert move_all(begun, move, amounts) == after


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(list(Event)), st.booleans()), max_size=80),
)
def test_random_lives_of_disbursements_agree_with_the_line(amounts, events):
    """What the states say is committed, in flight and with payees is what the books of their line say."""
    standing = Standing(LINE, total=100, available=100)
    states = [State.PLANNED] * len(amounts)
    for chosen, event, deduplicates in events:
        number = chosen % len(amounts)
        try:
            state, moves = transition(states[number], event, deduplicates=deduplicates)
            after = standing
            for move in moves:
                after = after.after(post(after, move, posting_id="p", amount_fen=amounts[number], at=AT, why="w"))
        except ConflictError:
            continue
        states[number], standing = state, after
        in_states = {
            state: sum(fen for fen, held in zip(amounts, states, strict=True) if held is state) for state in State
        }
        assert standing.committed == in_states[State.RESERVED]
        assert standing.in_flight == in_states[State.INSTRUCTED] + in_states[State.UNKNOWN]
        assert standing.paid - standing.returned == in_states[State.SETTLED]
        assert standing.returned == in_states[State.RETURNED]
