"""An assessment counts the past: what was granted, to whom, out of which group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.kernel import granted
from tests.unit.kernel.made_up_packs import HIRES, MadeUp, group
from zhida.domain.errors import AccessError
from zhida.domain.rules import Assessment
from zhida.domain.values import Actor, FactKey, Facts, Scope, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions, queries

HEADS = MadeUp()
ALL = Scope.system("test")
YEAR = timedelta(days=365)
Publish = Callable[..., str]
Tell = Callable[[str, Mapping[str, Any]], None]


@pytest.fixture
def firm(firms: tuple[str, ...], tell: Tell) -> str:
    """A firm with 12 staff and 500 fen of wages."""
    tell(firms[0], {"place": "990102", "staff": 12, "wages_fen": 500})
    return firms[0]


def assess(subject_id: str, pack: MadeUp, now: datetime, **more: Any) -> Assessment:
    """What the item of a made-up pack says."""
    return queries.assess(subject_id, pack.item, as_of=now, scope=ALL, **more)


@pytest.fixture
def grant(actor: Actor, now: datetime) -> Callable[..., str]:
    """Grants the item of a published pack."""

    def grant_one(subject_id: str, pack: MadeUp, fen: int, record: Mapping[str, Any] | None = None) -> str:
        published = catalogue.item(pack.item, as_of=now)
        facts = queries.facts_for(subject_id, scope=ALL, as_of=now)
        return granted.grant(
            grant_id=new_id("grant"),
            case_id=new_id("case"),
            subject_id=subject_id,
            item_id=pack.item,
            revision_id=published.revision_id,
            keys=queries.claim_keys(published.item, subject_id, facts, local_date(now), record=record),
            amount_fen=fen,
            by=actor,
            as_of=now,
        )

    return grant_one


def test_the_rules_decide(firm: str, publish: Publish, now: datetime) -> None:
    publish(HEADS)
    found = assess(firm, HEADS, now)
    assert (found.answer, found.amount_fen) == ("entitled", 500)
    assert found.reasons[0].uses[0].source == "made up"


def test_answers_of_a_form_are_laid_over_what_is_held(firm: str, publish: Publish, now: datetime) -> None:
    publish(HEADS)
    assert assess(firm, HEADS, now, extra=Facts.of({"staff": 9})).because == ("enough",)


def test_a_pinned_revision_goes_on_deciding(firm: str, publish: Publish, now: datetime) -> None:
    first = publish(HEADS)
    publish(MadeUp(times=2))
    assert assess(firm, HEADS, now).amount_fen == 1000
    assert assess(firm, HEADS, now, revision_id=first).amount_fen == 500


def test_what_was_granted_is_not_granted_again(
    firm: str, publish: Publish, grant: Callable[..., str], actor: Actor, now: datetime
) -> None:
    publish(HEADS)
    identity = grant(firm, HEADS, 500)
    found = assess(firm, HEADS, now)
    assert found.because == ("already_granted",)
    assert found.reasons[0].note == identity
    actions.revoke(grant_id=identity, reason="误发", by=actor, as_of=now)
    assert assess(firm, HEADS, now).answer == "entitled"


def test_each_record_answers_for_itself(
    firms: tuple[str, ...], tell: Tell, publish: Publish, grant: Callable[..., str], now: datetime
) -> None:
    publish(HIRES)
    hires = [{"person": name, "months": 7, "wage_fen": fen} for name, fen in (("p1", 10), ("p2", 20), ("p3", 40))]
    for at, part in ((0, hires), (1, hires[:1])):
        tell(firms[at], {"place": "990100", "hires": part})
    assert assess(firms[0], HIRES, now).amount_fen == 70
    grant(firms[1], HIRES, 10, {"person": "p1"})
    found = assess(firms[0], HIRES, now)
    assert [(index, claim.answer, claim.because) for index, claim in found.each] == [
        (0, "not", ("already_granted",)),
        (1, "entitled", ()),
        (2, "entitled", ()),
    ]
    assert (found.answer, found.amount_fen) == ("entitled", 60)
    assert assess(firms[1], HIRES, now).because == ("already_granted",)


def test_a_highest_only_group_pays_what_is_above(
    firm: str, publish: Publish, grant: Callable[..., str], now: datetime
) -> None:
    low, high, same = (
        MadeUp(name=name, times=times, more="stacking: heads") for name, times in (("low", 1), ("high", 3), ("same", 1))
    )
    for pack in (low, high, same):
        publish(pack, group("heads", "highest_only"))
    identity = grant(firm, low, 500)
    assert assess(firm, high, now).amount_fen == 1000
    shut_out = assess(firm, same, now)
    assert shut_out.because == ("excluded_by_group",)
    assert shut_out.reasons[0].note == identity
    stacking = queries.stacking(firm, high.item, scope=ALL, as_of=now)
    assert stacking is not None
    assert (stacking.already_fen, stacking.grant_ids) == (500, (identity,))


def test_a_first_only_group_pays_the_first_alone(
    firm: str, publish: Publish, grant: Callable[..., str], now: datetime
) -> None:
    first, second = (MadeUp(name=name, more="stacking: heads") for name in ("first", "second"))
    for pack in (first, second):
        publish(pack, group("heads", "first_only"))
    grant(firm, first, 500)
    assert assess(firm, second, now).because == ("excluded_by_group",)


def test_a_rule_may_read_the_subject_s_own_past(
    firm: str, publish: Publish, grant: Callable[..., str], now: datetime
) -> None:
    publish(HEADS)
    newcomer = MadeUp(name="newcomer", when=f'count(grants[item.item = "{HEADS.item}"]) = 0', cases=NEWCOMER)
    publish(newcomer)
    assert assess(firm, newcomer, now).answer == "entitled"
    grant(firm, HEADS, 500)
    assert assess(firm, newcomer, now).because == ("enough",)


NEWCOMER = f"""  - name: 新
    facts: {{wages_fen: 100, grants: []}}
    pay: {{answer: entitled}}
  - name: 旧
    facts: {{wages_fen: 100, grants: [{{item: {HEADS.item}}}]}}
    pay: {{answer: not, because: [enough]}}
