"""`zhida pack publish` and `zhida screen`, as an operator types them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import settings

from tests.unit.kernel.made_up_packs import MadeUp, root_files
from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, SubjectKind, local_date, new_id
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.registry import actions as registry
from zhida.kernel.registry.actions import NewSubject
from zhida.surfaces.cli import pack, screen
from zhida.surfaces.cli.folders import write_files
from zhida.surfaces.cli.groundwork import generating

pytestmark = pytest.mark.django_db
HEADS = MadeUp()


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch, actor: Actor, now: datetime) -> None:
    """The commands act at the tests' instant, on the tests' database."""
    for module in (pack, screen):
        monkeypatch.setattr(module, "start", lambda: (actor, now))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack root on disk."""
    write_files(tmp_path, root_files(HEADS))
    return tmp_path


def run(command: object, *arguments: str) -> str:
    """What a command printed; it must succeed."""
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_folder_is_published_once(folder: Path, now: datetime) -> None:
    (first,) = json.loads(run(pack.command, "publish", "--packs", str(folder), "--json"))
    (again,) = json.loads(run(pack.command, "publish", HEADS.id, "--packs", str(folder), "--json"))
    assert (first["pack"], first["tier"], first["number"], first["is_new"]) == (HEADS.id, "silver", 1, True)
    assert again == {**first, "is_new": False}
    assert catalogue.policy(HEADS.id, as_of=now).id == first["revision"]
    assert "there already" in run(pack.command, "publish", "--packs", str(folder))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = CliRunner().invoke(pack.command, ["check", "--packs", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert f"没有文件夹 {tmp_path / 'none'}" in result.output


def test_a_pack_with_problems_is_not_published(folder: Path) -> None:
    (folder / HEADS.id / "rules.yaml").write_text("requirements: 3\n")
    result = CliRunner().invoke(pack.command, ["publish", HEADS.id, "--packs", str(folder)])
    assert result.exit_code == 1
    assert "rules.yaml" in result.output
    assert catalogue.revisions(HEADS.id) == ()


def test_a_screening_tells_its_figures(
    folder: Path, actor: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    run(pack.command, "publish", "--packs", str(folder))
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))  # where no pack root lies: what is published is enough
    firm = new_id("subject")
    registry.register_subject(subject=NewSubject(firm, SubjectKind.ORGANISATION, "一厂", "990102"), by=actor, as_of=now)
    facts = {"place": "990102", "staff": 12, "wages_fen": 500}
    registry.record_facts(
        changes=[registry.Change(firm, key, value, "x", local_date(now)) for key, value in facts.items()],
        by=actor,
        as_of=now,
    )
    record = json.loads(run(screen.command, "--fresh", "--json"))
    assert (record["subjects"], record["entitled"], record["fallbacks"]) == (1, 1, {})
    assert record["items"] == {
        HEADS.item: {"entitled": 1, "possible": 0, "amount_fen": 500, "amount_unknown": 0},
    }
    told = run(screen.command, "--compare")
    assert record["root"] in told
    assert f"{HEADS.item}: 1 entitled, 0 possible, 5.00 元" in told


def test_screening_without_a_snapshot_says_what_to_do(folder: Path) -> None:
    with pytest.raises(ConflictError, match="build a snapshot first"):
        run(screen.command)


def test_rows_of_no_registry_are_screened_against_a_pack_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, people = tmp_path / "root", tmp_path / "people"
    monkeypatch.setattr(settings, "HOME", tmp_path / "home")
    run(generating.generate_packs, "--items", "60", "--out", str(root))
    day = ["--observed-on", "2026-06-01", "--out", str(people)]
    run(generating.generate_population, "--packs", str(root), "--organisations", "3000", *day)
    asked = ["--snapshot-file", str(people / "organisation"), "--packs", str(root)]
    first = json.loads(run(screen.command, *asked, "--json"))
    assert first["inputs"]["as_of"] == "2026-06-01"
    assert first["pairs"] == 3_000 * 60
    assert 0 < first["entitled"] < first["pairs_in_scope"] < first["pairs"]
    assert set(first["stages"]) == {"reading", "rows", "plan", "encoding", "matching", "totals"}
    told = run(screen.command, *asked)
    assert f"root {first['root']}" in told
    assert "180,000 pairs" in told
    later = json.loads(run(screen.command, *asked, "--as-of", "2026-07-01", "--json"))
    assert later["root"] != first["root"]
    assert (tmp_path / "home" / first["results"] / "organisation/totals.arrow").exists()


def test_rows_without_files_and_packs_with_problems_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    asked = ["--snapshot-file", str(tmp_path / "empty"), "--packs", str(tmp_path)]
    refused = CliRunner().invoke(screen.command, asked)
    assert "holds no Parquet file" in refused.output
    assert refused.exit_code == 1
