"""A benefit is granted once, whatever the way; what undoes a grant is a row of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.unit.kernel import granted
from tests.unit.kernel.made_up_packs import HIRES, MadeUp, group
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.values import Actor, Facts, Scope, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions, queries
from zhida.kernel.entitlements.models import Uniqueness
from zhida.kernel.ledger import queries as ledger

HEADS = MadeUp()
ALL = Scope.system("test")
YEAR = timedelta(days=365)
Grant = Callable[..., str]
Publish = Callable[..., str]


@pytest.fixture
def grant(publish: Publish, actor: Actor, now: datetime) -> Grant:
    """Grants the item of a made-up pack to a subject, with the keys that its claim takes."""
    published: dict[str, str] = {}

    def grant_one(subject_id: str, pack: MadeUp = HEADS, fen: int | None = 500, **more: Any) -> str:
        groups = more.pop("groups", None)
        as_of = more.pop("as_of", now)
        record = more.pop("record", None)
        if pack.id not in published:
            published[pack.id] = publish(pack, groups)
        item = catalogue.item_of(published[pack.id], pack.item)
        keys = queries.claim_keys(item, subject_id, Facts(), local_date(as_of), record=record)
        return granted.grant(
            grant_id=new_id("grant"),
            case_id=new_id("case"),
            subject_id=subject_id,
            item_id=pack.item,
            revision_id=published[pack.id],
            keys=keys,
            amount_fen=fen,
            period="2026",
            by=actor,
            as_of=as_of,
            **more,
        )

    return grant_one


def test_a_grant_is_kept_with_its_case_keys_and_fact(grant: Grant, firms: tuple[str, ...]) -> None:
    identity = grant(firms[0])
    kept = queries.grant(identity, scope=ALL)
    assert kept is not None
    assert (kept.subject_id, kept.item_id, kept.amount_fen, kept.period) == (firms[0], HEADS.item, 500, "2026")
    assert kept.keys == (f"{HEADS.item}|subject={firms[0]}|year=2026",)
    assert [entry.kind for entry in ledger.entries_about(identity)] == ["entitlement.granted"]


def test_the_second_grant_of_a_year_is_refused_and_writes_nothing(grant: Grant, firms: tuple[str, ...]) -> None:
    first = grant(firms[0])
    with pytest.raises(ConflictError, match=first):
        grant(firms[0])
    assert len(queries.grants_of(firms[0], scope=ALL)) == 1
    assert Uniqueness.objects.count() == 1


def test_another_subject_and_another_year_are_other_grants(grant: Grant, firms: tuple[str, ...], now: datetime) -> None:
    grant(firms[0])
    grant(firms[1])
    grant(firms[0], as_of=now + YEAR)
    assert len(queries.grants_of(firms[0], scope=ALL)) == 2


def test_a_revoked_grant_stays_and_frees_its_keys(
    grant: Grant, firms: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    first = grant(firms[0])
    actions.revoke(grant_id=first, reason="骗取", by=actor, as_of=now)
    second = grant(firms[0])
    newest, oldest = queries.grants_of(firms[0], scope=ALL)
    assert (newest.id, newest.revoked_at) == (second, None)
    assert (oldest.id, oldest.revoked_at, oldest.revoked_because) == (first, now, "骗取")
    with pytest.raises(ConflictError, match="already_revoked"):
        actions.revoke(grant_id=first, reason="again", by=actor, as_of=now)
    with pytest.raises(ConflictError, match="no_such_grant"):
        actions.revoke(grant_id="grant_0", reason="none", by=actor, as_of=now)
    with pytest.raises(InvariantBroken, match="no_reason"):
        actions.revoke(grant_id=second, reason="", by=actor, as_of=now)


def test_a_person_hired_counts_once_for_life_anywhere(grant: Grant, firms: tuple[str, ...], now: datetime) -> None:
    first = grant(firms[0], HIRES, record={"person": "p1"})
    with pytest.raises(ConflictError, match=first):
        grant(firms[1], HIRES, record={"person": "p1"}, as_of=now + 3 * YEAR / 10)
    grant(firms[0], HIRES, record={"person": "p2"})


def test_no_key_shows_whom_a_record_names(grant: Grant, firms: tuple[str, ...]) -> None:
    grant(firms[0], HIRES, record={"person": "110101199003070000"})
    (key,) = Uniqueness.objects.values_list("key", flat=True)
    assert key.startswith("anywhere|hires.person=#")
    assert "1101" not in key


def test_only_the_highest_of_a_group_is_paid_in_all(grant: Grant, firms: tuple[str, ...]) -> None:
    groups = group("heads", "highest_only")
    low, high = (MadeUp(name=name, more="stacking: heads") for name in ("low", "high"))
    grant(firms[0], low, 300, groups=groups)
    with pytest.raises(ConflictError, match="excluded_by_group"):
        grant(firms[0], high, 500, groups=groups)
    grant(firms[0], high, 200, groups=groups, deducted_fen=300)
    with pytest.raises(ConflictError, match="excluded_by_group"):
        grant(firms[0], MadeUp(name="third", more="stacking: heads"), 100, groups=groups)


def test_a_capped_group_stops_at_its_cap(grant: Grant, firms: tuple[str, ...]) -> None:
    groups = group("heads", "capped_sum", more="cap_fen: 700\n")
    packs = [MadeUp(name=name, more="stacking: heads") for name in ("one", "two", "three")]
    grant(firms[0], packs[0], 500, groups=groups)
    with pytest.raises(ConflictError, match="excluded_by_group"):
        grant(firms[0], packs[1], 300, groups=groups)
    grant(firms[0], packs[1], 200, groups=groups)
    with pytest.raises(ConflictError, match="excluded_by_group"):
        grant(firms[0], packs[2], 1, groups=groups)
    grant(firms[1], packs[2], 700, groups=groups)


def test_a_group_by_year_begins_anew_and_one_for_life_does_not(
    grant: Grant, firms: tuple[str, ...], now: datetime
) -> None:
    for per in ("year", "life"):
        groups = group(per, "first_only", per=per)
        grant(firms[0], MadeUp(name=f"{per}-one", more=f"stacking: {per}"), groups=groups)
    later = {"as_of": now + YEAR}
    grant(firms[0], MadeUp(name="year-two", more="stacking: year"), groups=group("year", "first_only"), **later)
    life = MadeUp(name="life-two", more="stacking: life")
    with pytest.raises(ConflictError, match="excluded_by_group"):
        grant(firms[0], life, groups=group("life", "first_only", per="life"), **later)


def test_a_quota_cannot_be_passed(grant: Grant, firms: tuple[str, ...], actor: Actor, now: datetime) -> None:
    few = MadeUp(
        name="few",
        more="quota: {n: 2, by: [{value: wages_fen, first: high}], ties: none_in}",
        cases=SELECTED,
        review="select: {by: owner}",
    )
    first = grant(firms[0], few)
    grant(firms[1], few)
    with pytest.raises(ConflictError, match="quota_full"):
        grant(firms[2], few)
    actions.revoke(grant_id=first, reason="放弃", by=actor, as_of=now)
    grant(firms[2], few)


SELECTED = """  - name: 选中
    facts: {staff: 10, wages_fen: 100}
    rulings: {quota: true}
    pay: {answer: entitled}
  - name: 不够
    facts: {staff: 9, wages_fen: 100}
    pay: {answer: not, because: [enough]}