"""


def test_all_items_of_the_subject_s_kind_are_assessed(firm: str, publish: Publish, now: datetime) -> None:
    elsewhere = MadeUp(name="elsewhere", region="990200")
    for pack in (HEADS, elsewhere):
        publish(pack)
    found = {one.item: one for one in queries.assess_all(firm, as_of=now, scope=ALL)}
    assert {item: one.answer for item, one in found.items()} == {HEADS.item: "entitled", elsewhere.item: "not"}
    assert found[elsewhere.item].because == ("wrong_region",)


def test_only_what_can_still_matter_is_asked(
    firms: tuple[str, ...], tell: Tell, publish: Publish, now: datetime
) -> None:
    publish(HEADS)
    tell(firms[0], {"place": "990102", "wages_fen": 500})
    asked = queries.ask(firms[0], as_of=now, scope=ALL)
    assert [question.key for question in asked] == [FactKey("staff")]
    assert queries.ask(firms[0], as_of=now, scope=ALL, item_ids=[HEADS.item]) == asked
    assert queries.ask(firms[0], as_of=now, scope=ALL, extra=Facts.of({"staff": 3})) == ()


def test_nobody_is_assessed_out_of_sight(firm: str, firms: tuple[str, ...], publish: Publish, now: datetime) -> None:
    publish(HEADS)
    with pytest.raises(AccessError):
        queries.assess(firm, HEADS.item, as_of=now, scope=Scope.own(frozenset(firms[1:]), "mine"))


def test_records_that_an_item_counts_are_used_up(
    firms: tuple[str, ...], tell: Tell, publish: Publish, grant: Callable[..., str], now: datetime
) -> None:
    counting = MadeUp(
        name="counting",
        once_per="[[record.person, life, anywhere]]",
        when="count(hires[months >= 6]) >= 1",
        amount="sum(hires[months >= 6].wage_fen)",
        more="counts: {relation: hires, where: hire.months >= 6}",
        cases=HIRES.cases,
    )
    publish(counting)
    hires = [{"person": "p1", "months": 7, "wage_fen": 10}, {"person": "p2", "months": 2, "wage_fen": 20}]
    tell(firms[0], {"place": "990100", "hires": hires})
    assert assess(firms[0], counting, now).amount_fen == 10
    grant(firms[0], counting, 10)
    (kept,) = queries.grants_of(firms[0], scope=ALL)
    assert len(kept.keys) == 1, "p2 does not count, so it is not used up"
    assert assess(firms[0], counting, now).because == ("enough",)
