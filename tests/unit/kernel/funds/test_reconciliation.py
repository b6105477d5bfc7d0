"""A day's statement against our books: each anomaly is named for what it is, and nothing moves but by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.simulation.paying import CHECKER, LINE, OPERATOR, TREASURY, instructed, reserved
from zhida.adapters.treasury.simulator.faults import Fault, Faults
from zhida.domain.errors import AccessError, ConflictError, RetryableOutside
from zhida.domain.postings import FindingKind, Proposal, State, StatementLine, Word
from zhida.domain.values import Scope, local_date, new_id
from zhida.kernel.funds import actions, queries, sending

ALL = Scope.system("test")
DAY = date(2026, 3, 3)


class Lost(Faults):
    """Every reply to a payment is lost."""

    def draw(self, key: str, *, is_paying: bool) -> Fault:
        return Fault.LOST_REPLY if is_paying else Fault.NONE


@pytest.fixture
def paid(system, treasury, payees, now) -> list[str]:
    """Three payments made and settled."""
    ids = instructed(system, now, 100, 200, 300)
    sending.send(ids, treasury=treasury, payees=payees, by=TREASURY, as_of=now)
    return ids


def reconcile(now, lines, day=DAY):
    return actions.reconcile(reconciliation_id=new_id("reconcile"), day=day, lines=lines, by=OPERATOR, as_of=now)


def test_a_clean_day_is_clean(paid, treasury, now):
    report = reconcile(now, treasury.statement(DAY))
    assert (report.lines, report.net_fen, report.counts) == (3, 600, {FindingKind.MATCHED: 3})
    assert queries.findings() == ()


def test_each_anomaly_is_named(paid, treasury, now):
    first, second, third = treasury.statement(DAY)
    stray = replace(first, reference="NOT-OURS", treasury_reference="M9")
    lines = [
        first,
        replace(first, treasury_reference="M8"),
        replace(second, amount_fen=second.amount_fen + 1),
        replace(third, account_tail="0001"),
        stray,
    ]
    assert reconcile(now, lines).counts == {
        FindingKind.MATCHED: 1,
        FindingKind.DUPLICATE: 1,
        FindingKind.WRONG_AMOUNT: 1,
        FindingKind.WRONG_ACCOUNT: 1,
        FindingKind.EXTRA: 1,
    }
    assert all(finding.proposal is Proposal.NONE for finding in queries.findings())
    assert queries.standing(LINE, scope=ALL).paid == 600


def test_what_a_statement_lacks_is_missing(paid, treasury, now):
    report = reconcile(now, treasury.statement(DAY)[1:])
    assert report.counts == {FindingKind.MATCHED: 2, FindingKind.MISSING: 1}


def test_a_payment_of_an_earlier_day_is_a_duplicate_on_the_next(paid, treasury, now):
    lines = treasury.statement(DAY)
    reconcile(now, lines)
    again = replace(lines[0], treasury_reference="M7", booked_on=DAY + timedelta(days=1))
    report = reconcile(now + timedelta(days=1), [again], day=DAY + timedelta(days=1))
    assert report.counts == {FindingKind.DUPLICATE: 1}


def test_the_same_statement_twice_finds_nothing_twice(paid, treasury, now):
    lines = [*treasury.statement(DAY)[1:], StatementLine("M9", "NOT-OURS", Word.PAID, 5, "1234", DAY)]
    reconcile(now, lines)
    before = [(finding.kind, finding.reference) for finding in queries.findings()]
    reconcile(now, lines)
    assert [(finding.kind, finding.reference) for finding in queries.findings()] == before


def test_the_statement_settles_what_nobody_answered_by_a_persons_act(system, treasury, payees, now):
    treasury.faults = Lost()
    ids = instructed(system, now, 100)
    with pytest.raises(RetryableOutside):
        sending.send(ids, treasury=treasury, payees=payees, by=TREASURY, as_of=now)
    assert reconcile(now, treasury.statement(DAY)).counts == {FindingKind.UNSETTLED: 1}
    assert queries.disbursement(ids[0], scope=ALL).state is State.UNKNOWN
    (finding,) = queries.findings()
    with pytest.raises(AccessError):
        actions.apply_finding(finding_id=finding.id, note="", by=OPERATOR, as_of=now)
    outcome = actions.apply_finding(finding_id=finding.id, note="", by=CHECKER, as_of=now)
    assert outcome.state is State.SETTLED
    with pytest.raises(ConflictError, match="finding_closed"):
        actions.apply_finding(finding_id=finding.id, note="", by=CHECKER, as_of=now)


def test_the_statement_releases_what_never_was_paid_by_a_persons_act(system, treasury, payees, now):
    treasury.book.deduplicates = False
    ids = instructed(system, now, 100)
    refs = {queries.disbursement(ids[0], scope=ALL).account_ref}
    actions.mark_sent(disbursement_ids=ids, payees=payees.payees(refs), deduplicates=False, by=TREASURY, as_of=now)
    assert reconcile(now, treasury.statement(DAY)).counts == {FindingKind.MISSING: 1}
    (finding,) = queries.findings()
    assert finding.proposal is Proposal.RELEASE
    outcome = actions.apply_finding(finding_id=finding.id, note="bank says no", by=CHECKER, as_of=now)
    assert (outcome.state, outcome.reason) == (State.VOIDED, "absent_from_statement")
    assert queries.standing(LINE, scope=ALL).available == 1_000_000


def test_money_that_came_back_is_returned_by_a_persons_act(paid, treasury, now):
    reference = queries.disbursement(paid[0], scope=ALL).reference
    treasury.book.send_back(reference, "account_closed", "2026-03-04")
    following = now + timedelta(days=1)
    report = reconcile(following, treasury.statement(local_date(following)), day=local_date(following))
    assert (report.counts, report.net_fen) == ({FindingKind.RETURNED: 1}, -100)
    (finding,) = queries.findings()
    outcome = actions.apply_finding(finding_id=finding.id, note="", by=CHECKER, as_of=following)
    assert outcome.state is State.RETURNED


def test_a_payment_after_a_void_is_a_contradiction(system, now):
    (first,) = instructed(system, now, 100)
    actions.void(disbursement_id=first, reason="stopped", by=OPERATOR, as_of=now)
    reference = queries.disbursement(first, scope=ALL).reference
    report = reconcile(now, [StatementLine("M1", reference, Word.PAID, 100, "1234", DAY)])
    assert report.counts == {FindingKind.CONTRADICTION: 1}


def test_money_for_what_was_never_instructed_is_extra(system, now):
    (first,) = reserved(system, now, 100)
    reference = queries.disbursement(first, scope=ALL).reference
    report = reconcile(now, [StatementLine("M1", reference, Word.PAID, 100, "1234", DAY)])
    assert report.counts == {FindingKind.EXTRA: 1}


def test_a_dismissal_says_why_and_closes(paid, treasury, now):
    reconcile(now, [*treasury.statement(DAY), StatementLine("M9", "NOT-OURS", Word.PAID, 5, "1234", DAY)])
    (finding,) = queries.findings()
    with pytest.raises(ConflictError, match="dismissed_without_note"):
        actions.dismiss_finding(finding_id=finding.id, note="", by=CHECKER, as_of=now)
    with pytest.raises(ConflictError, match="nothing_proposed"):
        actions.apply_finding(finding_id=finding.id, note="", by=CHECKER, as_of=now)
    actions.dismiss_finding(finding_id=finding.id, note="another system's", by=CHECKER, as_of=now)
    assert queries.findings() == ()
    (closed,) = [each for each in queries.findings(is_open=False) if each.kind is FindingKind.EXTRA]
    assert (closed.resolution, closed.note) == ("dismissed", "another system's")
