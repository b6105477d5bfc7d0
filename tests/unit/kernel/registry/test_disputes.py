"""A fact disputed: it reaches the office that owns it, the answer is in force at once, and nobody answers twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from zhida.domain.errors import AccessError, ApplicantError, ConflictError, ZhidaError
from zhida.domain.values import Actor, FactKey, Scope, new_id
from zhida.kernel.accounts.actions import open_account
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.offices import actions as offices
from zhida.kernel.registry import actions, queries
from zhida.kernel.registry.disputes import DisputeRecord, disputes_at, disputes_of

KEY = "revenue_fen@2025"
ALL = Scope.system("screening")


@pytest.fixture
def clerk(firms: tuple[str, ...], actor: Actor, now: datetime) -> Actor:
    """Somebody with a duty at the tax office."""
    offices.load_regions(regions=[offices.NewRegion("990000", "明州")], by=actor, as_of=now)
    names = [offices.NewOffice(name, "990000", name) for name in ("tax", "credit")]
    offices.load_offices(offices=names, by=actor, as_of=now)
    account = open_account(login_name="clerk", as_of=now)
    offices.appoint(account_id=account, office_id="tax", role="reviewer", by=actor, as_of=now)
    return Actor(account, "reviewer", office="tax")


@pytest.fixture
def disputed(firms: tuple[str, ...], now: datetime) -> str:
    """The first firm disputes its revenue."""
    return raise_one(firms[0], now)


def raise_one(firm: str, now: datetime, key: str = KEY, reason: str = "少算了一笔", claimed: str = "52 元") -> str:
    dispute, by = new_id("dispute"), Actor("owner", "agent", subject=firm)
    actions.dispute_fact(dispute_id=dispute, subject_id=firm, key=key, reason=reason, claimed=claimed, by=by, as_of=now)
    return dispute


def of(firm: str) -> DisputeRecord:
    return disputes_of(firm, scope=ALL)[KEY]


def test_it_waits_for_the_office_that_owns_the_fact(disputed: str, firms: tuple[str, ...]) -> None:
    (waiting,) = disputes_at(["tax"], is_open=True)
    assert (waiting.id, waiting.subject_name, waiting.claimed, waiting.is_open) == (
        disputed,
        "云岚0号厂",
        "52 元",
        True,
    )
    assert disputes_at(["credit"], is_open=True) == ()
    assert disputes_of(firms[0], scope=Scope.own(frozenset({firms[1]}), "own")) == {}
    fact = ledger.entries_about(firms[0])[-1]
    assert (fact.kind, fact.fields["office"]) == ("fact.disputed", "tax")
    assert "少算了一笔" not in str(fact.fields)


def test_a_correction_is_in_force_at_once(disputed: str, firms: tuple[str, ...], clerk: Actor, now: datetime) -> None:
    answer = {"dispute_id": disputed, "answer": "已核对申报表", "by": clerk, "as_of": now}
    actions.answer_dispute(outcome="corrected", value=5200, **answer)
    found = queries.facts_of(firms[0], scope=ALL, as_of=now + timedelta(minutes=1)).get(FactKey.parse(KEY))
    assert found is not None
    assert (found.value, found.source) == (5200, "tax")
    assert (of(firms[0]).state, of(firms[0]).answer) == ("corrected", "已核对申报表")
    assert disputes_at(["tax"], is_open=True) == ()
    assert [one.id for one in disputes_at(["tax"], is_open=False)] == [disputed]
    kinds = [fact.kind for fact in ledger.entries_about(firms[0])]
    assert kinds[-2:] == ["attribute.recorded", "fact.dispute_answered"]
    with pytest.raises(ConflictError, match="no_open_dispute"):
        actions.answer_dispute(outcome="upheld", **answer)


def test_a_suspended_fact_is_unknown(disputed: str, firms: tuple[str, ...], clerk: Actor, now: datetime) -> None:
    actions.answer_dispute(dispute_id=disputed, outcome="suspended", answer="等重报", by=clerk, as_of=now)
    assert queries.facts_of(firms[0], scope=ALL, as_of=now).get(FactKey.parse(KEY)) is None


def test_what_was_upheld_may_be_disputed_again(
    disputed: str, firms: tuple[str, ...], clerk: Actor, now: datetime
) -> None:
    with pytest.raises(ConflictError, match="already_disputed"):
        raise_one(firms[0], now)
    actions.answer_dispute(dispute_id=disputed, outcome="upheld", answer="与申报一致", by=clerk, as_of=now)
    again = raise_one(firms[0], now + timedelta(days=1))
    assert of(firms[0]).id == again


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answer": "  "}, "answer_incomplete"),
        ({"outcome": "maybe"}, "answer_incomplete"),
        ({"outcome": "corrected"}, "no_value"),
        ({"outcome": "corrected", "value": "many"}, "wrong_type"),
        ({"by": Actor("stranger", "reviewer", office="tax")}, "duty_not_held"),
    ],
)
def test_what_is_no_answer(disputed: str, clerk: Actor, now: datetime, change: dict[str, object], code: str) -> None:
    whole = {"dispute_id": disputed, "outcome": "upheld", "answer": "核对无误", "by": clerk, "as_of": now}
    with pytest.raises(ZhidaError, match=code):
        actions.answer_dispute(**{**whole, **change})
    assert [one.id for one in disputes_at(["tax"], is_open=True)] == [disputed]


def test_who_owns_another_fact_cannot_answer(disputed: str, clerk: Actor, actor: Actor, now: datetime) -> None:
    account = open_account(login_name="other", as_of=now)
    offices.appoint(account_id=account, office_id="credit", role="reviewer", by=actor, as_of=now)
    by = Actor(account, "reviewer", office="credit")
    with pytest.raises(AccessError, match="duty_not_held"):
        actions.answer_dispute(dispute_id=disputed, outcome="upheld", answer="不归我管", by=by, as_of=now)


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"reason": " "}, ApplicantError, "dispute_reason"),
        ({"reason": "长" * 1001}, ApplicantError, "dispute_reason"),
        ({"claimed": "长" * 201}, ApplicantError, "dispute_claim"),
        ({"key": "shoe_size"}, ConflictError, "unknown_attribute"),
        ({"key": "revenue_fen"}, ConflictError, "wrong_period"),
    ],
)
def test_what_is_no_dispute(
    firms: tuple[str, ...], now: datetime, change: dict[str, str], error: type[Exception], code: str
) -> None:
    with pytest.raises(error, match=code):
        raise_one(firms[0], now, **change)


def test_nobody_disputes_for_another(firms: tuple[str, ...], now: datetime) -> None:
    by = Actor("owner", "agent", subject=firms[1])
    with pytest.raises(AccessError, match="not_your_fact"):
        actions.dispute_fact(dispute_id="dispute_1", subject_id=firms[0], key=KEY, reason="不对", by=by, as_of=now)
