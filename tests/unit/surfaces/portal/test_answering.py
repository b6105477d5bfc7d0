"""What the list of my items says without asking one by one is what each item says when it is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.unit.kernel.entitlements.conftest import Publish, Tell, dictionary, firms, publish, tell
from tests.unit.kernel.entitlements.test_granting import SELECTED, Grant, grant
from tests.unit.kernel.made_up_packs import HIRES, MadeUp, group
from zhida.domain.rules import Answer, Assessment
from zhida.domain.values import Scope, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.registry import queries as registry
from zhida.surfaces.portal import answering

__all__ = ["dictionary", "firms", "grant", "publish", "tell"]
ALL = Scope.system("test")
FEW = MadeUp(
    name="few",
    more="quota: {n: 1, by: [{value: wages_fen, first: high}], ties: none_in}",
    cases=SELECTED,
    review="select: {by: owner}",
)


def said(name: str, one: Assessment) -> tuple[str, Answer, int | None]:
    """An item's answer, and what it surely gives."""
    return name, one.answer, one.amount_fen if one.answer is Answer.ENTITLED else None


def told(subject_id: str, now: datetime) -> tuple[list[tuple[str, Answer, int | None]], list[str]]:
    """What the list says of a firm, and what asking one by one says; and what was asked one by one for the list."""
    facts = entitlements.facts_for(subject_id, scope=ALL, as_of=now)
    found = answering.answers(registry.subject(subject_id, scope=ALL), facts, now)
    listed = [(one.published.item.id, one.answer, one.amount_fen) for one in found]
    assert listed == [said(one.published.item.id, one.found) for one in found]
    day, every = local_date(now), catalogue.items(as_of=now, audience=registry.subject(subject_id, scope=ALL).kind)
    asked = [(one.item.id, entitlements.assess_facts(one, subject_id, facts, day)) for one in every]
    assert listed == [said(name, one) for name, one in asked if one.answer is not Answer.NOT]
    return listed, [name for name, _, _ in listed]


def test_the_list_says_what_each_item_says(
    publish: Publish, grant: Grant, tell: Tell, firms: tuple[str, ...], now: datetime
) -> None:
    for name in ("free", "again"):
        publish(MadeUp(name=name))
    publish(HIRES)
    groups = group("heads", "first_only")
    publish(MadeUp(name="grouped", more="stacking: heads"), groups)
    for firm, staff in zip(firms, (20, 20, 9, None), strict=True):
        tell(firm, {"place": "990102", "wages_fen": 100_000, **({} if staff is None else {"staff": staff})})
    before = [told(firm, now)[0] for firm in firms]
    assert {answer for each in before for _, answer, _ in each} == {Answer.ENTITLED, Answer.POSSIBLE}
    grant(firms[0], MadeUp(name="taken"))
    grant(firms[0], MadeUp(name="first", more="stacking: heads"), groups=groups)
    grant(firms[1], FEW)
    after = [told(firm, now) for firm in firms]
    assert "made-up/taken/pay" not in after[0][1]
    assert len(after[0][1]) < len(after[1][1])


def test_what_nothing_touched_is_not_asked_one_by_one(
    publish: Publish, tell: Tell, firms: tuple[str, ...], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(MadeUp())
    tell(firms[0], {"place": "990102", "staff": 20, "wages_fen": 100_000})
    facts = entitlements.facts_for(firms[0], scope=ALL, as_of=now)
    asked: list[str] = []
    assess = entitlements.assess_facts

    def noting(one: PublishedItem, *rest: Any, **more: Any) -> Assessment:
        asked.append(one.item.id)
        return assess(one, *rest, **more)

    monkeypatch.setattr(entitlements, "assess_facts", noting)
    (found,) = answering.answers(registry.subject(firms[0], scope=ALL), facts, now)
    assert (found.answer, asked) == (Answer.ENTITLED, [])
    assert found.found.reasons
    assert asked == [found.published.item.id]
