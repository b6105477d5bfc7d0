"""What is kept equals what counting at once comes to, for every scope, and is counted anew where facts came."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.unit.kernel.cases.conftest import FIRST, SECOND, firms, in_review, published
from tests.unit.services.figures import counted_at_once as judge
from zhida.domain.process import State
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.models import Case, Grant, Step
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.entitlements import queries as screenings
from zhida.kernel.entitlements.models import Entitlement
from zhida.kernel.entitlements.records import Count
from zhida.kernel.entitlements.telling import item_words
from zhida.kernel.notices import actions as notices
from zhida.kernel.notices.records import Addressee
from zhida.kernel.registry import actions as registry
from zhida.services.figures import keeping, reading
from zhida.services.figures.models import FIGURES, Part, Row, Tally

__all__ = ["firms", "in_review", "published"]

ITEMS, OFFICES = (FIRST.item, SECOND.item), ("statistics", "register", "finance", "labour")
REGIONS = ("990102", "990101", "990100")
SCOPES = {
    "all": Scope.system("test"),
    "an office": Scope(frozenset({"register"}), None, None, "test"),
    "two offices": Scope(frozenset({"finance", "labour"}), None, None, "test"),
    "a place": Scope(None, frozenset({"990101"}), None, "test"),
    "both": Scope(frozenset({"statistics", "labour"}), frozenset({"990102", "990100"}), None, "test"),
    "nothing": Scope(frozenset(), frozenset(), None, "test"),
}


def matched(run_id: str, *, scope: Scope, item_id: str = "") -> tuple[Count, ...]:
    """What a screening would say that found many."""
    every = (
        Count(item, "statistics", region, 7 * at, 1, 0, 0) for at, item in enumerate(ITEMS, 1) for region in REGIONS
    )
    return tuple(
        one for one in every
        if (scope.offices is None or "statistics" in scope.offices)
        and (scope.regions is None or one.region in scope.regions)
    )  # fmt: skip


@pytest.fixture
def world(
    firms: list[str],
    in_review: Callable[..., list[str]],
    actor: Actor,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> datetime:
    """Matched and told firms, and 300 drawn cases: at four offices in three places, seen by others who had a step."""
    dictionary = catalogue.root().dictionary
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    entitlements.screen(by=actor, as_of=now)
    pack = catalogue.item(FIRST.item, as_of=now).pack
    notices.send_batch(
        batch_id=new_id("outreach"), item_id=FIRST.item, template="newly_entitled", occasion="2026",
        item_words=item_words(pack, FIRST.item), addressees=[Addressee(firm) for firm in firms[:5]], by=actor,
        as_of=now,
    )  # fmt: skip
    in_review(FIRST.item, firms[:1])
    draw(firms, now)
    monkeypatch.setattr(screenings, "counts", matched)
    return now + timedelta(days=20)


def draw(firms: list[str], now: datetime) -> None:
    """Cases as rows, in every state, promised and done on days before and after today."""
    chance = random.Random(7)
    revisions = {one: catalogue.item(one, as_of=now).revision_id for one in ITEMS}
    ends = [("draft", ""), ("submitted", ""), ("in_review", ""), ("returned", ""), ("decided", "granted"),
            ("decided", "refused"), ("fulfilled", "granted"), *[("closed", one) for one in ("granted", "refused",
            "withdrawn")]]  # fmt: skip
    for number in range(300):
        state, outcome = chance.choice(ends)
        opened = now - timedelta(days=chance.randrange(400))
        is_draft, is_decided = state == "draft", outcome in ("granted", "refused")
        case = Case.objects.create(
            id=new_id("case"), item=chance.choice(ITEMS), claim="applied", revision_id=revisions[ITEMS[0]],
            subject_id=chance.choice(firms), region=chance.choice(REGIONS), office=chance.choice(OFFICES),
            period=f"n{number}", state=state, outcome=outcome, opened_at=opened,
            submitted_at=None if is_draft else opened,
            decided_at=opened + timedelta(days=5) if is_decided else None,
            due_on=local_date(opened + timedelta(days=14)) if chance.random() < 0.9 else None,
            amount_fen=chance.randrange(10_000) if outcome == "granted" and chance.random() < 0.8 else None,
        )  # fmt: skip
        for position, office in enumerate(chance.sample([*OFFICES, "system"], chance.randrange(4))):
            began, took = local_date(opened), chance.randrange(20)
            Step.objects.create(
                case=case, position=position, kind=chance.choice(("review", "publicise")), office=office,
                opened_on=began, due_on=began + timedelta(days=10) if chance.random() < 0.9 else None,
                finding="passed" if took < 15 else "", done_on=began + timedelta(days=took) if took < 15 else None,
            )  # fmt: skip
        if outcome == "granted":
            given = {"owner_office": case.office, "region": case.region, "granted_at": opened}
            granted = Entitlement.objects.create(
                id=new_id("entitlement"), case_id=case.id, subject_id=case.subject_id, item=case.item,
                revision_id=case.revision_id, granted_on=local_date(opened), granted_by="test", **given,
            )  # fmt: skip
            done = opened + timedelta(days=9) if state != State.DECIDED else None
            Grant.objects.create(case=case, entitlement=granted, due_on=local_date(opened), fulfilled_at=done)


def told(found: dict[Any, reading.Sums], names: tuple[str, ...]) -> dict[Any, dict[str, int]]:
    """What is not nothing."""
    kept = {key: {name: sums[name] for name in names if sums[name]} for key, sums in found.items()}
    return {key: sums for key, sums in kept.items() if sums}


CASES = ("matched", "told", "claimed", "decided", "granted", "paid", "running", "late", "paid_fen")
STEPS = ("steps", "late_steps", "promised_days", "real_days")


@pytest.mark.parametrize("name", SCOPES)
def test_what_is_kept_is_what_counting_at_once_comes_to(world: datetime, name: str) -> None:
    scope, tally = SCOPES[name], keeping.keep(as_of=world)
    expected = judge.cells(scope, world)
    assert bool(expected) is (name != "nothing")
    by: dict[str, dict[str, Counter[str]]] = {key: defaultdict(Counter) for key in ("item", "office", "region")}
    for key, sums in expected.items():
        for place, value in zip(by, key, strict=True):
            by[place][value].update(sums)
    assert told(reading.sums_by("office", tally, scope=scope), CASES) == by["office"]
    assert told(reading.sums_by("region", tally, scope=scope), CASES) == by["region"]
    assert told(reading.ranked(tally, scope=scope), CASES) == by["item"]
    for item in ITEMS:
        only = {office: Counter[str]() for _, office, _ in expected}
        for (one, office, _), sums in expected.items():
            only[office].update(sums if one == item else {})
        found = told(reading.sums_by("office", tally, scope=scope, item=item), CASES)
        assert found == {office: sums for office, sums in only.items() if sums}
    offices = reading.sums_by("office", tally, scope=scope)
    assert told(offices, STEPS) == {
        key: {n: v for n, v in one.items() if v} for key, one in judge.promises(scope).items()
    }
    late = {office: sums.late_since for office, sums in offices.items() if sums.late_since}
    assert late == judge.latest(scope, local_date(world))
    months = {(month, name): sums[name] for month, sums in reading.months(tally, scope=scope).items()
              for name in ("claimed", "decided", "paid") if sums[name]}  # fmt: skip
    assert months == judge.months(scope)


def test_open_figures_count_subjects_and_nobody_twice(world: datetime) -> None:
    tally, names = keeping.keep(as_of=world), CASES[:6]
    items = judge.subjects_by("item")
    for sums in items.values():
        sums["matched"] = max(sums.get("matched", 0), sums.get("claimed", 0))
    assert told(reading.open_items(tally), names) == items
    assert told(reading.open_places(tally), names) == judge.subjects_by("region")
    columns = {name: {item: sums.get(name, 0) for item, sums in items.items()} for name in names}
    for fewest in (5, 10, 20, 50):
        few = {name: {item for item, n in column.items() if 0 < n < fewest} for name, column in columns.items()}
        held = {name: few[name] | one for name, one in reading.held_back(tally, names, fewest).items()}
        for name, one in held.items():
            counted = {item for item, n in columns[name].items() if n}
            assert not one or one == counted or sum(columns[name][item] for item in one) >= fewest
    whole = reading.open_all(tally)
    assert {name: whole[name] for name in names} == {
        name: sum(sums.get(name, 0) for sums in items.values()) for name in names
    }
    assert reading.open_item(tally, FIRST.item)["decided"] == items[FIRST.item]["decided"]
    assert 0 < whole["paid"] < reading.total(reading.sums_by("office", tally, scope=SCOPES["all"]).values())["paid"]


def test_policies_and_items_are_counted_by_who_issued_them(world: datetime) -> None:
    tally = keeping.keep(as_of=world)
    found = reading.total(reading.sums_by("office", tally, scope=SCOPES["all"]).values())
    cards = catalogue.item_cards(as_of=world)
    assert (found["issued"], found["itemised"]) == (len({card.pack_id for card in cards}), len(cards))
    assert set(reading.faces(tally)) == {card.item_id for card in cards}
    none = reading.sums_by("office", tally, scope=SCOPES["an office"])
    assert all(sums["itemised"] == 0 for sums in none.values())


def test_items_come_page_by_page_and_each_once(world: datetime) -> None:
    tally, scope = keeping.keep(as_of=world), SCOPES["all"]
    for is_left in (False, True):
        whole = list(reading.ranked(tally, scope=scope, by_left=is_left))
        after, seen = "", []
        while page := list(reading.ranked(tally, scope=scope, by_left=is_left, after=after, most=1)):
            seen += page
            after = page[-1]
        assert seen == whole
    assert len(seen) == 2 == len(reading.open_items(tally))
    (first,) = reading.open_items(tally, most=1)
    assert [first, *reading.open_items(tally, after=first)] == list(reading.open_items(tally))


def test_only_what_changed_is_counted_anew_and_readers_keep_their_whole(
    world: datetime, actor: Actor, firms: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keeping.current(world)
    assert keeping.current(world) == first
    agent = Actor("account_agent", "agent", subject=firms[3])
    cases.open_case(case_id=(late := new_id("case")), item_id=SECOND.item, subject_id=firms[3], by=agent, as_of=world)
    cases.submit(case_id=late, waives_undo=True, by=agent, as_of=world)
    before = reading.open_all(first)
    monkeypatch.setattr(keeping, "SMALL", 0)
    assert keeping.current(world).id == first.id
    monkeypatch.undo()
    second = keeping.current(world)
    assert [new == old for new, old in zip(second.parts, first.parts, strict=True)] == [True, False, True]
    assert reading.open_all(first) == before
    assert reading.total(reading.sums_by("office", second, scope=SCOPES["all"]).values())["claimed"] == (
        1 + reading.total(reading.sums_by("office", first, scope=SCOPES["all"]).values())["claimed"]
    )
    third = keeping.keep(as_of=world, is_whole=True)
    assert not set(third.parts) & set(second.parts)
    assert list(Tally.objects.order_by("pk").values_list("pk", flat=True)) == [second.id, third.id]
    assert set(Part.objects.values_list("pk", flat=True)) == {*second.parts, *third.parts}
    assert not Row.objects.exclude(part__in=[*second.parts, *third.parts]).exists()
    assert set(FIGURES) <= {field.name for field in Row._meta.get_fields()}
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert keeping.keep(as_of=world).id == third.id
    assert not any("INSERT INTO" in one["sql"] for one in asked.captured_queries)
