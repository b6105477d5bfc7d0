"""Before money leaves, its rule is run once more over the facts that the grant rests on; whatever differs is held."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.guards import lifted
from tests.simulation import paying
from tests.unit.kernel.cases.conftest import BY, FIRST, SECOND, firms, in_review, published
from tests.unit.services.controls.letting_go import let_go
from zhida.domain.errors import RetryableOutside
from zhida.domain.postings import State
from zhida.domain.process import Finding, Outcome
from zhida.domain.proofs.canonical import canonical_json
from zhida.domain.values import Actor, Scope, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.actions import Decision, Found, Review
from zhida.kernel.cases.models import Freeze, Grant
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.funds import actions, queries, sending
from zhida.kernel.funds.models import Disbursement
from zhida.kernel.funds.ports import DuePayment
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls.holds import holds_open
from zhida.services.controls.lifting import Kept
from zhida.services.controls.port import Controls
from zhida.services.controls.recomputing import recompute
from zhida.services.controls.stops import StopKind, press_stop

__all__ = ["firms", "in_review", "published"]
ALL = Scope.system("test")
SYSTEM = Actor("system", "system")


@pytest.fixture
def payments(firms: list[str], in_review: Callable[..., list[str]], now: datetime) -> list[str]:
    """Two payments of one firm under items that stack, granted a day after each other, released in batches."""
    lines = []
    for number, item in enumerate((FIRST.item, SECOND.item)):
        at = now + timedelta(days=number)
        line = line_of(item)
        if line not in lines:
            paying.open_line(now, line=line)
            lines.append(line)
        (case,) = in_review(item, firms[:1])
        cases.review_many(reviews=[Review(case, 0, Finding.PASSED, {"honest": Found(True, "")})], by=BY, as_of=at)
        cases.decide_many(decisions=[Decision(case, Outcome.GRANTED)], by=BY, as_of=at)
        cases.advance_due(by=SYSTEM, as_of=at)
    ids = list(Disbursement.objects.order_by("pk").values_list("pk", flat=True))
    for each in ids:
        batch_id = new_id("batch")
        digest = actions.prepare_batch(batch_id=batch_id, disbursement_ids=[each], by=paying.MAKER, as_of=now)
        actions.check_batch(batch_id=batch_id, digest=digest, by=paying.CHECKER, as_of=now)
        actions.release_batch(batch_id=batch_id, digest=digest, by=paying.RELEASER, as_of=now)
    return ids


def line_of(item: str) -> str:
    return catalogue.item(item, as_of=datetime.fromisoformat("2026-03-03T02:00:00+00:00")).item.budget_line


def send(ids, treasury, now):
    later = now + timedelta(days=3)  # the account is no longer young
    return sending.send(ids, treasury=treasury, payees=paying.OpenPayees(), by=paying.TREASURY, as_of=later)


@pytest.fixture(autouse=True)
def _as_in_life(settings):
    """Only what was granted is paid, and only to its subject's own account."""
    settings.ZHIDA_PAYS_ONLY_GRANTS = True


def test_what_the_rules_give_again_is_paid(payments, treasury, now):
    grants = [queries.disbursement(each, scope=ALL).grant_id for each in payments]
    again = recompute(grants)
    for each, grant in zip(payments, grants, strict=True):
        amount = queries.disbursement(each, scope=ALL).amount_fen
        assert (again[grant].amount_fen, again[grant].is_untouched) == (amount, True)
        freeze = Freeze.objects.get(moment="payment", case_id=Grant.objects.get(entitlement_id=grant).case_id)
        assert ledger.first_facts("entitlement.granted", [grant])[grant].fields["inputs"] == freeze.digest
    send(payments, treasury, now)
    assert [row.reason for row in holds_open() if row.reason != "first_payment_to_account"] == []


