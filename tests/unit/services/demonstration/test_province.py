"""A made-up province: true packs, the short way to programs says the same, and the shape is a real province's."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
import pytest
from click.testing import CliRunner

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Root, read_root, run_golden
from zhida.domain.rules import Program
from zhida.services.demonstration.generation import province
from zhida.services.demonstration.generation.province.bodies import draw_body
from zhida.services.demonstration.generation.province.packs import TEMPLATES, layout, source_of
from zhida.services.demonstration.generation.province.roots import write_root
from zhida.surfaces.cli.pack import command

SEED = 7


@pytest.fixture(scope="module")
def root() -> Root:
    return read_root(dict(province.files(60, SEED)))


def told(program: Program) -> tuple[object, ...]:
    """All of a program but where its words stand in files."""
    schema = program.schema
    parts = repr((replace(program, schema=None), schema.tables, schema.amounts))
    return re.sub(r"place=Place\([^)]*\)", "", parts), schema.facts, schema.code_trees


def test_the_root_is_sound_and_every_item_has_its_two_cases(root) -> None:
    assert root.problems == ()
    assert sum(len(pack.items) for pack in root.packs.values()) == 60
    for pack in root.packs.values():
        report = run_golden(pack)
        assert report.failed == ()
        answers = Counter((result.item, result.actual.answer) for result in report.results)
        assert answers == {(item, answer): 1 for item in pack.items for answer in ("entitled", "not")}


def test_the_short_way_gives_the_programs_of_the_root(root) -> None:
    read = [item.program for pack in root.packs.values() for item in pack.items.values()]
    assert [told(program) for program in province.programs(60, SEED)] == [told(program) for program in read]


def test_the_same_seed_gives_the_same_items_and_another_gives_others() -> None:
    first, again, other = (dict(province.files(30, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first.keys() != other.keys()


def test_items_are_spread_over_regions_and_copied_as_in_a_real_province() -> None:
    places = layout(18_857, SEED)
    tree = province.dictionary(SEED).code_trees["region"]
    depths = Counter(dict.fromkeys(range(4), 0))
    for place in places:
        depths[len(tree.ancestors(place.region))] += len(place.bodies)
    shares = [depths[depth] / 18_857 for depth in range(4)]
    assert shares == pytest.approx([0.035, 0.28, 0.62, 0.065], abs=0.002)
    bodies = [body for place in places for body in place.bodies]
    assert np.mean([body < TEMPLATES for body in bodies]) == pytest.approx(0.35, abs=0.02)
    assert len(set(bodies)) < len(bodies)
    assert [place.id for place in places] == sorted(place.id for place in places)


def test_bodies_have_two_to_thirteen_conditions_and_every_kind_of_money() -> None:
    bodies = [draw_body(source_of(SEED), SEED, number) for number in range(400)]
    counts = [sum(len(requirement.conditions) for requirement in body.requirements) for body in bodies]
    assert (min(counts), max(counts)) == (2, 13)
    assert np.mean(counts) == pytest.approx(6, abs=0.4)
    kinds = {body.table.get("hit") or ("fixed" if body.amount.get("is", "x").isdigit() else "rate") for body in bodies}
    assert kinds == {"unique", "first", "marginal", "fixed", "rate"}
    assert 0.05 < np.mean([not body.amount and not body.table for body in bodies]) < 0.15


def test_trees_have_as_many_nodes_as_real_ones() -> None:
    trees = province.dictionary(SEED).code_trees
    assert [len(trees[name].parents) for name in ("region", "industry")] == [1_540, 1_984]
    assert all(code.startswith("99") for code in trees["region"].parents)


def test_places_are_told_as_precisely_as_in_a_real_register() -> None:
    table = province.crowd(20_000, SEED).part(0)
    tree = province.dictionary(SEED).code_trees["region"]
    depths = Counter(len(tree.ancestors(code)) + 1 if code else 0 for code in table["region"].to_pylist())
    shares = [depths[depth] / len(table) for depth in range(5)]
    assert shares == pytest.approx([0.008, 0.007, 0.025, 0.16, 0.80], abs=0.01)
    assert table["registered_region"].null_count == depths[0]


def test_tags_are_always_told_or_often_missing_and_small_firms_are_less_well_known() -> None:
    table = province.crowd(20_000, SEED).part(0)
    gaps = [table[f"tag_{number:02d}"].null_count / len(table) for number in range(1, 61)]
    assert gaps[:35] == [0] * 35
    assert all(0.15 < gap < 0.52 for gap in gaps[35:58])
    assert all(0.05 < gap < 0.12 for gap in gaps[58:])
    size = table["enterprise_size"].cast("string")
    missing = [
        table["research_spend_fen"].filter(pc.fill_null(pc.equal(size, word), False)).is_null()
        for word in ("micro", "medium")
    ]
    assert pc.mean(missing[0]).as_py() > pc.mean(missing[1]).as_py() + 0.1


def test_a_root_cut_off_is_finished_and_another_is_not_touched(tmp_path) -> None:
    whole = write_root(60, SEED, tmp_path)
    assert whole.files == whole.fresh == len(dict(province.files(60, SEED)))
    next(tmp_path.glob("r*/*/rules.yaml")).unlink()
    assert write_root(60, SEED, tmp_path).fresh == 1
    with pytest.raises(ConflictError, match="another_root"):
        write_root(60, SEED + 1, tmp_path)


def test_the_command_writes_what_check_finds_sound(tmp_path) -> None:
    out = tmp_path / "root"
    written = CliRunner().invoke(command, ["generate", "--items", "8", "--out", str(out), "--json"])
    assert written.exit_code == 0, written.output
    checked = CliRunner().invoke(command, ["check", str(out)])
    assert checked.exit_code == 0, checked.output
