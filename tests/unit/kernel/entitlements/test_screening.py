"""A population screened: the same root from the same inputs, changes laid over, results within a scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.unit.kernel import granted
from tests.unit.kernel.made_up_packs import HIRES, MadeUp
from zhida.domain import packs
from zhida.domain.errors import AccessError, ConflictError
from zhida.domain.values import Actor, Facts, Scope, SubjectKind, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions, queries
from zhida.kernel.entitlements.records import Change
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.records import SnapshotRef

HEADS, TOWN = MadeUp(), MadeUp(name="town", region="990202", least=5, times=2)
ALL = Scope.system("test")
DAY = timedelta(days=1)
Publish = Callable[..., str]
Tell = Callable[[str, Mapping[str, Any]], None]
Snap = Callable[..., SnapshotRef]
Screen = Callable[..., str]


@pytest.fixture
def snap(dictionary: packs.Dictionary, actor: Actor, now: datetime) -> Snap:
    """Builds a snapshot of the firms, some days from now."""

    def build(after: int = 0) -> SnapshotRef:
        return registry.build_snapshot(
            kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now + after * DAY, by=actor
        )

    return build


@pytest.fixture
def screen(actor: Actor, now: datetime) -> Screen:
    """Screens, some days from now."""

    def run(after: int = 0, **more: Any) -> str:
        return actions.screen(by=actor, as_of=now + after * DAY, **more)

    return run


@pytest.fixture
def told(firms: tuple[str, ...], tell: Tell, publish: Publish) -> tuple[str, ...]:
    """Two packs, and four firms: 12 staff, unknown staff, 6 staff in the town, and one without known wages."""
    for pack in (HEADS, TOWN):
        publish(pack)
    for firm, facts in zip(
        firms,
        (
            {"place": "990102", "staff": 12, "wages_fen": 500},
            {"place": "990100", "wages_fen": 700},
            {"place": "990202", "staff": 6, "wages_fen": 900},
            {"place": "990202", "staff": 30},
        ),
        strict=True,
    ):
        tell(firm, facts)
    return firms


def amounts(run: str, item: str, **more: Any) -> dict[str, tuple[bool, int | None]]:
    """Subject to (entitled, fen) of an item."""
    found = queries.results_of_item(run, item, **{"scope": ALL, **more})
    return {result.subject_id: (result.is_entitled, result.amount_fen) for result in found}


def test_a_screening_agrees_with_single_assessments(
    told: tuple[str, ...], snap: Snap, screen: Screen, now: datetime
) -> None:
    snap()
    run = screen()
    assert amounts(run, HEADS.item) == {told[0]: (True, 500), told[1]: (False, None), told[3]: (True, None)}
    assert amounts(run, TOWN.item) == {told[2]: (True, 1800), told[3]: (True, None)}
    for firm in told:
        for found in queries.assess_all(firm, as_of=now, scope=ALL):
            expected = amounts(run, found.item).get(firm)
            assert (found.answer == "not") == (expected is None)
            assert expected is None or expected == (
                found.answer == "entitled",
                found.amount_fen if expected[0] else None,
            )


def test_a_run_is_one_fact_with_its_inputs_and_root(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    ref = snap()
    run = queries.run(screen())
    (entry,) = ledger.entries_about(run.id)
    assert entry.kind == "screening.run"
    assert run.inputs["snapshots"] == {"organisation": ref.root}
    assert (run.subjects, run.items, run.entitled, run.possible, run.overlaid) == (4, 2, 4, 1, 0)
    assert queries.latest_run() == run


def test_the_same_inputs_give_the_same_root(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    ref = snap()
    assert queries.run(screen(snapshot=ref)).root == queries.run(screen(snapshot=[ref])).root


def test_changes_laid_over_come_to_the_same_as_a_new_snapshot(
    told: tuple[str, ...], tell: Tell, snap: Snap, screen: Screen
) -> None:
    snap()
    tell(told[1], {"staff": 11})
    tell(told[0], {"staff": 3})
    laid_over = screen()
    assert queries.run(laid_over).overlaid == 2
    snap(after=1)
    afresh = screen(after=1)
    assert queries.run(afresh).overlaid == 0
    for item in (HEADS.item, TOWN.item):
        assert amounts(laid_over, item) == amounts(afresh, item)
    assert amounts(afresh, HEADS.item)[told[1]] == (True, 700)


def test_counts_by_region_add_up(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    counts = {(one.item_id, one.region): one for one in queries.counts(screen(), scope=ALL)}
    assert {key: (one.entitled, one.possible, one.amount_unknown, one.amount_fen) for key, one in counts.items()} == {
        (HEADS.item, "990100"): (0, 1, 0, 0),
        (HEADS.item, "990102"): (1, 0, 0, 500),
        (HEADS.item, "990202"): (1, 0, 1, 0),
        (TOWN.item, "990202"): (2, 0, 1, 1800),
    }


def test_items_are_summed_over_the_regions_of_the_scope(
    told: tuple[str, ...], publish: Publish, snap: Snap, screen: Screen
) -> None:
    nobody = MadeUp(name="nobody", least=99)
    publish(nobody)
    snap()
    run = screen()

    def sums(scope: Scope) -> dict[str, tuple[int, int, int, int]]:
        return {
            one.item_id: (one.entitled, one.possible, one.amount_unknown, one.amount_fen)
            for one in queries.screened(run, scope=scope)
        }

    assert sums(ALL) == {HEADS.item: (2, 1, 1, 500), nobody.item: (0, 1, 0, 0), TOWN.item: (2, 0, 1, 1800)}
    town = Scope(frozenset({"statistics"}), frozenset({"990102"}), None)
    assert sums(town) == {HEADS.item: (1, 0, 0, 500), nobody.item: (0, 0, 0, 0), TOWN.item: (0, 0, 0, 0)}
    assert sums(Scope(frozenset({"tax"}), None, None)) == {}


def test_an_office_sees_its_items_in_its_regions(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    run = screen()
    town = Scope(frozenset({"statistics"}), frozenset({"990202"}), None)
    assert amounts(run, HEADS.item, scope=town) == {told[3]: (True, None)}
    assert {count.region for count in queries.counts(run, scope=town)} == {"990202"}
    stranger = Scope(frozenset({"tax"}), None, None)
    assert amounts(run, HEADS.item, scope=stranger) == {}
    assert queries.counts(run, scope=stranger) == ()


def test_results_come_in_pages(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    run = screen()
    first = queries.results_of_item(run, HEADS.item, scope=ALL, limit=2)
    rest = queries.results_of_item(run, HEADS.item, scope=ALL, limit=2, after=first[-1].subject_id)
    assert [len(first), len(rest)] == [2, 1]
    assert len({result.subject_id for result in (*first, *rest)}) == 3
    assert len(queries.results_of_item(run, HEADS.item, scope=ALL, only_entitled=True)) == 2


def test_a_subject_sees_what_it_was_found_entitled_to(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    run = screen()
    mine = Scope.own(frozenset({told[3]}), "mine")
    found = queries.results_of_subject(run, told[3], scope=mine)
    assert [(result.item_id, result.amount_fen) for result in found] == [(HEADS.item, None), (TOWN.item, None)]
    with pytest.raises(AccessError):
        queries.results_of_subject(run, told[0], scope=mine)


def test_what_changed_between_two_runs(told: tuple[str, ...], tell: Tell, snap: Snap, screen: Screen) -> None:
    snap()
    before = screen()
    tell(told[0], {"staff": 3})
    tell(told[1], {"staff": 11})
    tell(told[2], {"wages_fen": 1000, "staff": 10})
    tell(told[3], {"wages_fen": 1})
    after = screen(after=1)
    found = queries.differences(after, before, scope=ALL)
    assert {(one.subject_id, one.item_id): (one.change, one.amount_before_fen, one.amount_fen) for one in found} == {
        (told[0], HEADS.item): (Change.NO_LONGER, 500, None),
        (told[1], HEADS.item): (Change.NOW_KNOWN, None, 700),
        (told[2], HEADS.item): (Change.NEWLY_ENTITLED, None, 1000),
        (told[3], HEADS.item): (Change.NOW_KNOWN, None, 1),
        (told[2], TOWN.item): (Change.AMOUNT_CHANGED, 1800, 2000),
        (told[3], TOWN.item): (Change.NOW_KNOWN, None, 2),
    }
    assert queries.latest_run(before=after) == queries.run(before)
    in_city = Scope(None, frozenset({"990102"}), None)
    assert [one.subject_id for one in queries.differences(after, before, scope=in_city)] == [told[0]]
    assert list(queries.differences(after, after, scope=ALL)) == []


def test_an_item_published_meanwhile_is_news_to_all_it_reaches(
    told: tuple[str, ...], publish: Publish, snap: Snap, screen: Screen
) -> None:
    snap()
    before = screen()
    fresh = MadeUp(name="fresh")
    publish(fresh)
    changes = [(one.subject_id, one.change) for one in queries.differences(screen(after=1), before, scope=ALL)]
    assert changes == [(told[0], Change.NEWLY_ENTITLED), (told[3], Change.NEWLY_ENTITLED)]


@pytest.fixture
def grant(actor: Actor, now: datetime) -> Callable[..., str]:
    """Grants an item in force."""

    def grant_one(subject_id: str, pack: MadeUp, fen: int = 1) -> str:
        published = catalogue.item(pack.item, as_of=now)
        return granted.grant(
            grant_id=new_id("grant"),
            case_id=new_id("case"),
            subject_id=subject_id,
            item_id=pack.item,
            revision_id=published.revision_id,
            keys=queries.claim_keys(published.item, subject_id, Facts(), local_date(now)),
            amount_fen=fen,
            by=actor,
            as_of=now,
        )

    return grant_one


def test_who_is_entitled_and_has_not_claimed(
    told: tuple[str, ...], snap: Snap, screen: Screen, grant: Callable[..., str], actor: Actor, now: datetime
) -> None:
    snap()
    run = screen()
    identity = grant(told[0], HEADS)

    def left(open_claims: frozenset[str] = frozenset()) -> list[str]:
        asked: dict[str, Any] = {"scope": ALL, "open_claims": open_claims}
        found = queries.unclaimed(run, HEADS.item, **asked)
        assert sum(queries.unclaimed_in(run, HEADS.item, **asked).values()) == len(found)
        return [result.subject_id for result in found]

    assert left() == [told[3]]
    assert left(open_claims=frozenset({told[3]})) == []
    actions.revoke(grant_id=identity, reason="误发", by=actor, as_of=now)
    assert left() == [told[0], told[3]]


def test_a_rule_that_reads_past_grants_is_screened_with_them(
    told: tuple[str, ...], publish: Publish, snap: Snap, screen: Screen, grant: Callable[..., str]
) -> None:
    newcomer = MadeUp(name="newcomer", when="count(grants) = 0", cases=NEWCOMER)
    publish(newcomer)
    snap()
    first = screen()
    grant(told[0], HEADS)
    second = screen()
    assert told[0] in amounts(first, newcomer.item)
    assert set(amounts(first, newcomer.item)) - set(amounts(second, newcomer.item)) == {told[0]}
    assert queries.run(first).root != queries.run(second).root


NEWCOMER = """  - name: 新
    facts: {wages_fen: 100, grants: []}
    pay: {answer: entitled}
  - name: 旧
    facts: {wages_fen: 100, grants: [{item: x}]}
    pay: {answer: not, because: [enough]}