def test_a_sum_raised_everywhere_but_in_the_facts_is_held_and_both_are_named(payments, treasury, now):
    """Whoever can write to the database raises grant and payment alike: the rule does not give it."""
    row = Disbursement.objects.get(pk=payments[0])
    paid = row.amount_fen
    with lifted():
        Entitlement.objects.filter(pk=row.grant_id).update(amount_fen=paid - 1)
    Disbursement.objects.filter(pk=row.id).update(amount_fen=paid - 1)
    with pytest.raises(RetryableOutside):
        send(payments[:1], treasury, now)
    (held,) = [each for each in holds_open() if each.reason == "rule_differs"]
    revision = Entitlement.objects.get(pk=row.grant_id).revision_id
    assert str(paid - 1) in held.detail
    assert revision in held.detail
    assert f"{paid} fen by" in held.detail
    assert treasury.calls == 0


@pytest.mark.parametrize("with_digest", [False, True])
def test_facts_that_were_altered_are_held(payments, treasury, now, with_digest):
    row = Disbursement.objects.get(pk=payments[0])
    case_id = Grant.objects.get(entitlement_id=row.grant_id).case_id
    freeze = Freeze.objects.get(moment="payment", case_id=case_id)
    freeze.facts["wages_fen"]["value"] += 1
    whole = {"facts": freeze.facts, "assessment": freeze.assessment, "on": freeze.as_of_on.isoformat()}
    freeze.digest = hashlib.sha256(canonical_json(whole)).hexdigest() if with_digest else freeze.digest
    freeze.save()
    with pytest.raises(RetryableOutside):
        send(payments[:1], treasury, now)
    assert "inputs_altered" in {each.reason for each in holds_open()}
    assert treasury.calls == 0


def test_facts_that_were_removed_are_missed(payments, treasury, now):
    row = Disbursement.objects.get(pk=payments[0])
    Freeze.objects.filter(moment="payment", case_id=Grant.objects.get(entitlement_id=row.grant_id).case_id).delete()
    with pytest.raises(RetryableOutside):
        send(payments[:1], treasury, now)
    assert "inputs_altered" in {each.reason for each in holds_open()}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"grant_id": "grant_of_nobody"}, "not_granted"),
        ({"account_ref": "account_of_somebody_else"}, "account_superseded"),
        ({"subject_id": "subject_else"}, "payee_differs"),
    ],
)
def test_what_nobody_granted_or_another_would_get_is_held(payments, treasury, now, changes, reason):
    Disbursement.objects.filter(pk=payments[0]).update(**changes)
    with pytest.raises(RetryableOutside):
        send(payments[:1], treasury, now)
    assert reason in {each.reason for each in holds_open()}
    assert treasury.calls == 0


def test_the_part_of_a_set_off_never_goes_and_is_not_held(db, now):
    paying.open_line(now)
    part = DuePayment("disbursement_1", "setoff_1", "subject_1", "", paying.LINE, "", 100)
    Controls(list).examine([part], as_of=now)
    assert holds_open() == ()
    Controls(list).examine([replace(part, account_ref="account_1")], as_of=now)
    assert {each.reason for each in holds_open()} == {"not_granted", "account_superseded"}


@pytest.mark.parametrize(("kind", "key"), [(StopKind.POLICY, FIRST.id), (StopKind.ITEM, FIRST.item)])
def test_a_policy_and_an_item_are_stopped_and_no_other(payments, treasury, now, kind, key):
    stop_id = new_id("stop")
    press_stop(stop_id=stop_id, kind=kind, key=key, reason="drill", by=paying.OPERATOR, as_of=now)
    with pytest.raises(RetryableOutside):
        send(payments, treasury, now)
    states = {
        queries.disbursement(each, scope=ALL).line: queries.disbursement(each, scope=ALL).state for each in payments
    }
    assert states == {line_of(FIRST.item): State.INSTRUCTED, line_of(SECOND.item): State.SETTLED}
    let_go(Kept.STOP, stop_id, now)
    send(payments, treasury, now)
    assert {one.state for one in queries.disbursements_by_id(payments, scope=ALL)} == {State.SETTLED}
