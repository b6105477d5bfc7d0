"""zhida pack lint, readiness and golden, on a copy of the small root."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from tests.unit.domain.packs.small_root import PACK, files_with
from zhida.surfaces.cli.main import zhida


def run(*arguments: str) -> Result:
    return CliRunner().invoke(zhida, list(arguments))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, data in files_with().items():
        path = tmp_path / "packs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "packs"


def changed(root: Path, file: str, old: str, new: str) -> None:
    path = root / PACK / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def test_a_clean_pack_is_told_so(root: Path) -> None:
    result = run("pack", "lint", str(root), "--on", "2026-06-01")
    assert (result.exit_code, result.output) == (0, "1 个政策包，0 处可疑，0 处不对\n")


def test_a_finding_has_its_place_both_languages_and_who_mends_it(root: Path) -> None:
    changed(root, "rules.yaml", ">= 100", "> 100")
    result = run("pack", "lint", str(root / PACK), "--on", "2026-06-01", "--json")
    (found,) = json.loads(result.output)["findings"]
    assert result.exit_code == 1
    assert (found["code"], found["file"], found["line"]) == ("bound_against_text", f"{PACK}/rules.yaml", 2)
    assert found["mender"] == "author"
    assert "含本数" in found["zh"]
    assert "included" in found["en"]
    assert found["hint_zh"].startswith("政策编写人")
    plain = run("pack", "lint", str(root / PACK), "--on", "2026-06-01", "--lang", "en").output
    assert f"{PACK}/rules.yaml:2:" in plain
    assert "→ the pack's author" in plain


def test_what_check_refuses_is_told_too(root: Path) -> None:
    changed(root, "rules.yaml", "{fuel: gas, gives: 200}", "{fuel: gas, gives: 200}\n      - {fuel: gas, gives: 100}")
    result = run("pack", "lint", str(root), "--json")
    assert result.exit_code == 1
    assert {each["code"] for each in json.loads(result.output)["problems"]} >= {"table_overlap"}


def test_a_budget_is_held_against_a_screenings_figures(root: Path, tmp_path: Path) -> None:
    screened = {"items": {f"{PACK}/grant": {"entitled": 3, "possible": 1, "amount_fen": 700_000, "amount_unknown": 0}}}
    (tmp_path / "screened.json").write_text(json.dumps(screened))
    (tmp_path / "budget.json").write_text(json.dumps({"energy/heating": 600_000}))
    told = ("--entitled", str(tmp_path / "screened.json"), "--budget", str(tmp_path / "budget.json"))
    result = run("pack", "lint", str(root), "--on", "2026-06-01", "--json", *told)
    (found,) = json.loads(result.output)["findings"]
    assert (found["code"], found["mender"]) == ("budget_too_small", "budget")
    assert "1,000.00" in found["en"]
    (tmp_path / "budget.json").write_text("[1]")
    assert "no JSON object" in run("pack", "lint", str(root), *told).output


def test_attributes_that_nothing_reads_are_told_when_asked_for(root: Path) -> None:
    result = run("pack", "lint", str(root), "--on", "2026-06-01", "--dictionary", "--json")
    found = {each["about"]: each["mender"] for each in json.loads(result.output)["findings"]}
    assert found == {"listed": "dictionary", "born_on": "dictionary"}


def test_readiness_tells_the_share_that_is_decided(root: Path, tmp_path: Path) -> None:
    columns = {"place": ["101", "101"], "heated_area@2025": pa.array([200, None], pa.int64()), "fuel": ["gas", "gas"]}
    table = pa.table(columns).replace_schema_metadata({"kind": "organisation"})
    pq.write_table(table, tmp_path / "rows.parquet")
    asked = ("--packs", str(root), "--snapshot", str(tmp_path / "rows.parquet"), "--as-of", "2026-05-01")
    (found,) = json.loads(run("pack", "readiness", PACK, *asked, "--json").output)
    assert (found["could_be"], found["obstacles"]) == ("automatic", [])
    assert found["decided"] == {"subjects": 2, "entitled": 1, "refused": 0, "open": 1, "share": 0.5}
    assert "50.0%" in run("pack", "readiness", PACK, *asked, "--lang", "en").output


def test_examples_are_written_accepted_and_then_shown(root: Path) -> None:
    told = json.loads(run("pack", "golden", PACK, "--packs", str(root), "--write", "--json").output)
    item = told["items"][f"{PACK}/grant"]
    assert (told["tier"], told["mutants"]["survived"], len(item["proposed"])) == ("silver", [], 3)
    assert (root / "_proposed" / f"{PACK}.yaml").is_file()
    assert run("pack", "check", "--packs", str(root)).exit_code == 0
    assert "no example 9" in run("pack", "golden", PACK, "--packs", str(root), "--accept", "9").output
    assert run("pack", "golden", PACK, "--packs", str(root), "--accept", "2").exit_code == 0
    result = run("pack", "golden", PACK, "--packs", str(root), "--accept-all")
    assert "8 cases, 0 failed" in result.output
    assert not (root / "_proposed" / f"{PACK}.yaml").exists()
    again = json.loads(run("pack", "golden", PACK, "--packs", str(root), "--json").output)
    assert again["items"][f"{PACK}/grant"]["proposed"] == []


def test_a_pack_that_is_not_sound_has_no_examples(root: Path) -> None:
    shutil.rmtree(root / PACK / "words")
    assert run("pack", "golden", PACK, "--packs", str(root)).exit_code == 1
