"""`zhida simulate convert`: a kept scenario as files in a folder, or as a draft on an office's desk."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.services.simulation.conftest import dictionary, firms, publish, tell
from tests.unit.services.simulation.test_keeping import HEADS, TWICE, Run, run, wish
from zhida.domain.values import Actor
from zhida.services.authoring import working
from zhida.surfaces.cli.groundwork import simulating
from zhida.surfaces.cli.main import zhida

__all__ = ["dictionary", "firms", "publish", "run", "tell", "wish"]


@pytest.fixture
def kept_id(run: Run, now: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    """A run with one scenario, and a shell at the same instant."""
    monkeypatch.setattr(simulating, "start", lambda: (Actor("shell:test", "operator"), now))
    return run(files={"twice.yaml": TWICE}).id


def convert(kept_id: str, *more: str) -> Result:
    return CliRunner().invoke(zhida, ["simulate", "convert", kept_id, "--scenario", "twice", *more])


def test_it_is_written_below_a_folder_that_holds_none_of_it(kept_id: str, tmp_path: Path) -> None:
    told = convert(kept_id, "--out", str(tmp_path), "--effective", "2026-09-01")
    assert told.exit_code == 0, told.output
    assert f"{HEADS.id}: rules.yaml as {tmp_path}" in told.output
    assert "wages_fen * 2" in (tmp_path / HEADS.id / "rules.yaml").read_text("utf-8")
    assert "is there already" in convert(kept_id, "--out", str(tmp_path)).output


def test_it_is_begun_as_a_draft(kept_id: str) -> None:
    record = json.loads(convert(kept_id, "--office", "statistics", "--json").output)
    draft = working.draft(record["draft"], {"statistics"})
    assert (draft.pack_id, draft.base) == (record["pack"], record["base"]) == (HEADS.id, draft.base)
    assert record["changed"] == ["rules.yaml"]


def test_it_goes_one_way_or_the_other(kept_id: str, tmp_path: Path) -> None:
    assert "say --office" in convert(kept_id).output
    assert "say --office" in convert(kept_id, "--office", "statistics", "--out", str(tmp_path)).output