"""


def test_records_are_screened_one_by_one(
    told: tuple[str, ...], tell: Tell, publish: Publish, snap: Snap, screen: Screen
) -> None:
    publish(HIRES)
    hires = [{"person": "p1", "months": 7, "wage_fen": 10}, {"person": "p2", "months": 8, "wage_fen": 20}]
    tell(told[0], {"hires": hires})
    snap()
    assert amounts(screen(), HIRES.item)[told[0]] == (True, 30)


def test_what_has_grown_too_old_since_the_snapshot_is_unknown(
    told: tuple[str, ...], tell: Tell, publish: Publish, snap: Snap, screen: Screen, actor: Actor, now: datetime
) -> None:
    sound = MadeUp(name="sound", when="sound", cases=SOUND)
    publish(sound)
    tell(told[0], {"sound": True})
    tell(told[2], {"sound": False})
    newer = {"source": "made up", "observed_on": local_date(now + 30 * DAY)}
    registry.record_fact(subject_id=told[3], key="sound", value=True, by=actor, as_of=now, **newer)
    snap()
    assert amounts(screen(), sound.item)[told[0]] == (True, 500)
    later = screen(after=91)
    assert amounts(later, sound.item)[told[0]] == (False, None)
    assert amounts(later, sound.item)[told[2]] == (False, None)
    assert amounts(later, sound.item)[told[3]] == (True, None)
    assert queries.assess(told[0], sound.item, as_of=now + 91 * DAY, scope=ALL).answer == "possible"


SOUND = """  - name: 正常
    facts: {wages_fen: 100, sound: true}
    pay: {answer: entitled}
  - name: 不正常
    facts: {wages_fen: 100, sound: false}
    pay: {answer: not, because: [enough]}
