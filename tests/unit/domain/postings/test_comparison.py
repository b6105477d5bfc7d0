"""Three sides of a day: each of ten kinds of anomaly is named, nothing else is, and what is unclear is left unclear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.money.reconciling import compare_day
from benchmarks.money.statements import DAY, NAMED
from zhida.domain.postings import Expected, FindingKind, Listed, Proposal, State, StatementLine, Word, compare

OURS = Expected("d1", "R1", 100, "1234", State.UNKNOWN, DAY, None, "a")
PAID = StatementLine("M1", "R1", Word.PAID, 100, "1234", DAY)
BACK = replace(PAID, treasury_reference="M2", word=Word.RETURNED, is_reversal=True)


def named(lines, *expected, listed=None, before=()):
    found = compare(lines, {each.reference: each for each in expected}, before, DAY, listed)
    return [(each.kind, each.proposal) for each in found]


@pytest.mark.parametrize("seed", [1, 2, 20260303])
def test_every_planted_anomaly_is_named_and_nothing_else(seed):
    found = compare_day(seed, payments=10_000, anomalies=500)
    assert (found["classified"], found["missed"], found["false"]) == (found["anomalies"], [], 0)
    assert set(found["kinds"]) == {str(kind) for kind in NAMED.values()}
    assert found["anomalies"] == 500


def test_parts_settle_once_all_have_moved():
    parts = [replace(PAID, amount_fen=60), replace(PAID, treasury_reference="M2", amount_fen=40)]
    assert named(parts, OURS) == [(FindingKind.SPLIT, Proposal.NONE), (FindingKind.SPLIT, Proposal.SETTLE)]
    assert named(parts[:1], OURS) == [(FindingKind.WRONG_AMOUNT, Proposal.NONE)]
    over = [parts[0], replace(parts[1], amount_fen=41)]
    assert FindingKind.SPLIT not in [kind for kind, _ in named(over, OURS)]


def test_a_merger_is_believed_only_to_one_account_and_only_when_one_sum_fits():
    second, third = (replace(OURS, id=f"d{n}", reference=f"R{n}", amount_fen=50) for n in (2, 3))
    merged = [replace(PAID, amount_fen=150)]
    settle = (FindingKind.MERGED, Proposal.SETTLE)
    assert named(merged, OURS, second) == [settle, settle]
    assert named(merged, OURS, replace(second, account="b"))[0] == (FindingKind.WRONG_AMOUNT, Proposal.NONE)
    assert [kind for kind, _ in named(merged, OURS, second, third)] == [
        FindingKind.WRONG_AMOUNT,
        FindingKind.MISSING,
        FindingKind.MISSING,
    ]
    own = [replace(PAID, reference="BANK", amount_fen=100)]
    assert [kind for kind, _ in named(own, second, third)] == [FindingKind.MERGED] * 3


def test_a_reversal_undoes_the_only_payment_and_mends_a_second():
    assert named([PAID, BACK], OURS)[-1] == (FindingKind.REVERSAL, Proposal.RETURN)
    twice = [PAID, replace(PAID, treasury_reference="M3"), BACK]
    assert named(twice, OURS)[1:] == [(FindingKind.DUPLICATE, Proposal.NONE), (FindingKind.REVERSAL, Proposal.NONE)]
    assert named([BACK], replace(OURS, state=State.SETTLED, booked_on=DAY), before={"R1"}) == [
        (FindingKind.REVERSAL, Proposal.RETURN)
    ]


def test_one_wrong_account_is_no_swap():
    other = replace(OURS, id="d2", reference="R2", account_tail="9999")
    stray = replace(PAID, account_tail="9999")
    answer = replace(PAID, treasury_reference="M2", reference="R2", account_tail="1234")
    assert [kind for kind, _ in named([stray, answer], OURS, other)] == [FindingKind.SWAPPED_ACCOUNT] * 2
    assert named([stray], OURS) == [(FindingKind.WRONG_ACCOUNT, Proposal.NONE)]


@pytest.mark.parametrize(
    ("listed", "proposal"),
    [
        (None, Proposal.RELEASE),
        ({}, Proposal.RELEASE),
        ({"R1": Listed(Word.ABSENT)}, Proposal.RELEASE),
        ({"R1": Listed(Word.PENDING, 100)}, Proposal.NONE),
        ({"R1": Listed(Word.PAID, 100)}, Proposal.NONE),
    ],
)
def test_nothing_that_the_treasury_holds_as_taken_is_released(listed, proposal):
    assert named([], OURS, listed=listed) == [(FindingKind.MISSING, proposal)]


@pytest.mark.parametrize("told", [Listed(Word.REFUSED), Listed(Word.PAID, 99), Listed(Word.ABSENT)])
def test_a_list_that_alone_differs_is_a_finding(told):
    settled = replace(OURS, state=State.SETTLED, booked_on=DAY)
    assert named([PAID], settled, listed={"R1": told}) == [(FindingKind.LIST_DIFFERS, Proposal.NONE)]
    assert named([PAID], settled, listed={"R1": Listed(Word.PAID, 100)}) == [(FindingKind.MATCHED, Proposal.NONE)]


@pytest.mark.parametrize(
    ("booked", "requested", "kind"),
    [
        (0, -1, FindingKind.LATE),
        (-1, 0, FindingKind.WRONG_DAY),
        (1, 0, FindingKind.WRONG_DAY),
        (0, 1, FindingKind.WRONG_DAY),
    ],
)
def test_late_is_told_from_a_wrong_day(booked, requested, kind):
    line = replace(PAID, booked_on=DAY + timedelta(days=booked))
    assert named([line], replace(OURS, requested_on=DAY + timedelta(days=requested))) == [(kind, Proposal.SETTLE)]
