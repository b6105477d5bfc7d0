"""The registry from a shell: made up, imported, built, shown."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from zhida.domain.errors import ConflictError
from zhida.surfaces.cli.registry import command

PACKS = str(Path(__file__).parents[4] / "packs")
MAPPING = """
subjects: organisation
source: mingzhou-market-regulation
observed_on: 2026-02-01
identity: {credit_code: code, name: name, region: place}
facts: {registered_region: region, established_on: founded}
"""


@pytest.fixture
def run(db):
    """Runs `zhida registry …`; gives its JSON."""

    def call(*arguments: str, code: int = 0) -> dict:
        outcome = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False)
        assert outcome.exit_code == code, outcome.output
        return json.loads(outcome.stdout) if code == 0 else {"told": outcome.stderr}

    return call


def test_a_made_up_population_lands_once_and_is_built(run) -> None:
    sizes = ("--organisations", "12", "--persons", "20", "--households", "6", "--observed-on", "2026-02-01")
    first = run("generate", *sizes, "--packs", PACKS)
    again = run("generate", *sizes, "--packs", PACKS)
    assert first["subjects"] == {"organisation": 12, "person": 20, "household": 6}
    assert all(batch["is_repeat"] for batch in again["batches"])
    built = run("snapshot", "--packs", PACKS)["snapshots"]
    assert [snapshot["rows"] for snapshot in built] == [12, 20, 6]


def test_a_snapshot_is_written_instead_where_a_folder_is_named(run, tmp_path) -> None:
    asked = ("generate", "--organisations", "3", "--households", "2", "--packs", PACKS, "--out", str(tmp_path))
    assert [kind["drawn"] for kind in run(*asked)["kinds"]] == [1, 1]
    assert [kind["drawn"] for kind in run(*asked)["kinds"]] == [0, 0]
    assert pq.read_table(tmp_path / "organisation")["subject"].is_valid().to_pylist() == [True] * 3
    assert {path.name for path in tmp_path.iterdir()} == {"organisation", "household"}


def test_an_import_reports_and_shows_what_it_kept_aside(run, tmp_path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, "utf-8")
    firms = "code,name,place,founded\n91990102000000011B,云岚一号厂,990102,2020-05-01\nx,无号厂,990102,\n"
    (tmp_path / "firms.csv").write_text(firms, "utf-8")
    arguments = (str(tmp_path / "firms.csv"), "--mapping", str(tmp_path / "mapping.yaml"), "--packs", PACKS)
    report = run("import", *arguments)
    assert (report["read"], report["landed"], report["quarantined"]) == (2, 1, 1)
    shown = run("show", report["batch"])
    assert shown["quarantine"] == [{"line": 3, "field": "credit_code", "reason": "forged_code"}]
    assert run("show", report["batch"], "--line", "3") == {
        "code": "x",
        "name": "无号厂",
        "place": "990102",
        "founded": "",
    }
    with pytest.raises(ConflictError, match="line_not_kept_aside"):
        run("show", report["batch"], "--line", "2")


def test_a_wrong_mapping_is_told_whole(run, tmp_path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("registered_region", "region_of") + "more: 1\n", "utf-8")
    (tmp_path / "firms.csv").write_text("code\n", "utf-8")
    told = run(
        "import", str(tmp_path / "firms.csv"), "--mapping", str(tmp_path / "mapping.yaml"), "--packs", PACKS, code=1
    )
    assert "unknown_attribute" in told["told"]
    assert "unknown_word" in told["told"]