"""


def test_progress_is_heard_chunk_by_chunk(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    heard: list[tuple[int, int, str]] = []
    screen(progress=lambda *words: heard.append(words))
    *before, last = heard
    assert last == (1, 1, "organisation: matching")
    # Tests share a home: rows that another one made alike are encoded there already.
    assert before in ([], [(1, 1, "organisation: encoding")])


def test_a_run_that_breaks_leaves_the_last_one_in_force(told: tuple[str, ...], snap: Snap, screen: Screen) -> None:
    snap()
    good = screen()

    def stop(*words: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(run_id="run_broken", after=1, progress=stop)
    assert not (settings.HOME / "screenings/run_broken").exists()
    assert queries.latest_run() == queries.run(good)
    assert amounts(good, HEADS.item)[told[0]] == (True, 500)
    assert amounts(screen(after=1), HEADS.item) == amounts(good, HEADS.item)


def test_without_a_snapshot_there_is_nothing_to_screen(told: tuple[str, ...], screen: Screen) -> None:
    with pytest.raises(ConflictError, match="nothing_to_screen"):
        screen()
    with pytest.raises(ConflictError, match="no_such_run"):
        queries.run("run_0")


@pytest.mark.parametrize("table", ["screeningrun", "screeningitem"])
def test_the_database_refuses_to_change_a_run(told: tuple[str, ...], snap: Snap, screen: Screen, table: str) -> None:
    snap()
    screen()
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM entitlements_{table}")
