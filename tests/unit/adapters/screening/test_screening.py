"""Screening into files: what the engine says, however rows are cut, resumed after a kill, safe on a full disk."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.unit.adapters.screening.conftest import ROWS, Province, rows_to_facts, standing
from zhida.adapters.screening import FileScreener, folders
from zhida.adapters.screening import screener as screening
from zhida.adapters.screening.kept import piece_path
from zhida.domain.errors import ConflictError, InvariantBroken, RetryableOutside, ZhidaError
from zhida.domain.rules.engines.table import compile_plan, encode, match

ROOT = Path(__file__).parents[4]


def test_what_is_kept_is_what_the_engine_says(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    found = screener.screen(made_up.task(*made_up.write(tmp_path / "rows")), draft="one")
    kept = screener.results(screener.keep("one", "run_1"), "organisation")
    plan = compile_plan(made_up.programs, made_up.day)
    result = match(encode(made_up.table, plan), plan)
    keys = made_up.table["subject"].to_numpy()
    assert kept is not None
    assert found.entitled > 50
    assert found.possible > 50
    for item in kept.items:
        outcome, expected = kept.item(item), result.item(item)
        assert set(outcome.subjects[outcome.is_entitled]) == set(keys[expected.entitled])
        assert set(outcome.subjects[~outcome.is_entitled]) == set(keys[expected.possible])
        by_key = dict(zip(keys[expected.entitled].tolist(), np.maximum(expected.fen, -1).tolist(), strict=True))
        mine = zip(outcome.subjects.tolist(), outcome.amount_fen.tolist(), outcome.is_entitled, strict=True)
        assert {key: fen for key, fen, is_entitled in mine if is_entitled} == by_key
    for row in range(0, ROWS, 97):
        expected_fen = {item: max(fen, -1) for item, fen in result.subject(row).items()}
        assert dict(kept.subject(int(keys[row]))) == expected_fen
        assert kept.region_of(int(keys[row])) == (made_up.table["region"][row].as_py() or "")
    assert kept.subject(-5) == ()
    assert kept.region_of(-5) == ""


def test_totals_add_up(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    found = screener.screen(made_up.task(*made_up.write(tmp_path / "rows")), draft="one")
    kept = screener.results(screener.keep("one", "run_1"), "organisation")
    assert kept is not None
    totals = kept.totals()
    counted: Counter[tuple[str, str]] = Counter()
    money: Counter[str] = Counter()
    for item in kept.items:
        outcome = kept.item(item)
        counted.update((item, region) for region in outcome.region[outcome.is_entitled].tolist())
        money[item] += int(outcome.amount_fen[outcome.amount_fen > 0].sum())
    told = {
        (totals.items[item], totals.regions[region]): entitled
        for item, region, entitled in zip(totals.item, totals.region, totals.sums[:, 0].tolist(), strict=True)
        if entitled
    }
    assert told == dict(counted)
    assert found.entitled == sum(counted.values())
    for place, item in enumerate(totals.items):
        assert totals.sums[totals.item == place, 3].sum() == money[item]
    assert 0 < found.pairs_in_scope < ROWS * len(kept.items)


def test_digests_do_not_know_how_rows_are_cut(two_chunks: Province, screener: FileScreener, tmp_path: Path) -> None:
    rows = two_chunks.table.num_rows
    whole = screener.screen(two_chunks.task(*two_chunks.write(tmp_path / "whole", groups=(rows,))), draft="whole")
    cut = two_chunks.write(tmp_path / "cut", groups=(1, 30_000, 40_000, rows - 70_001))
    assert screener.screen(two_chunks.task(*cut), draft="cut").digests == whole.digests
    assert len(set(whole.digests.values())) > 20


def test_rows_laid_over_count_as_if_they_had_been_there(
    made_up: Province, screener: FileScreener, tmp_path: Path
) -> None:
    """Some subjects take what others had, and two are new; the same as a table made so from the start."""
    files = made_up.write(tmp_path / "rows")
    keys = made_up.table["subject"].to_numpy()
    donors = made_up.table.slice(600, 12)
    named = np.concatenate([keys[100:110], [keys.max() + 1, keys.max() + 2]])
    laid = donors.set_column(0, "subject", pa.array(named)).set_column(1, "region", donors["region"].cast(pa.string()))
    found = screener.screen(made_up.task(*files, laid=laid), draft="laid")
    rows = [*range(100), *range(600, 610), *range(110, ROWS), 610, 611]
    afresh = made_up.table.take(pa.array(rows))
    subjects = np.concatenate([keys, named[10:]])
    other = Province(made_up.programs, afresh.set_column(0, "subject", pa.array(subjects)))
    expected = screener.screen(other.task(*other.write(tmp_path / "afresh", groups=(ROWS + 2,))), draft="afresh")
    assert (found.subjects, found.overlaid) == (ROWS + 2, 12)
    assert found.digests == expected.digests
    plain = screener.screen(made_up.task(*files), draft="plain")
    assert plain.digests != found.digests


def test_what_was_finished_is_not_done_again(
    made_up: Province, screener: FileScreener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))

    def stop(*words: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(screening, "write_totals", stop)
        with pytest.raises(KeyboardInterrupt):
            screener.screen(task, draft="one")
    with monkeypatch.context() as patch:
        patch.setattr(screening, "matched", stop)
        resumed = screener.screen(task, draft="one")
    assert resumed.digests == screener.screen(task, draft="two").digests


def test_a_piece_cut_off_is_made_again(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    whole = screener.screen(task, draft="one")
    folder = screener.home / "screenings/one.draft/organisation"
    piece = piece_path(folder, 0)
    piece.write_bytes(piece.read_bytes()[:-100])
    (folder / "about.json").unlink()
    assert screener.screen(task, draft="one").digests == whole.digests


@pytest.mark.parametrize("spoil", ["cut", "foreign", "gone"])
def test_encoded_rows_that_cannot_be_used_are_refused_and_made_anew(
    made_up: Province, screener: FileScreener, tmp_path: Path, spoil: str
) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    whole = screener.screen(task, draft="one")
    (store,) = (screener.home / "encoded/rows").iterdir()
    codes = store / "codes.npy"
    if spoil == "cut":
        codes.write_bytes(codes.read_bytes()[:-1])
    elif spoil == "foreign":
        folders.write_array(codes, np.zeros((1, 2, 3), np.uint16))
    else:
        codes.unlink()
    heard: list[str] = []
    again = screener.screen(task, draft="two", progress=lambda done, of, words: heard.append(words))
    assert any("broken_store" in words for words in heard)
    assert again.digests == whole.digests
    third: list[str] = []
    screener.screen(task, draft="three", progress=lambda done, of, words: third.append(words))
    assert not any("encoding" in words or "broken" in words for words in third)


def test_a_full_disk_leaves_the_last_good_run(
    made_up: Province, screener: FileScreener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    screener.screen(task, draft="one")
    good = screener.results(screener.keep("one", "run_1"), "organisation")
    assert good is not None
    before = standing(good)

    def full(*words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pa, "OSFile", full)
        with pytest.raises(RetryableOutside, match="No space left on device"):
            screener.screen(task, draft="two")
    kept = screener.results("screenings/run_1", "organisation")
    assert kept is not None
    assert standing(kept) == before
    assert list((screener.home / "screenings").rglob("*.arrow.*")) == []
    assert screener.screen(task, draft="two").digests == good.about["findings"]["digests"]


def test_a_second_process_waits_its_turn(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    with folders.sole_writer(screener.home / "screenings/one.draft"), pytest.raises(ConflictError, match="under_way"):
        screener.screen(task, draft="one")


def test_keeping_a_run_drops_drafts_that_nobody_works_on(
    made_up: Province, screener: FileScreener, tmp_path: Path
) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    for draft in ("left", "busy", "one"):
        screener.screen(task, draft=draft)
    with folders.sole_writer(screener.home / "screenings/busy.draft"):
        assert screener.keep("one", "run_1") == "screenings/run_1"
    assert {path.name for path in (screener.home / "screenings").iterdir()} == {"busy.draft", "run_1"}
    assert screener.results("screenings/run_1", "person") is None


def test_a_plan_of_other_packs_is_not_used(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    files = made_up.write(tmp_path / "rows")
    first = screener.screen(made_up.task(*files), draft="one")
    (plan,) = (screener.home / "encoded/plans").iterdir()
    plan.write_bytes(compile_plan(made_up.programs[:3], made_up.day, packs="others").to_bytes())
    assert screener.screen(made_up.task(*files), draft="two").digests == first.digests
    plan.write_bytes(plan.read_bytes()[:200])
    assert screener.screen(made_up.task(*files), draft="three").digests == first.digests


def _cut(files: tuple[Path, ...]) -> None:
    files[0].write_bytes(files[0].read_bytes()[:-50])


def _spoiled(files: tuple[Path, ...]) -> None:
    whole = bytearray(files[0].read_bytes())
    whole[200 : len(whole) // 2] = bytes(len(whole) // 2 - 200)
    files[0].write_bytes(bytes(whole))


def _no_parquet(files: tuple[Path, ...]) -> None:
    files[0].write_text("subject,region\n")


def _gone(files: tuple[Path, ...]) -> None:
    files[0].unlink()


@pytest.mark.parametrize("spoil", [_cut, _spoiled, _no_parquet, _gone])
def test_bad_files_are_refused_before_anything_is_written(
    made_up: Province, screener: FileScreener, tmp_path: Path, spoil: Any
) -> None:
    files = made_up.write(tmp_path / "rows")
    task = made_up.task(*files)
    spoil(files)
    with pytest.raises(InvariantBroken, match="unreadable_rows"):
        screener.screen(task, draft="one")
    assert list((screener.home / "screenings").rglob("*.arrow")) == []


def test_files_of_different_columns_are_refused(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    files = made_up.write(tmp_path / "a")
    fewer = Province(made_up.programs, made_up.table.drop_columns([made_up.table.column_names[5]]))
    with pytest.raises(InvariantBroken, match="columns_differ"):
        screener.screen(made_up.task(*files, *fewer.write(tmp_path / "b")), draft="one")


@pytest.mark.parametrize("name", ["subject", "region"])
def test_rows_without_key_or_region_are_refused(
    made_up: Province, screener: FileScreener, tmp_path: Path, name: str
) -> None:
    rows = Province(made_up.programs, made_up.table.drop_columns([name]))
    with pytest.raises(InvariantBroken, match=f"no column {name}"):
        screener.screen(made_up.task(*rows.write(tmp_path)), draft="one")


@pytest.mark.parametrize("kind", [pa.float64(), pa.string()])
def test_a_column_of_the_wrong_type_is_refused(
    made_up: Province, screener: FileScreener, tmp_path: Path, kind: pa.DataType
) -> None:
    table = made_up.table
    for place, column in enumerate(table.schema):
        if column.type == pa.int64() and column.name != "subject":
            table = table.set_column(place, column.name, table[column.name].cast(kind))
    other = Province(made_up.programs, table)
    with pytest.raises(ZhidaError, match="column_of_wrong_type"):
        screener.screen(other.task(*other.write(tmp_path / "rows")), draft="one")
    assert list((screener.home / "screenings").rglob("*.arrow")) == []


def test_an_engine_nobody_knows_is_refused(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="no_such_engine"):
        screener.screen(made_up.task(*made_up.write(tmp_path / "rows")), draft="one", engine="abacus")


def test_only_what_can_have_changed_is_done_again(two_chunks: Province, screener: FileScreener, tmp_path: Path) -> None:
    """News of two subjects of the second chunk: the first is taken over, and the digests are those of a full run."""
    files = two_chunks.write(tmp_path / "rows", groups=(two_chunks.table.num_rows,))
    first = screener.screen(two_chunks.task(*files), draft="one")
    before = screener.keep("one", "run_1")
    laid = two_chunks.table.slice(5, 2).set_column(0, "subject", two_chunks.table["subject"].slice(70_000, 2))
    task = two_chunks.task(*files, laid=laid.set_column(1, "region", laid["region"].cast(pa.string())))
    news = screener.screen(task, draft="two", over=before)
    whole = screener.screen(task, draft="three")
    assert (first.carried, news.carried, whole.carried) == (0, 1, 0)
    assert news.digests == whole.digests != first.digests
    again = screener.screen(task, draft="four", over=screener.keep("two", "run_2"))
    assert (again.carried, again.digests) == (2, whole.digests)


def test_one_subject_gets_what_its_row_gets(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    task = made_up.task(*made_up.write(tmp_path / "rows"))
    screener.screen(task, draft="one")
    kept = screener.results(screener.keep("one", "run_1"), "organisation")
    assert kept is not None
    facts = rows_to_facts(made_up)
    found = [(row, screener.match_one(task, facts(row))) for row in range(0, ROWS, 211)]
    assert any(one.entitled for _, one in found)
    for row, one in found:
        key = made_up.table["subject"][row].as_py()
        assert {item: max(fen, -1) for item, fen in one.entitled.items()} == dict(kept.subject(key))


@pytest.mark.parametrize("changes", [False, True])
def test_a_new_item_reaches_whom_the_next_run_finds(
    made_up: Province, screener: FileScreener, tmp_path: Path, *, changes: bool
) -> None:
    """The store was made for a third of the items; half of the others ask what it does not hold."""
    files = made_up.write(tmp_path / "rows")
    rows = made_up.table.slice(30, 40)
    laid = rows.set_column(0, "subject", made_up.table["subject"].slice(900, 40))
    more = {"laid": laid.set_column(1, "region", laid["region"].cast(pa.string()))} if changes else {}
    screener.screen(made_up.task(*files, **more), draft="all")
    kept = screener.results(screener.keep("all", "run_1"), "organisation")
    assert kept is not None
    few = Province(made_up.programs[: len(made_up.programs) // 3], made_up.table)
    task = replace(few.task(*files, **more), packs="a third")
    heard = 0
    for program in made_up.programs[::9]:
        found, expected = screener.reach(task, program), kept.item(program.item)
        assert found.subjects.tolist() == expected.subjects.tolist()
        assert found.is_entitled.tolist() == expected.is_entitled.tolist()
        assert found.amount_fen.tolist() == expected.amount_fen.tolist()
        assert found.region.tolist() == expected.region.tolist()
        heard += len(found)
    assert heard > 100


KILLED = """
import os, signal, sys
from pathlib import Path

