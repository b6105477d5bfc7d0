"""Programs of a pack root: in order, the same from other processes and from the shelf, and none of a pack in error."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.domain.packs import read_root
from zhida.domain.rules.engines.table import compile_plan
from zhida.surfaces.cli.groundwork import programs

DAY = date(2026, 6, 1)
PACKS = [MadeUp(f"heads{at}") for at in ("", "-1", "-2", "-3", "-4", "-5", "-6", "-7")]
FILES = root_files(*PACKS)


def read(folder: Path, files: dict[str, bytes] = FILES, day: date = DAY) -> list[tuple[str, str]]:
    """Ids and owners, as they come."""
    return [(program.item, owner) for program, owner in programs.programs_of(files, "organisation", day, folder, tell)]


def tell(done: int, of: int, words: str) -> None:
    """Nobody listens."""


def digest(found: Iterator[tuple[object, str]]) -> str:
    """What the plan of these programs is."""
    return compile_plan((program for program, _ in found), DAY).digest  # type: ignore[misc]


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which packs are read, as they are."""
    seen: list[str] = []
    really = programs.read_pack

    def noted(pack_id: str, *rest: object) -> object:
        seen.append(pack_id)
        return really(pack_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(programs, "read_pack", noted)
    return seen


def test_programs_come_in_the_order_of_their_ids_and_make_the_plan_of_the_root(tmp_path: Path) -> None:
    items = [item for pack in read_root(FILES).packs.values() for item in pack.items.values()]
    expected = sorted(item.id for item in items)
    assert [item for item, _ in read(tmp_path)] == expected
    assert read(tmp_path, day=date(1999, 1, 1)) == []
    plan = compile_plan([item.program for item in sorted(items, key=lambda item: item.id)], DAY)
    for _ in ("kept already", "and again"):
        assert digest(programs.programs_of(FILES, "organisation", DAY, tmp_path, tell)) == plan.digest


def test_other_processes_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = read(tmp_path / "here")
    monkeypatch.setattr(programs, "AT_ONCE", 1)
    monkeypatch.setattr(programs.os, "sched_getaffinity", lambda _: {0, 1})
    assert read(tmp_path / "there") == here
    names = [sorted(path.name for path in (tmp_path / place).iterdir()) for place in ("here", "there")]
    assert names[0] == names[1]


def test_only_a_changed_pack_is_read_again(tmp_path: Path, reading: list[str]) -> None:
    first = read(tmp_path)
    assert sorted(reading) == sorted(pack.id for pack in PACKS)
    reading.clear()
    assert read(tmp_path) == first
    assert reading == []
    name = f"{PACKS[3].id}/policy.md"
    assert len(read(tmp_path, {**FILES, name: FILES[name] + b"\n"})) == len(first)
    assert reading == [PACKS[3].id]


def test_with_another_dictionary_all_are_read_again(tmp_path: Path, reading: list[str]) -> None:
    read(tmp_path)
    reading.clear()
    name = next(path for path in FILES if path.startswith("_attributes/") and path.endswith(".yaml"))
    read(tmp_path, {**FILES, name: FILES[name] + b"\n"})
    assert len(reading) == len(PACKS)


def test_what_was_kept_and_is_cut_off_is_read_again(tmp_path: Path, reading: list[str]) -> None:
    first = read(tmp_path)
    reading.clear()
    spoiled = sorted(tmp_path.iterdir())[2]
    spoiled.write_bytes(spoiled.read_bytes()[:50])
    assert read(tmp_path) == first
    assert len(reading) == 1


def test_a_pack_in_error_is_told_and_never_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = {**FILES, f"{PACKS[1].id}/rules.yaml": b"requirements: 3\n"}
    for _ in range(2):
        with pytest.raises(click.ClickException, match="mend them first"):
            read(tmp_path, broken)
        assert f"{PACKS[1].id}/rules.yaml" in capsys.readouterr().err
    assert len(list(tmp_path.iterdir())) == len(PACKS) - 1
