"""One yuan's way through the house, from a policy's text to a receipt that anyone can check. Read this first.

Each numbered step is a row of "The way of one yuan" in the README: an action of one kernel app, and the fact that it
leaves in the ledger. The policy is `packs/mingzhou/job-retention-refund`: employers that lay off few people get back
part of last year's unemployment insurance without applying.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.spec.province import Province
from zhida.domain.process import Outcome
from zhida.domain.proofs import verify_receipt
from zhida.domain.values import Scope, SubjectKind
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases import queries as case_queries
from zhida.kernel.cases.actions.claiming import Claimant
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements import queries as entitlement_queries
from zhida.kernel.funds import queries as funds
from zhida.kernel.ledger import actions as ledger
from zhida.kernel.ledger import queries as ledger_queries
from zhida.kernel.ledger.verification import verify
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices import queries as notice_queries
from zhida.kernel.notices.records import Addressee
from zhida.kernel.registry import actions as registry

PACK = "mingzhou/job-retention-refund"
ITEM = f"{PACK}/refund"
ALL = Scope.system("spec")
REFUND_FEN = 5_688_750


@pytest.mark.django_db(transaction=True)
def test_a_policy_reaches_an_account(tmp_path: Path) -> None:
    """Text → items → everyone it fits → told → claimed → decided → granted → paid → proved."""
    province = Province.found(tmp_path, today=date(2026, 11, 16))
    publish_the_policy(province)  # 1
    firm = record_what_offices_know(province)  # 2
    screen_everybody(province, firm)  # 3
    case = tell_the_firm_and_open_its_claim(province, firm)  # 4
    confirm_with_one_tap(province, firm, case)  # 5
    let_the_rules_decide(province, case)  # 6
    expect_one_grant_and_its_order(province, firm)  # 7, 8
    settle_with_the_treasury(province, firm)  # 9
    close_and_check_the_receipt(province, case)  # 10
    assert facts_about(case) == [
        "case.opened",
        "case.submitted",
        "case.accepted",
        "case.step_finished",
        "case.step_finished",
        "case.decided",
        "notice.sent",
        "notice.sent",
        "case.closed",
    ]


def publish_the_policy(province: Province) -> None:
    """1. The pack is whole, its owner has read it, it agrees with past decisions; so it is gold."""
    assert province.publish(PACK).tier == "gold"


def record_what_offices_know(province: Province) -> str:
    """2. What four offices know of a firm, each batch under one root, joined into one snapshot; the firm's id."""
    firm = province.register_firm("明州启衡精密机械有限公司", region="990102")
    insurance = {
        "unemployment_insurance_months@2025": 12,
        "unemployment_insurance_paid_fen@2025": 9_481_250,
        "layoff_rate@2025": "0.0349",
        "insured_heads@2025": 86,
    }
    province.receive(firm, source="mingzhou-unemployment-insurance", facts=insurance)
    province.receive(firm, source="mingzhou-statistics", facts={"enterprise_size": "small"})
    province.receive(firm, source="mingzhou-market-regulation", facts={"registered_region": "990102"})
    province.receive(firm, source="mingzhou-credit", facts={"seriously_discredited": False})
    registry.build_snapshot(
        kind=SubjectKind.ORGANISATION, dictionary=province.dictionary, by=province.system, as_of=province.now
    )
    return firm


def screen_everybody(province: Province, firm: str) -> None:
    """3. Everyone against every item: the firm is entitled, and to how much."""
    run = entitlements.screen(by=province.system, as_of=province.now)
    (found,) = entitlement_queries.results_of_subject(run, firm, scope=ALL)
    assert (found.item_id, found.is_entitled, found.amount_fen) == (ITEM, True, REFUND_FEN)


def tell_the_firm_and_open_its_claim(province: Province, firm: str) -> str:
    """4. Those entitled are notified, and a claim is opened that waits for one tap; the case's id."""
    notices.send_batch(
        batch_id=province.new_id("outreach"),
        item_id=ITEM,
        template="newly_entitled",
        occasion="2026",
        item_words=province.item_words(ITEM),
        addressees=[Addressee(firm)],
        by=province.system,
        as_of=province.now,
    )
    assert len(notice_queries.inbox(scope=province.scope_of(firm), as_of=province.now)) == 1
    (case,) = cases.open_automatic(
        item_id=ITEM, claimants=[Claimant(firm, "990102")], by=province.system, as_of=province.now
    )
    return case


def confirm_with_one_tap(province: Province, firm: str, case: str) -> None:
    """5. The firm submits; nothing is asked that the state already knows."""
    cases.submit(case_id=case, by=province.agent_of(firm), as_of=province.now)


def let_the_rules_decide(province: Province, case: str) -> None:
    """6. Ten minutes to take it back, five working days of public notice, then the rules decide."""
    province.advance(case, after=timedelta(minutes=11))
    assert case_queries.case(case, scope=ALL).state == "in_review"
    province.advance(case, after=timedelta(days=8))
    decided = case_queries.case(case, scope=ALL)
    assert (decided.outcome, decided.is_automatic, decided.amount_fen) == (Outcome.GRANTED, True, REFUND_FEN)


def expect_one_grant_and_its_order(province: Province, firm: str) -> None:
    """7. and 8. Granted once, reserved on the budget line and instructed, in the same transaction as the decision."""
    (grant,) = entitlement_queries.grants_of(firm, scope=ALL)
    assert (grant.item_id, grant.amount_fen) == (ITEM, REFUND_FEN)
    line = funds.standing(province.line_of(ITEM), scope=ALL)
    assert (line.in_flight, line.paid) == (REFUND_FEN, 0)


def settle_with_the_treasury(province: Province, firm: str) -> None:
    """9. The outbox sends the order outside any transaction, the treasury answers, the books close."""
    province.pump()
    line = funds.standing(province.line_of(ITEM), scope=ALL)
    assert (line.in_flight, line.paid) == (0, REFUND_FEN)
    assert line.total == line.available + line.committed + line.in_flight + line.paid - line.returned
    assert province.treasury.paid_to(firm) == REFUND_FEN


def close_and_check_the_receipt(province: Province, case: str) -> None:
    """10. The case is closed; its receipt verifies without us, and no byte of it can be changed."""
    province.advance(case)
    assert case_queries.case(case, scope=ALL).state == "closed"
    ledger.sequence(as_of=province.now)
    ledger.seal(as_of=province.now)
    assert verify().ok
    closed = next(fact for fact in ledger_queries.entries_about(case) if fact.kind == "case.closed")
    receipt = ledger_queries.receipt(closed.id)
    assert verify_receipt(receipt).ok
    assert not verify_receipt(receipt.replace(b"granted", b"refused")).ok


def facts_about(case: str) -> list[str]:
    """Every step left its fact: their kinds, in the ledger's order."""
    return [fact.kind for fact in ledger_queries.entries_about(case)]
