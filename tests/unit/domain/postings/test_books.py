"""One line's money from allocation to recovery, each refusal, and what a posting and a standing never accept."""

from datetime import UTC, datetime

import pytest

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.postings import Kind, Move, Posting, Standing, account, balances, kind_and_line, post

AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
LINE = "line_1"


def made(*steps) -> tuple[Standing, list[Posting]]:
    """The standing and the postings after (move, fen) steps from an empty line."""
    standing, postings = Standing(LINE), []
    for number, (move, fen) in enumerate(steps):
        posting = post(standing, move, posting_id=f"posting_{number}", amount_fen=fen, at=AT, why="disbursement_1")
        standing = standing.after(posting)
        postings.append(posting)
    return standing, postings


def test_money_walks_the_chain_and_what_comes_back_can_be_spent_again():
    steps = [
        (Move.ALLOCATE, 1000, Standing(LINE, 1000, 1000)),
        (Move.RESERVE, 300, Standing(LINE, 1000, 700, 300)),
        (Move.INSTRUCT, 300, Standing(LINE, 1000, 700, 0, 300)),
        (Move.SETTLE, 300, Standing(LINE, 1000, 700, 0, 0, 300)),
        (Move.RETURN, 300, Standing(LINE, 1000, 1000, 0, 0, 300, 300)),
        (Move.RESERVE, 1000, Standing(LINE, 1000, 0, 1000, 0, 300, 300)),
        (Move.CANCEL, 400, Standing(LINE, 1000, 400, 600, 0, 300, 300)),
        (Move.INSTRUCT, 600, Standing(LINE, 1000, 400, 0, 600, 300, 300)),
        (Move.VOID, 100, Standing(LINE, 1000, 500, 0, 500, 300, 300)),
        (Move.SETTLE, 500, Standing(LINE, 1000, 500, 0, 0, 800, 300)),
        (Move.RECOVER, 50, Standing(LINE, 1000, 550, 0, 0, 800, 350)),
        (Move.CURTAIL, 550, Standing(LINE, 450, 0, 0, 0, 800, 350)),
    ]
    for count, (_, _, expected) in enumerate(steps, 1):
        standing, postings = made(*((move, fen) for move, fen, _ in steps[:count]))
        assert standing == expected
        assert Standing.of(LINE, balances(postings)) == expected
        assert sum(balances(postings).values()) == 0


def test_returned_and_recovered_stay_apart_in_the_books():
    paid = [(move, 100) for move in (Move.ALLOCATE, Move.RESERVE, Move.INSTRUCT, Move.SETTLE)]
    _, postings = made(*paid, (Move.RETURN, 30), (Move.RECOVER, 20))
    sums = balances(postings)
    assert (sums["returned:line_1"], sums["recovered:line_1"]) == (-30, -20)


@pytest.mark.parametrize(
    ("move", "code"),
    [
        (Move.CURTAIL, "line_holds_too_little"),
        (Move.RESERVE, "over_committed"),
        (Move.CANCEL, "line_holds_too_little"),
        (Move.INSTRUCT, "line_holds_too_little"),
        (Move.SETTLE, "line_holds_too_little"),
        (Move.VOID, "line_holds_too_little"),
        (Move.RETURN, "line_holds_too_little"),
        (Move.RECOVER, "line_holds_too_little"),
    ],
)
def test_a_line_never_moves_more_than_it_holds(move, code):
    standing = Standing(LINE, total=100, available=10, committed=10, in_flight=10, paid=75, returned=5)
    limit = 70 if move in (Move.RETURN, Move.RECOVER) else 10
    at_limit = post(standing, move, posting_id="posting_1", amount_fen=limit, at=AT, why="case_1")
    assert standing.after(at_limit).total in (90, 100)
    with pytest.raises(ConflictError) as refused:
        post(standing, move, posting_id="posting_1", amount_fen=limit + 1, at=AT, why="case_1")
    assert refused.value.code == code


@pytest.mark.parametrize("amount", [0, -1, 1.0, True, "1", None])
def test_amounts_are_positive_integers_of_fen(amount):
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        post(Standing(LINE), Move.ALLOCATE, posting_id="posting_1", amount_fen=amount, at=AT, why="case_1")
    with pytest.raises(InvariantBroken, match="malformed_amount"):
        Posting("posting_1", "available:a", "budget:a", amount, AT, "case_1")


@pytest.mark.parametrize(
    "change",
    [
        {"debit": "available"},
        {"debit": "available:"},
        {"debit": "spent:a"},
        {"debit": "budget:a"},
        {"debit": "available:b"},
        {"id": ""},
        {"why": ""},
        {"at": datetime(2026, 3, 3)},
    ],
)
def test_malformed_postings_are_refused(change):
    sound = {"id": "p", "debit": "available:a", "credit": "budget:a", "amount_fen": 1, "at": AT, "why": "case_1"}
    assert Posting(**sound).line == "a"
    with pytest.raises(InvariantBroken, match=r"malformed|naive"):
        Posting(**sound | change)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        ({"total": 1}, "books_do_not_balance"),
        ({"total": 1, "available": 2, "committed": -1}, "negative_balance"),
        ({"total": 0, "available": 1, "returned": 1}, "negative_balance"),
        ({"total": -1, "available": -1}, "negative_balance"),
    ],
)
def test_a_standing_that_cannot_be_is_refused(figures, code):
    with pytest.raises(InvariantBroken, match=code):
        Standing(LINE, **figures)


def test_a_posting_belongs_to_its_line():
    posting = Posting("posting_1", "available:other", "budget:other", 1, AT, "case_1")
    with pytest.raises(InvariantBroken, match="wrong_line"):
        Standing(LINE).after(posting)


def test_account_names():
    assert [kind_and_line(account(kind, "a:b")) for kind in Kind] == [(kind, "a:b") for kind in Kind]
    with pytest.raises(InvariantBroken, match="malformed_account"):
        account(Kind.PAID, "")
