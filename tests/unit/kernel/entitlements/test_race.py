"""Many decisions at once: a benefit, a group's turn and a quota's place are each taken by one of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection

from tests.unit.kernel import granted
from tests.unit.kernel.made_up_packs import MadeUp, group
from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, Facts, Scope, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries
from zhida.kernel.entitlements.models import Uniqueness

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ALL = Scope.system("race")
WORKERS = 8
Publish = Callable[..., str]
Attempt = Callable[[str, str, str, int], str]


@pytest.fixture
def attempt(actor: Actor, now: datetime) -> Attempt:
    """Tries one grant in a thread of its own; gives "granted", or the code of the conflict."""

    def try_one(revision_id: str, item_id: str, subject_id: str, fen: int) -> str:
        try:
            item = catalogue.item_of(revision_id, item_id)
            granted.grant(
                grant_id=new_id("grant"),
                case_id=new_id("case"),
                subject_id=subject_id,
                item_id=item_id,
                revision_id=revision_id,
                keys=queries.claim_keys(item, subject_id, Facts(), local_date(now)),
                amount_fen=fen,
                by=actor,
                as_of=now,
            )
        except ConflictError as conflict:
            return conflict.code
        finally:
            connection.close()
        return "granted"

    return try_one


def race(attempt: Attempt, *tries: tuple[str, str, str, int]) -> list[str]:
    """All tries at once, sorted outcomes."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return sorted(pool.map(lambda one: attempt(*one), tries))


def test_one_of_many_grants_holds(firms: tuple[str, ...], publish: Publish, attempt: Attempt) -> None:
    pack = MadeUp()
    revision = publish(pack)
    for firm in firms:
        outcomes = race(attempt, *[(revision, pack.item, firm, 500)] * WORKERS)
        assert outcomes == ["already_granted"] * (WORKERS - 1) + ["granted"]
        assert len(queries.grants_of(firm, scope=ALL)) == 1


def test_a_group_is_never_paid_past_its_highest(firms: tuple[str, ...], publish: Publish, attempt: Attempt) -> None:
    packs = [MadeUp(name=f"item-{number}", more="stacking: heads") for number in range(WORKERS)]
    revisions = [publish(pack, group("heads", "highest_only")) for pack in packs]
    for firm in firms:
        tries = [(revision, pack.item, firm, 500) for revision, pack in zip(revisions, packs, strict=True)]
        assert race(attempt, *tries).count("granted") == 1
        assert sum(grant.amount_fen or 0 for grant in queries.grants_of(firm, scope=ALL)) == 500


def test_a_capped_group_is_never_paid_past_its_cap(firms: tuple[str, ...], publish: Publish, attempt: Attempt) -> None:
    packs = [MadeUp(name=f"item-{number}", more="stacking: heads") for number in range(WORKERS)]
    revisions = [publish(pack, group("heads", "capped_sum", more="cap_fen: 1000\n")) for pack in packs]
    tries = [(revision, pack.item, firms[0], 400) for revision, pack in zip(revisions, packs, strict=True)]
    race(attempt, *tries)
    assert sum(grant.amount_fen or 0 for grant in queries.grants_of(firms[0], scope=ALL)) <= 1000


def test_a_quota_is_filled_and_not_passed(firms: tuple[str, ...], publish: Publish, attempt: Attempt) -> None:
    pack = MadeUp(
        name="few",
        more="quota: {n: 3, by: [{value: wages_fen, first: high}], ties: none_in}",
        review="select: {by: owner}",
        cases="""  - name: 选中
    facts: {staff: 10, wages_fen: 100}
    rulings: {quota: true}
    pay: {answer: entitled}
  - name: 不够
    facts: {staff: 9, wages_fen: 100}
    pay: {answer: not, because: [enough]}
""",
    )
    revision = publish(pack)
    outcomes = race(attempt, *((revision, pack.item, firm, 500) for firm in firms))
    assert outcomes == ["granted"] * 3 + ["quota_full"]
    assert Uniqueness.objects.filter(key__contains="|place=").count() == 3
