"""Issuing, checking with and without the database, revoking, replacing, and composite licences."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from zhida.domain.credentials.disclosures import present
from zhida.domain.credentials.encoding import Malformed
from zhida.domain.credentials.signatures import sign_claims
from zhida.domain.credentials.status_lists import LIST_SIZE, is_set, pack, read_list, sign_list
from zhida.domain.credentials.verdicts import Standing, judge
from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.values import CHINA, Actor, Scope, Span, new_id
from zhida.kernel.credentials import actions, queries
from zhida.kernel.credentials.models import Component, Credential, StatusList
from zhida.kernel.ledger import queries as ledger

ALL = Scope.system("test")
BY = Actor(new_id("account"), "reviewer", office="office-market")
VALID = Span(date(2026, 3, 1), date(2027, 3, 1))
HOLDER = new_id("subject")

pytestmark = pytest.mark.django_db


def issue(now, **more):
    fields = {
        "credential_id": new_id("credential"),
        "case_id": new_id("case"),
        "subject_id": HOLDER,
        "kind": "catering-licence",
        "claims": {"name": "某某餐饮店"},
        "hidden": {"manager": "张三"},
        "valid": VALID,
        **more,
    }
    return fields["credential_id"], actions.issue(by=BY, as_of=now, **fields)


def test_a_licence_is_issued_and_checked(issuer, now):
    credential_id, token = issue(now)
    verdict = queries.verify(token, as_of=now)
    assert (verdict.standing, verdict.credential_id, verdict.is_whole) == (Standing.VALID, credential_id, True)
    assert (verdict.claims["name"], verdict.claims["manager"]) == ("某某餐饮店", "张三")
    assert "manager" not in queries.verify(present(token, ()), as_of=now).claims
    (fact,) = ledger.entries_about(credential_id)
    assert (fact.kind, fact.fields["valid"]) == ("credential.issued", "2026-03-01/2027-03-01")
    assert "张三" not in str(fact.fields)


def test_without_a_database_a_status_list_tells_of_a_revocation(issuer, now):
    credential_id, token = issue(now)
    other_id, other = issue(now)
    known = {"issuer": issuer.address, "keys": issuer.public_keys(), "as_of": now}
    assert judge(token, **known).standing is Standing.UNCHECKED
    assert judge(token, **known, status_list=queries.status_list(1, as_of=now)).standing is Standing.VALID
    actions.revoke(credential_id=credential_id, reason="closed", by=BY, as_of=now)
    copy = queries.status_list(1, as_of=now)
    assert judge(token, **known, status_list=copy).standing is Standing.REVOKED
    assert judge(other, **known, status_list=copy).standing is Standing.VALID
    stale = {**known, "as_of": now + timedelta(days=1)}
    assert judge(other, **stale, status_list=copy).standing is Standing.MALFORMED
    assert queries.verify(other, as_of=now).credential_id == other_id


@pytest.mark.parametrize(
    ("moment", "standing"),
    [
        (datetime(2026, 2, 28, 23, 59, 59, tzinfo=CHINA), Standing.NOT_YET_VALID),
        (datetime(2026, 3, 1, tzinfo=CHINA), Standing.VALID),
        (datetime(2027, 2, 28, 23, 59, 59, tzinfo=CHINA), Standing.VALID),
        (datetime(2027, 3, 1, tzinfo=CHINA), Standing.EXPIRED),
    ],
)
def test_days_begin_and_end_at_midnight_in_china(issuer, now, moment, standing):
    _, token = issue(now)
    assert queries.verify(token, as_of=moment).standing is standing


def test_a_licence_without_end_does_not_expire(issuer, now):
    _, token = issue(now, valid=Span(date(2026, 3, 1)))
    assert queries.verify(token, as_of=now + timedelta(days=36_500)).standing is Standing.VALID
    with pytest.raises(InvariantBroken):
        issue(now, valid=Span(None, date(2027, 1, 1)))


def test_a_revoked_licence_is_revoked_from_then_on_and_once(issuer, now):
    credential_id, token = issue(now)
    later = now + timedelta(days=3)
    with pytest.raises(InvariantBroken):
        actions.revoke(credential_id=credential_id, reason="", by=BY, as_of=later)
    actions.revoke(credential_id=credential_id, reason="unsafe kitchen", by=BY, as_of=later)
    assert queries.verify(token, as_of=later).standing is Standing.REVOKED
    assert queries.verify(token, as_of=now).standing is Standing.VALID
    with pytest.raises(ConflictError, match="not_in_force"):
        actions.revoke(credential_id=credential_id, reason="again", by=BY, as_of=later)
    assert [fact.kind for fact in ledger.entries_about(credential_id)] == ["credential.issued", "credential.revoked"]


def test_a_replacement_revokes_what_it_replaces(issuer, now):
    first_id, first = issue(now)
    _, second = issue(now, claims={"name": "新店名"}, replaces=first_id)
    assert queries.verify(first, as_of=now).standing is Standing.REVOKED
    assert queries.verify(second, as_of=now).standing is Standing.VALID
    with pytest.raises(ConflictError, match="not_in_force"):
        issue(now, replaces=first_id)


def test_a_composite_opens_each_component_and_tells_which_has_fallen(issuer, now):
    food_id, _ = issue(now, kind="food-licence")
    fire_id, _ = issue(now, kind="fire-safety")
    whole_id, token = issue(now, kind="catering-composite", component_ids=[food_id, fire_id], hidden={})
    verdict = queries.verify(token, as_of=now)
    assert [part.credential_id for part in verdict.components] == [food_id, fire_id]
    assert verdict.is_whole
    assert verdict.claims["components"] == [food_id, fire_id]
    assert queries.credential(whole_id, scope=ALL).components == (food_id, fire_id)
    actions.revoke(credential_id=fire_id, reason="failed inspection", by=BY, as_of=now)
    verdict = queries.verify(token, as_of=now)
    assert (verdict.standing, verdict.is_whole) == (Standing.VALID, False)
    assert [part.standing for part in verdict.components] == [Standing.VALID, Standing.REVOKED]
    with pytest.raises(ConflictError, match="component_not_in_force"):
        issue(now, component_ids=[fire_id])


def test_a_component_belongs_to_the_same_holder(issuer, now):
    theirs, _ = issue(now, subject_id=new_id("subject"))
    for bad in (theirs, new_id("credential")):
        with pytest.raises(ConflictError, match="component_not_in_force"):
            issue(now, component_ids=[bad])


def test_an_id_is_issued_once_and_reserved_names_are_kept(issuer, now):
    credential_id, _ = issue(now)
    with pytest.raises(ConflictError, match="already_issued"):
        issue(now, credential_id=credential_id)
    for claims in ({"exp": 1}, {"iss": "x"}, {"components": []}, {"manager": "李四"}):
        with pytest.raises(InvariantBroken, match="claim_name_taken"):
            issue(now, claims=claims)


def test_what_is_signed_but_was_never_issued_here_is_forged(issuer, now):
    credential_id, token = issue(now)
    claims = {
        "iss": issuer.address,
        "vct": "catering-licence",
        "nbf": 0,
        "status": {"status_list": {"idx": 0, "uri": f"{issuer.address}/status/1"}},
    }
    for stray in (credential_id, new_id("credential")):
        forged = sign_claims({**claims, "jti": stray}, kind="dc+sd-jwt", issuer=issuer)
        assert queries.verify(forged, as_of=now).standing is Standing.FORGED
    elsewhere = {"issuer": "https://other.example", "keys": issuer.public_keys(), "as_of": now}
    assert judge(token, **elsewhere).standing is Standing.MALFORMED
    assert queries.verify("nonsense", as_of=now).standing is Standing.MALFORMED


@pytest.mark.parametrize(
    "change",
    [
        {"nbf": "0"},
        {"nbf": True},
        {"exp": 1.0e3},
        {"jti": 5},
        {"vct": None},
        {"status": {}},
        {"status": {"status_list": {"idx": "0", "uri": "u"}}},
    ],
)
def test_claims_of_another_shape_are_malformed(issuer, now, change):
    claims = {
        "iss": issuer.address,
        "vct": "v",
        "jti": "c",
        "nbf": 0,
        "status": {"status_list": {"idx": 0, "uri": "u"}},
        **change,
    }
    token = sign_claims(claims, kind="dc+sd-jwt", issuer=issuer)
    verdict = judge(token, issuer=issuer.address, keys=issuer.public_keys(), as_of=now)
    assert verdict.standing is Standing.MALFORMED


def test_old_keys_still_verify_after_a_rotation(issuer, now):
    _, token = issue(now)
    old = issuer.key_id
    assert issuer.rotate() == issuer.key_id != old
    _, fresh = issue(now)
    assert set(issuer.public_keys()) == {old, issuer.key_id}
    assert [queries.verify(each, as_of=now).standing for each in (token, fresh)] == [Standing.VALID] * 2
    only_new = {issuer.key_id: issuer.public_keys()[issuer.key_id]}
    assert judge(token, issuer=issuer.address, keys=only_new, as_of=now).standing is Standing.UNKNOWN_KEY


def test_the_secret_half_is_for_its_owner_only(issuer):
    issuer.sign(b"message")
    assert (issuer.folder / "issuer.seed").stat().st_mode & 0o077 == 0


def test_credentials_are_shown_within_a_scope(issuer, now):
    credential_id, _ = issue(now)
    own = Scope.own(frozenset({HOLDER}), "own")
    assert [held.id for held in queries.credentials_of(HOLDER, scope=own)] == [credential_id]
    held = queries.credential(credential_id, scope=Scope(frozenset({"office-market"}), None, None))
    assert [each.id for each in queries.credentials_of_case(held.case_id, scope=own)] == [credential_id]
    for elsewhere in (Scope(), Scope.own(frozenset({new_id("subject")}), "own"), Scope(frozenset({"b"}), None, None)):
        assert queries.credentials_of(HOLDER, scope=elsewhere) == ()
        with pytest.raises(AccessError):
            queries.credential(credential_id, scope=elsewhere)
    with pytest.raises(ConflictError):
        queries.credential(new_id("credential"), scope=ALL)


def test_the_status_list_draft_example():
    """draft-ietf-oauth-status-list, section 4.1: sixteen one-bit statuses."""
    statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    packed = "eNrbuRgAAhcBXQ"
    assert [int(is_set(packed, position)) for position in range(16)] == statuses
    ours = pack([position for position, status in enumerate(statuses) if status], 16)
    assert [int(is_set(ours, position)) for position in range(16)] == statuses
    with pytest.raises(Malformed):
        is_set(packed, 16)


def test_a_status_list_is_small_and_bounded(issuer, now):
    assert len(pack(range(0, LIST_SIZE, 1000))) < 2_000
    with pytest.raises(InvariantBroken):
        pack([LIST_SIZE])
    for bad in ("AAAA", "!"):
        with pytest.raises(Malformed):
            is_set(bad, 0)
    token = sign_list("a", pack([]), issuer=issuer, as_of=now)
    with pytest.raises(Malformed):
        read_list(token, "b", keys=issuer.public_keys(), as_of=now)
    with pytest.raises(ConflictError, match="no_such_list"):
        queries.status_list(9, as_of=now)


def test_a_full_list_is_followed_by_another(issuer, now):
    issue(now)
    StatusList.objects.update(next_position=LIST_SIZE)
    credential_id, token = issue(now)
    row = Credential.objects.get(pk=credential_id)
    assert (row.status_list_id, row.status_position) == (2, 0)
    assert queries.verify(token, as_of=now).claims["status"]["status_list"]["uri"].endswith("/status/2")


def test_the_database_holds_credentials_to_their_promises(issuer, now):
    credential_id, _ = issue(now)
    issue(now)
    rows = Credential.objects.filter(pk=credential_id)
    for change in (
        {"valid_to": date(2026, 3, 1)},
        {"revoked_at": now},
        {"revoked_reason": "none"},
        {"status_position": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Component.objects.create(composite_id=credential_id, credential_id=credential_id, position=0)