import django

django.setup()
from tests.unit.adapters.screening.conftest import MORE_ROWS, made_up_of
from zhida.adapters.screening import FileScreener

def stop(done, of, words):
    if "matching" in words:
        os.kill(os.getpid(), signal.SIGKILL)

task = made_up_of(MORE_ROWS).task(*map(Path, sys.argv[2:]))
FileScreener(Path(sys.argv[1])).screen(task, draft="one", progress=stop)
"""


def test_a_run_that_was_killed_goes_on(two_chunks: Province, screener: FileScreener, tmp_path: Path) -> None:
    files = two_chunks.write(tmp_path / "rows", groups=(two_chunks.table.num_rows,))
    task = two_chunks.task(*files)
    screener.screen(task, draft="good")
    before = screener.results(screener.keep("good", "run_1"), "organisation")
    assert before is not None
    killed = subprocess.run([sys.executable, "-c", KILLED, screener.home, *files], check=False, cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    folder = screener.home / "screenings/one.draft/organisation"
    finished = {path.name: path.stat().st_mtime_ns for path in folder.glob("0*.arrow")}
    assert finished
    assert not (folder / "about.json").exists()
    assert standing(screener.results("screenings/run_1", "organisation") or before) == standing(before)
    resumed = screener.screen(task, draft="one")
    assert resumed.digests == before.findings.digests
    assert {name: (folder / name).stat().st_mtime_ns for name in finished} == finished


def test_a_fact_without_a_column_is_named(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    whole = screener.screen(made_up.task(*made_up.write(tmp_path / "a")), draft="one")
    read = next(name for name in ("employees", "revenue", "patents") if name in made_up.table.column_names)
    rest = [name for name in made_up.table.column_names if name.partition("@")[0] == read]
    table = made_up.table.drop_columns(rest).replace_schema_metadata(None)
    poorer = Province(made_up.programs, table)
    found = screener.screen(poorer.task(*poorer.write(tmp_path / "b")), draft="two")
    assert read not in whole.absent
    assert set(found.absent) == {*whole.absent, read}
    kept = screener.results(screener.keep("two", "run_2"), "organisation")
    assert kept is not None
    assert kept.findings == found


def test_a_column_that_the_notes_promise_has_to_be_there(
    made_up: Province, screener: FileScreener, tmp_path: Path
) -> None:
    table = made_up.table.replace_schema_metadata({"columns": " ".join([*made_up.table.column_names, "lost@2025"])})
    broken = Province(made_up.programs, table)
    with pytest.raises(InvariantBroken, match="no column lost@2025"):
        screener.screen(broken.task(*broken.write(tmp_path)), draft="one")
    assert list((screener.home / "screenings").rglob("*.arrow")) == []


def test_a_region_outside_the_tree_is_counted(made_up: Province, screener: FileScreener, tmp_path: Path) -> None:
    place = made_up.table.schema.get_field_index("region")
    regions = made_up.table["region"].to_pylist()
    strange = made_up.table.set_column(place, "region", pa.array(["000001", "000001", "000002", *regions[3:]]))
    files = Province(made_up.programs, strange).write(tmp_path / "rows")
    found = screener.screen(made_up.task(*files), draft="one")
    assert found.strangers == {"000001": 2, "000002": 1}
    assert screener.screen(made_up.task(*made_up.write(tmp_path / "own")), draft="two").strangers == {}
