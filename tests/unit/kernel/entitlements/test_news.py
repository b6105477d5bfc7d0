"""What is new: one subject, one item, and what changed between two runs, told to those it concerns and nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.unit.kernel.entitlements.conftest import FIRM, Publish, Tell
from tests.unit.kernel.made_up_packs import MadeUp
from zhida.domain import packs
from zhida.domain.errors import AccessError
from zhida.domain.values import Actor, Facts, Scope
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions, queries
from zhida.kernel.entitlements.records import Change
from zhida.kernel.notices import queries as notices
from zhida.kernel.registry import actions as registry

HEADS, TOWN = MadeUp(), MadeUp(name="town", region="990202", least=5, times=2)
ALL = Scope.system("test")
DAY = timedelta(days=1)


@pytest.fixture
def run(
    firms: tuple[str, ...], tell: Tell, publish: Publish, dictionary: packs.Dictionary, actor: Actor, now: datetime
) -> str:
    """Two packs over four firms: 12 staff, unknown staff, 6 staff in the town, and one without known wages."""
    for pack in (HEADS, TOWN):
        publish(pack)
    facts = (
        {"place": "990102", "staff": 12, "wages_fen": 500},
        {"place": "990100", "wages_fen": 700},
        {"place": "990202", "staff": 6, "wages_fen": 900},
        {"place": "990202", "staff": 30},
    )
    for firm, known in zip(firms, facts, strict=True):
        tell(firm, known)
    registry.build_snapshot(kind=FIRM, dictionary=dictionary, as_of=now, by=actor)
    return actions.screen(by=actor, as_of=now)


def test_one_subject_is_screened_as_its_row_was(run: str, firms: tuple[str, ...], now: datetime) -> None:
    for firm in firms:
        found = queries.screen_one(firm, as_of=now, scope=ALL)
        assert [one for one in found if one.is_entitled] == list(queries.results_of_subject(run, firm, scope=ALL))
    maybe = queries.screen_one(firms[1], as_of=now, scope=ALL)
    assert [(one.item_id, one.is_entitled) for one in maybe] == [(HEADS.item, False)]
    sure = queries.screen_one(firms[1], as_of=now, scope=ALL, extra=Facts.of({"staff": 11}))
    assert [(one.item_id, one.amount_fen) for one in sure] == [(HEADS.item, 700)]
    with pytest.raises(AccessError):
        queries.screen_one(firms[0], as_of=now, scope=Scope.own(frozenset({firms[1]}), "mine"))


def test_a_new_item_says_whom_it_reaches_before_any_run(
    run: str, firms: tuple[str, ...], tell: Tell, publish: Publish, actor: Actor, now: datetime
) -> None:
    fresh = MadeUp(name="fresh", least=5)
    publish(fresh)
    tell(firms[1], {"staff": 40})
    reach = queries.reach(catalogue.item(fresh.item, as_of=now))
    assert reach is not None
    assert (reach.run_id, reach.entitled, reach.possible, reach.amount_fen) == (run, 4, 0, 2_100)
    assert reach.changes == {Change.NEWLY_ENTITLED: 4}
    told = queries.screened(actions.screen(by=actor, as_of=now), scope=ALL)
    assert {one.item_id: (one.entitled, one.possible, one.amount_fen) for one in told}[fresh.item] == (4, 0, 2_100)


def test_a_changed_item_says_who_would_stand_otherwise(run: str, publish: Publish, now: datetime) -> None:
    publish(MadeUp(least=20))
    reach = queries.reach(catalogue.item(HEADS.item, as_of=now))
    assert reach is not None
    assert reach.changes == {Change.NO_LONGER: 1}


def test_without_a_run_nobody_is_reached(firms: tuple[str, ...], publish: Publish, now: datetime) -> None:
    publish(HEADS)
    assert queries.reach(catalogue.item(HEADS.item, as_of=now)) is None


def test_only_what_changed_is_told(run: str, firms: tuple[str, ...], tell: Tell, actor: Actor, now: datetime) -> None:
    tell(firms[0], {"staff": 3})
    tell(firms[1], {"staff": 11})
    tell(firms[2], {"wages_fen": 1000})
    after = actions.screen(by=actor, as_of=now + DAY)
    told = actions.tell_differences(run_id=after, previous_id=run, by=actor, as_of=now + DAY)
    assert told == {Change.NO_LONGER: 1, Change.NOW_KNOWN: 1, Change.AMOUNT_CHANGED: 1}
    inboxes = [notices.inbox(subject_id=firm, scope=ALL, as_of=now + DAY) for firm in firms]
    assert [[one.template for one in inbox] for inbox in inboxes] == [
        ["no_longer"],
        ["now_known"],
        ["amount_changed"],
        [],
    ]
    (changed,) = inboxes[2]
    assert "20.00 元" in changed.words.body_zh
    assert "18.00 元" in changed.words.body_zh
    again = actions.tell_differences(run_id=after, previous_id=run, by=actor, as_of=now + DAY)
    assert set(again.values()) == {0}
    assert actions.tell_differences(run_id=after, previous_id=after, by=actor, as_of=now + DAY) == {}
