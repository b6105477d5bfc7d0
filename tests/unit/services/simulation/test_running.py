"""A run says of everyone what engine one says of each, to the fen; quotas, groups and shifts included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.golden.province import FOLDER, province
from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.rules import Answer, assess
from zhida.domain.scenarios import Base, Offer, Scenario, TakeUp, in_force, offer_of, read_scenario
from zhida.domain.scenarios.cells import REST
from zhida.domain.scenarios.claiming import EVERYBODY
from zhida.domain.scenarios.offers import assuming
from zhida.domain.values import Fact, FactKey, Facts, SubjectKind
from zhida.services.demonstration.generation.portraits import read_portraits
from zhida.services.demonstration.generation.snapshots import Crowd
from zhida.services.simulation.asking import dimensions
from zhida.services.simulation.outcome import HIDDEN, CellFigures, Outcome, read_outcome
from zhida.services.simulation.rows import Rows
from zhida.services.simulation.running import Question, simulate

DAY = date(2026, 10, 1)
ASSUME = {"other_public_funding_fen": Decimal(0)}
REBATE, AWARD, CITY = "mingzhou/research-rebate/rebate", "mingzhou/platform-award/award", "yunze/platform-award/award"
HALF = b"name: half\nwords: {zh: x}\nchange:\n  mingzhou/research-rebate:\n    parameters: {rate: 0.04}\n"
SHORT = b"""name: short
words: {zh: x}
change:
  mingzhou/research-rebate:
    items: {rebate: {quota: {order: pro_rata, total_yuan: 50000}}}
"""


OPEN = b"""name: open
words: {zh: x}
change:
  mingzhou/research-rebate:
    items: {rebate: {requires: [in_good_standing]}}