"""


@pytest.mark.parametrize("amounts", [{"fen": -1}, {"fen": 1, "deducted_fen": -1}])
def test_an_amount_below_zero_is_our_mistake(grant: Grant, firms: tuple[str, ...], amounts: dict[str, int]) -> None:
    with pytest.raises(InvariantBroken, match="negative_amount"):
        grant(firms[0], **amounts)


@pytest.mark.parametrize("table", ["entitlement", "revocation", "uniqueness"])
def test_the_database_refuses_to_change_a_grant(
    grant: Grant, firms: tuple[str, ...], actor: Actor, now: datetime, table: str
) -> None:
    actions.revoke(grant_id=grant(firms[0]), reason="x", by=actor, as_of=now)
    grant(firms[0])
    column = "key" if table == "uniqueness" else "id"
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE entitlements_{table} SET {column} = {column}")


def test_an_office_sees_the_grants_of_its_items_and_regions(grant: Grant, firms: tuple[str, ...]) -> None:
    identity = grant(firms[0])
    seen = {
        Scope(frozenset({"statistics"}), None, None): True,
        Scope(frozenset({"tax"}), None, None): False,
        Scope(frozenset({"statistics"}), frozenset({"990102"}), None): True,
        Scope(frozenset({"statistics"}), frozenset({"990202"}), None): False,
        Scope.own(frozenset({firms[0]}), "mine"): True,
        Scope.own(frozenset({firms[1]}), "mine"): False,
        Scope(): False,
    }
    assert {scope: queries.grant(identity, scope=scope) is not None for scope in seen} == seen
