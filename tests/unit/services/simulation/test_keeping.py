"""A run is kept with a fact in the ledger, found again by the offices that made it, and the same when repeated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.unit.kernel.made_up_packs import MadeUp
from zhida.domain import packs
from zhida.domain.errors import AuthorError, ConflictError
from zhida.domain.values import Actor, Scope, SubjectKind, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import actions as entitlements
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.registry import actions as registry
from zhida.services.simulation import keeping
from zhida.services.simulation.keeping import Kept, Wish
from zhida.services.simulation.outcome import HIDDEN, Granted

HEADS, TOWN = MadeUp(), MadeUp(name="town", region="990202", least=5, times=2)
TWICE = (
    b"name: twice\nwords: {zh: x}\nchange:\n  made-up/heads:\n"
    b"    rules: {amounts: {pay_fen: {is: wages_fen * 2}}, requirements: {enough: {when: staff >= 6}}}\n"
)
Publish = Callable[..., str]
Tell = Callable[[str, Mapping[str, Any]], None]
Run = Callable[..., Kept]


@pytest.fixture
def wish(
    firms: tuple[str, ...],
    tell: Tell,
    publish: Publish,
    dictionary: packs.Dictionary,
    actor: Actor,
    now: datetime,
) -> Wish:
    """Two packs, and a snapshot of four firms: 12 staff, 30 staff elsewhere, 6 staff in the town, one unknown."""
    for pack in (HEADS, TOWN):
        publish(pack)
    told = ((0, 12, 100), (1, 30, 200), (2, 6, 1_000))
    for at, staff, wages in told:
        place = "990202" if at == 2 else "990102"
        tell(firms[at], {"place": place, "staff": staff, "wages_fen": wages})
    registry.build_snapshot(kind=SubjectKind.ORGANISATION, dictionary=dictionary, as_of=now, by=actor)
    return Wish((HEADS.item, TOWN.item), {}, now, bound=1)


@pytest.fixture
def run(wish: Wish, actor: Actor, now: datetime) -> Run:
    """Runs the wish with something changed."""

    def made(simulation_id: str = "", **changes: Any) -> Kept:
        changed = replace(wish, **changes)
        identity = simulation_id or new_id("sim")
        return keeping.run(changed, simulation_id=identity, by=actor, as_of=now, scope=Scope.system("test"))

    return made


def test_what_is_in_force_is_counted_to_the_fen(run: Run) -> None:
    (world,) = run().outcome.worlds
    assert [(one.item, one.entitled, one.asked_fen) for one in world.offers] == [
        (HEADS.item, 2, 300),
        (TOWN.item, 1, 2_000),
    ]
    assert (world.subjects, world.fen) == (3, 2_300)
    assert world.due == (2_300, 0, 0, 0, 0)


def test_a_scenario_stands_beside_it(run: Run) -> None:
    kept = run(files={"twice.yaml": TWICE})
    assert [world.fen for world in kept.outcome.worlds] == [2_300, 2 * 1_300 + 2_000]
    assert kept.files == {"twice.yaml": TWICE.decode()}


def test_what_few_gain_is_not_kept(run: Run) -> None:
    kept = run(files={"twice.yaml": TWICE}, bound=5).outcome
    world, shift = kept.worlds[1], kept.worlds[1].shift
    assert shift is not None
    assert (shift.winners, shift.gained_fen, shift.losers, shift.lost_fen) == (HIDDEN, HIDDEN, 0, HIDDEN)
    assert (world.subjects, world.fen, world.asked) == (HIDDEN, HIDDEN, (HIDDEN,) * 3)
    assert {(one.entitled, one.asked_fen, one.granted_fen) for one in world.offers} == {(HIDDEN,) * 3}
    assert all(top.counts == (HIDDEN,) * 2 and not top.below for top in kept.breakdowns.values())


def test_it_stands_in_the_ledger_with_what_went_in(run: Run) -> None:
    kept = run()
    (entry,) = ledger.entries_about(kept.id)
    assert (entry.kind, entry.fields["digest"]) == ("simulation.run", kept.outcome.digest)
    assert entry.fields["inputs"]["seed"] == 1
    assert kept.entry_id == entry.id


def test_the_same_question_gives_the_same_digest(run: Run) -> None:
    first = run()
    assert run().digest == run(seed=2).digest == first.digest
    assert run(files={"twice.yaml": TWICE}).digest != first.digest


def test_sent_twice_it_is_kept_once(run: Run) -> None:
    first = run("sim_01J00000000000000000000000")
    assert run("sim_01J00000000000000000000000", bound=9) == first


def test_it_is_found_by_the_offices_that_made_it(run: Run) -> None:
    kept = run()
    assert keeping.newest(None) == (kept,)
    assert keeping.newest({"elsewhere"}) == ()
    with pytest.raises(ConflictError, match="no_such_simulation"):
        keeping.kept(kept.id, {"elsewhere"})


def test_what_was_really_granted_stands_beside_it(
    run: Run, firms: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    assert run().outcome.granted == ()
    held = catalogue.item(HEADS.item, as_of=now)
    keys = held.item.keys_of(firms[0], local_date(now))
    new = entitlements.NewGrant(new_id("grant"), new_id("case"), firms[0], HEADS.item, held.revision_id, keys, 100)
    entitlements.grant_many(grants=[new], by=actor, as_of=now)
    assert run().outcome.granted == (Granted(HEADS.item, 1, 100),)
    assert run(bound=5).outcome.granted == (Granted(HEADS.item, HIDDEN, HIDDEN),)


def test_a_day_before_any_snapshot_cannot_be_simulated(run: Run, now: datetime) -> None:
    with pytest.raises(ConflictError, match=r"nothing_to_simulate|not_published"):
        run(at=now - timedelta(days=30))


def test_a_pack_stands_for_its_items_and_a_stranger_is_refused(run: Run) -> None:
    assert run(item_ids=(HEADS.id,)).items == (HEADS.item,)
    with pytest.raises(ConflictError, match="not_published"):
        run(item_ids=("made-up/nothing/pay",))


def test_mistakes_of_every_file_are_told_at_once(run: Run) -> None:
    bad = {f"{name}.yaml": f"name: {name}\nwords: {{zh: x}}\nchange: {{nobody: {{}}}}\n".encode() for name in "ab"}
    with pytest.raises(AuthorError) as caught:
        run(files=bad, assume={})
    assert [(one.file, one.line) for one in caught.value.problems] == [("a.yaml", 3), ("b.yaml", 3)]
