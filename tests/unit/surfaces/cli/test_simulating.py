"""`zhida simulate policy`: everyone of a file, beside what a scenario would change, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from tests.golden.province import FOLDER
from tests.unit.services.simulation.test_running import HALF, REBATE, people
from zhida.domain.errors import AuthorError
from zhida.surfaces.cli.main import zhida

__all__ = ["people"]


def run(people: Path, *more: str) -> Result:
    given = ["--snapshot-file", str(people), "--packs", str(FOLDER), "--on", "2026-10-01"]
    assume = ["--assume", "other_public_funding_fen=0"]
    return CliRunner().invoke(zhida, ["simulate", "policy", "mingzhou/research-rebate", *given, *assume, *more])


def test_a_pack_is_simulated_beside_a_scenario(people: Path, tmp_path: Path) -> None:
    (tmp_path / "half.yaml").write_bytes(HALF)
    scenario = ("--scenario", str(tmp_path / "half.yaml"), "--take-up", "0.8,0.9,1")
    told = run(people, *scenario)
    assert told.exit_code == 0, told.output
    record = json.loads(run(people, *scenario, "--json").output)
    assert [world["name"] for world in record["worlds"]] == ["in_force", "half"]
    assert f"in_force 现行版本: {record['worlds'][0]['subjects']} get" in told.output
    assert record["worlds"][0]["take_up"] == ["0.8", "0.9", "1"]
    assert record["worlds"][0]["offers"][0]["item"] == REBATE


def test_what_cannot_be_simulated_is_told(people: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: bad\nwords: {zh: x}\nchange: {nobody: {}}\n", "utf-8")
    refused = run(people, "--scenario", str(tmp_path / "bad.yaml"))
    assert isinstance(refused.exception, AuthorError)
    assert "bad.yaml:3" in str(refused.exception)
    assert "no share" in run(people, "--take-up", "1.2").output
    assert "fact=value" in run(people, "--assume", "nothing").output
    given = ["--snapshot-file", str(people), "--packs", str(FOLDER), "--on", "2026-10-01"]
    assert "no item" in CliRunner().invoke(zhida, ["simulate", "policy", "a/b", *given]).output
