"""zhida pack export and import: one file, the same bytes from a folder, from the catalogue and after a journey."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.domain.packs.small_root import PACK, files_with
from zhida.domain.values import Actor
from zhida.surfaces.cli.groundwork.archiving import packed, published_files
from zhida.surfaces.cli.groundwork.publishing import publish_folder
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


def exported(root: Path, out: Path) -> bytes:
    assert run("pack", "export", PACK, "--packs", str(root), "--out", str(out)).exit_code == 0
    return out.read_bytes()


def test_a_journey_changes_no_byte(root: Path, tmp_path: Path) -> None:
    first = exported(root, tmp_path / "first.zip")
    new = tmp_path / "new"
    new.mkdir()
    assert run("pack", "import", str(tmp_path / "first.zip"), "--packs", str(new)).exit_code == 0
    assert exported(new, tmp_path / "second.zip") == first
    assert (new / PACK / "rules.yaml").read_bytes() == (root / PACK / "rules.yaml").read_bytes()


def test_a_folder_becomes_what_the_file_holds(root: Path, tmp_path: Path) -> None:
    first = exported(root, tmp_path / "first.zip")
    rules = root / PACK / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").replace(">= 100", ">= 90"), "utf-8")
    (root / PACK / "README.md").write_text("a note", "utf-8")
    result = run("pack", "import", str(tmp_path / "first.zip"), "--packs", str(root))
    assert (result.exit_code, len(result.output.splitlines())) == (0, 2)
    assert exported(root, tmp_path / "second.zip") == first
    assert run("pack", "import", str(tmp_path / "first.zip"), "--packs", str(root)).output == ""


@pytest.mark.django_db
def test_the_catalogue_exports_the_folders_bytes(root: Path, tmp_path: Path) -> None:
    as_of = datetime(2026, 5, 1, tzinfo=UTC)
    assert [*publish_folder(root, [PACK], by=Actor("shell:test", "operator"), as_of=as_of)]
    assert packed(published_files(PACK, as_of)) == exported(root, tmp_path / "folder.zip")


@pytest.mark.parametrize("name", ["../outside.yaml", "/etc/outside", "a\\b"])
def test_a_path_that_leads_outside_is_refused(root: Path, tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    (tmp_path / "bad.zip").write_bytes(buffer.getvalue())
    result = run("pack", "import", str(tmp_path / "bad.zip"), "--packs", str(root))
    assert result.exit_code == 1
    assert "leads out of the pack root" in result.output


def test_a_file_that_is_no_pack_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    result = run("pack", "import", str(tmp_path / "bad.zip"), "--packs", str(root))
    assert (result.exit_code, "no exported pack" in result.output) == (1, True)
