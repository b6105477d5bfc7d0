"""zhida pack: check, test, show, diff and new, on a root in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.domain.packs.small_root import PACK, edited, files_with
from zhida.surfaces.cli.main import zhida


def laid(folder: Path, files: dict[str, bytes]) -> str:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return str(folder)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(zhida, list(arguments))


@pytest.fixture
def sound(tmp_path: Path) -> str:
    return laid(tmp_path / "sound", files_with())


@pytest.fixture
def broken(tmp_path: Path) -> str:
    return laid(
        tmp_path / "broken", edited("rules.yaml", "heated_area(year - 1) >= 100", "heatd_area(year - 1) >= 100")
    )


def test_check_a_sound_root(sound: str) -> None:
    result = run("pack", "check", "--packs", sound)
    assert (result.exit_code, result.output) == (0, "1 个政策包没有问题，0 处不对\n")
    assert run("pack", "check", "--packs", sound, "--lang", "en").output == "1 sound, 0 problem(s)\n"


def test_check_tells_place_clause_and_hint(broken: str) -> None:
    result = run("pack", "check", "--packs", broken)
    assert result.exit_code == 1
    assert f"{PACK}/rules.yaml:2:33: unknown_name" in result.output
    assert "〔a2〕" in result.output
    assert "是不是要写 `heated_area`？" in result.output
    assert "did you mean `heated_area`?" in run("pack", "check", "--packs", broken, "--lang", "en").output


def test_check_as_json(broken: str) -> None:
    result = run("pack", "check", "--packs", broken, "--json")
    told = json.loads(result.output)
    assert (result.exit_code, told["sound"]) == (1, [])
    assert {"file", "line", "column", "code", "words", "hint", "clause", "zh", "hint_zh"} == set(told["problems"][0])


def test_check_only_some(sound: str) -> None:
    assert run("pack", "check", "--packs", sound, PACK).exit_code == 0
    assert run("pack", "check", "--packs", sound, "north/absent").exit_code == 1


def test_test_tells_tier_and_survivors(sound: str) -> None:
    result = run("pack", "test", "--packs", sound, "--json")
    (told,) = json.loads(result.output)
    assert result.exit_code == 0
    assert (told["tier"], told["cases"], told["failed"]) == ("silver", 5, [])
    assert told["mutants"]["survived"] == []
    assert "silver; 5 cases, 0 failed" in run("pack", "test", "--packs", sound).output


def test_test_fails_with_its_cases(tmp_path: Path) -> None:
    folder = laid(tmp_path, edited("golden/firms.yaml", "amount_fen: 20000, missing", "amount_fen: 1, missing"))
    result = run("pack", "test", "--packs", folder, PACK)
    assert result.exit_code == 1
    assert "金额（分）是 20000，应为 1" in result.output


def test_show(sound: str) -> None:
    told = json.loads(run("pack", "show", PACK, "--packs", sound, "--json").output)
    assert told["title"] == "供热补贴"
    assert told["tier"] == "silver"
    assert len(told["digest_to_sign"]) == 64
    assert "供热补贴" in run("pack", "show", PACK, "--packs", sound, "--lang", "en").output


def test_show_a_broken_pack_tells_why(broken: str) -> None:
    result = run("pack", "show", PACK, "--packs", broken)
    assert result.exit_code == 1
    assert "unknown_name" in result.output


def test_diff(sound: str, tmp_path: Path) -> None:
    new = laid(tmp_path / "new", edited("rules.yaml", ">= 100", ">= 80"))
    result = run("pack", "diff", PACK, sound, "--packs", new, "--lang", "en")
    assert result.exit_code == 0
    assert "heated_area(year - 1) >= 100 → heated_area(year - 1) >= 80" in result.output
    change, reach = json.loads(run("pack", "diff", PACK, sound, "--packs", new, "--json").output)
    assert (change["kind"], reach["kind"], reach["after"]) == ("requirement", "reach", "wider")
    assert "large asks less: whoever met it still does" in result.output


def test_new_begins_a_sound_pack_and_overwrites_nothing(sound: str) -> None:
    arguments = [
        "pack",
        "new",
        "north/cooling",
        "--packs",
        sound,
        "--office",
        "north-energy",
        "--region",
        "10",
        "--on",
        "2026-01-05",
    ]
    assert run(*arguments).exit_code == 0
    assert run("pack", "check", "--packs", sound).output == "2 个政策包没有问题，0 处不对\n"
    again = run(*arguments)
    assert again.exit_code == 1
    assert "is there already" in again.output
