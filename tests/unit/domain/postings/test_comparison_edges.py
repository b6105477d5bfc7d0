"""The edges of comparing a day: how far a merger is believed, what is due, which reversal is whole, what is no swap."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.money.statements import DAY
from tests.unit.domain.postings.test_comparison import BACK, OURS, PAID, named
from zhida.domain.postings import FindingKind, Proposal, State, Word

ABSENT = [replace(OURS, id=f"d{n}", reference=f"R{n}", amount_fen=2**n) for n in range(2, 40)]


def kinds(lines, *expected):
    return [kind for kind, _ in named(lines, *expected)]


@pytest.mark.parametrize(("others", "is_merged"), [(4, True), (5, False)])
def test_a_merger_is_believed_of_five_together_and_no_more(others, is_merged):
    partners = ABSENT[:others]
    line = replace(PAID, amount_fen=100 + sum(each.amount_fen for each in partners))
    found = kinds([line], OURS, *partners)
    assert (found == [FindingKind.MERGED] * (others + 1)) is is_merged
    assert is_merged or found == [FindingKind.WRONG_AMOUNT, *[FindingKind.MISSING] * others]


@pytest.mark.parametrize(("others", "is_merged"), [(1, False), (2, True), (4, True), (5, False)])
def test_a_sum_that_names_nobody_merges_two_to_four(others, is_merged):
    partners = ABSENT[:others]
    line = replace(PAID, reference="BANK", amount_fen=sum(each.amount_fen for each in partners))
    assert (kinds([line], *partners)[0] is FindingKind.MERGED) is is_merged


@pytest.mark.parametrize(("place", "is_merged"), [(23, True), (24, False)])
def test_a_merger_is_looked_for_among_the_first_24_of_an_account(place, is_merged):
    line = replace(PAID, amount_fen=100 + ABSENT[place].amount_fen)
    assert (kinds([line], OURS, *ABSENT[:30])[0] is FindingKind.MERGED) is is_merged


def test_a_second_payment_and_a_strange_account_merge_nothing():
    other = replace(OURS, id="d2", reference="R2", amount_fen=50)
    second = replace(PAID, treasury_reference="M2", amount_fen=150)
    assert kinds([PAID, second], OURS, other) == [FindingKind.MATCHED if OURS.state is State.SETTLED
                                                  else FindingKind.UNSETTLED, FindingKind.DUPLICATE,
                                                  FindingKind.MISSING]  # fmt: skip
    strange = replace(PAID, amount_fen=150, account_tail="9999")
    assert kinds([strange], OURS, other) == [FindingKind.WRONG_AMOUNT, FindingKind.MISSING]


def test_a_part_to_another_account_is_no_split():
    parts = [replace(PAID, amount_fen=60), replace(PAID, treasury_reference="M2", amount_fen=40, account_tail="9999")]
    assert FindingKind.SPLIT not in kinds(parts, OURS)
    assert kinds(parts, replace(OURS, account_tail="")) == [FindingKind.SPLIT] * 2


def test_two_payments_of_different_sums_were_not_swapped():
    other = replace(OURS, id="d2", reference="R2", account_tail="9999", amount_fen=70)
    there = replace(PAID, account_tail="9999")
    here = replace(PAID, treasury_reference="M2", reference="R2", account_tail="1234", amount_fen=71)
    assert kinds([there, here], OURS, other) == [FindingKind.WRONG_ACCOUNT, FindingKind.WRONG_AMOUNT]


@pytest.mark.parametrize("state", [State.UNKNOWN, State.SETTLED])
def test_a_reversal_of_a_part_undoes_nothing(state):
    ours = replace(OURS, state=state, booked_on=DAY)
    assert named([PAID, replace(BACK, amount_fen=60)], ours)[-1] == (FindingKind.REVERSAL, Proposal.NONE)
    assert named([PAID, BACK], ours)[-1] == (FindingKind.REVERSAL, Proposal.RETURN)


@pytest.mark.parametrize("state", [State.RETURNED, State.VOIDED])
def test_a_reversal_of_what_has_ended_undoes_nothing(state):
    assert named([PAID, BACK], replace(OURS, state=state, booked_on=DAY))[-1] == (FindingKind.REVERSAL, Proposal.NONE)


@pytest.mark.parametrize(("state", "proposal"), [(State.SETTLED, Proposal.RETURN), (State.RETURNED, Proposal.NONE)])
def test_a_return_dated_another_day_is_taken_in_once(state, proposal):
    ours = replace(OURS, state=state, booked_on=DAY - timedelta(days=2))
    line = replace(BACK, is_reversal=False, word=Word.RETURNED, booked_on=DAY - timedelta(days=1))
    assert named([line], ours, before={"R1"}) == [(FindingKind.WRONG_DAY, proposal)]
    today = replace(line, booked_on=DAY)
    expected = FindingKind.MATCHED if state is State.RETURNED else FindingKind.RETURNED
    assert named([today], ours, before={"R1"})[0][0] is expected


@pytest.mark.parametrize(
    ("change", "is_due"),
    [
        ({}, True),
        ({"requested_on": DAY - timedelta(days=9)}, True),
        ({"requested_on": DAY + timedelta(days=1)}, False),
        ({"requested_on": None}, False),
        ({"state": State.INSTRUCTED}, False),
        ({"state": State.SETTLED, "booked_on": DAY}, True),
        ({"state": State.SETTLED, "booked_on": DAY - timedelta(days=1)}, False),
    ],
)
def test_what_a_day_owes(change, is_due):
    assert kinds([], replace(OURS, **change)) == [FindingKind.MISSING] * is_due