"""


def base() -> Base:
    root = province()
    return Base(root.packs, root.dictionary, root.groups, root.group_nodes)


def offer(item_id: str, scenario: Scenario | None = None) -> Offer:
    pack, _, name = item_id.rpartition("/")
    found = offer_of((scenario.packs if scenario else province().packs)[pack].items[name])
    return replace(found, program=replace(found.program, schema=assuming(found.program.schema, ASSUME)))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {f"_population/{path.name}": path.read_bytes() for path in (FOLDER / "_population").iterdir()}
    portrait = read_portraits(files)[SubjectKind.ORGANISATION]
    crowd = Crowd(SubjectKind.ORGANISATION, 700, 5, DAY, province().dictionary, portrait)
    path = tmp_path_factory.mktemp("rows") / "people.parquet"
    pq.write_table(pa.concat_tables(crowd.tables()), path)
    return path


@pytest.fixture(scope="module")
def everyone(people: Path) -> list[Facts]:
    facts = province().dictionary.facts
    return [_facts(row, facts) for row in pq.read_table(people).to_pylist()]


def _facts(row: Mapping[str, object], declared: Mapping[str, object]) -> Facts:
    known = {}
    for name, value in row.items():
        if name in ("subject", "region") or name.startswith("~") or value is None:
            continue
        fact = declared.get(name.partition("@")[0])
        if fact is not None and fact.kind == "number":  # type: ignore[attr-defined]
            value = Decimal(value).scaleb(-fact.scale)  # type: ignore[attr-defined,arg-type]
        known[FactKey.parse(name)] = Fact(tuple(value) if isinstance(value, list) else value)
    return Facts(known)


def run(people: Path, items: tuple[str, ...], *files: bytes, share: TakeUp | None = None, bound: int = 5) -> Outcome:
    first = in_force(base(), share or EVERYBODY, ASSUME)
    scenarios = (first, *(read_scenario("f", one, base(), first) for one in files))
    cuts = dimensions(province().dictionary, SubjectKind.ORGANISATION, "990000")
    return simulate(Question(items, scenarios, DAY, bound=bound, dimensions=cuts), Rows(people, "root"))


def paid(everyone: list[Facts], one: Offer) -> list[int | None]:
    found = [assess(one.program, facts, DAY) for facts in everyone]
    return [(one.amount_fen or 0) if one.answer is Answer.ENTITLED else None for one in found]


def test_every_fen_is_what_engine_one_gives(people: Path, everyone: list[Facts]) -> None:
    scenario = read_scenario("f", HALF, base())
    outcome = run(people, (REBATE,), HALF)
    for world, one in zip(outcome.worlds, (offer(REBATE), offer(REBATE, scenario)), strict=True):
        expected = [fen for fen in paid(everyone, one) if fen is not None]
        assert expected
        assert (world.subjects, world.fen) == (len(expected), sum(expected))
        assert world.offers[0].asked_fen == world.offers[0].granted_fen == sum(expected)


def test_winners_and_losers_are_counted_one_by_one(people: Path, everyone: list[Facts]) -> None:
    shift = run(people, (REBATE,), HALF).worlds[1].shift
    before, after = paid(everyone, offer(REBATE)), paid(everyone, offer(REBATE, read_scenario("f", HALF, base())))
    more = [(two or 0) - (one or 0) for one, two in zip(before, after, strict=True)]
    assert shift is not None
    assert (shift.winners, shift.losers) == (sum(each > 0 for each in more), sum(each < 0 for each in more))
    assert (shift.gained_fen, shift.lost_fen) == (
        sum(max(0, each) for each in more),
        -sum(min(0, each) for each in more),
    )


def test_of_a_group_only_the_highest_is_paid(people: Path, everyone: list[Facts]) -> None:
    outcome = run(people, (AWARD, CITY))
    pairs = zip(paid(everyone, offer(AWARD)), paid(everyone, offer(CITY)), strict=True)
    best = [max(fen for fen in pair if fen is not None) for pair in pairs if any(fen is not None for fen in pair)]
    assert (outcome.worlds[0].subjects, outcome.worlds[0].fen) == (len(best), sum(best))


def test_a_budget_is_shared_out_to_the_last_fen(people: Path) -> None:
    outcome = run(people, (REBATE,), SHORT)
    whole, short = outcome.worlds
    assert whole.fen > 5_000_000
    assert short.fen == short.offers[0].granted_fen == 5_000_000
    assert short.offers[0].claimed_fen == whole.fen


def test_first_come_is_the_same_queue_each_time(people: Path) -> None:
    places = SHORT.replace(b"order: pro_rata, total_yuan: 50000", b"order: first_come, n: 4")
    one, other = (run(people, (REBATE,), places).worlds[1] for _ in range(2))
    assert one == other
    assert one.offers[0].granted == 4


def test_a_share_claims_and_scenarios_draw_alike(people: Path) -> None:
    outcome = run(people, (REBATE,), b"name: a\nwords: {zh: x}\ntake_up: 0.5\n", share=TakeUp(*(Decimal("0.5"),) * 3))
    first, second = outcome.worlds
    assert 0 < first.subjects < first.offers[0].entitled
    assert (first.subjects, first.fen) == (second.subjects, second.fen)


def _leaves(cell: CellFigures) -> list[CellFigures]:
    return [leaf for below in cell.below for leaf in _leaves(below)] if cell.below else [cell]


def test_cuts_add_up_and_hide_the_few(people: Path) -> None:
    outcome = run(people, (REBATE,), OPEN, bound=9)
    assert {"region", "industry", "enterprise_size"} <= outcome.breakdowns.keys()
    for top in outcome.breakdowns.values():
        assert top.counts == tuple(world.subjects for world in outcome.worlds)
        assert tuple(sum(leaf.fen[at] for leaf in _leaves(top)) for at in (0, 1)) == top.fen
        assert all(count == 0 or count >= 9 for leaf in _leaves(top) for count in leaf.counts)
    assert any(leaf.code == REST for top in outcome.breakdowns.values() for leaf in _leaves(top))


def test_what_is_kept_reads_back(people: Path) -> None:
    outcome = run(people, (REBATE,), HALF)
    assert read_outcome(outcome.record()).digest == outcome.digest


def test_an_item_that_is_shut_all_year_gives_nobody_anything(people: Path) -> None:
    shut = SHORT.replace(b"quota: {order: pro_rata, total_yuan: 50000}", b"window: {from: 2027-01-01, to: 2027-03-01}")
    assert run(people, (REBATE,), shut).worlds[1].subjects == 0


def test_items_for_unlike_kinds_are_refused(people: Path) -> None:
    with pytest.raises(ConflictError, match="kinds_differ"):
        run(people, (REBATE, "mingzhou/age-allowance/allowance"))


def test_a_file_that_is_cut_off_is_refused(people: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.parquet").write_bytes(people.read_bytes()[:-100])
    with pytest.raises(InvariantBroken, match="unreadable_rows"):
        run(tmp_path / "cut.parquet", (REBATE,))


def test_a_shift_gives_away_no_sum_that_is_hidden(people: Path) -> None:
    outcome = run(people, (REBATE,), OPEN, bound=20)
    assert 0 < outcome.worlds[0].subjects < 20 <= outcome.worlds[1].subjects
    first, second = read_outcome(outcome.record()).worlds
    assert second.shift is not None
    assert (first.fen, second.shift.gained_fen, second.shift.lost_fen) == (HIDDEN, HIDDEN, HIDDEN)
    assert second.fen == outcome.worlds[1].fen
