"""`zhida ledger`: a damaged file is named with its position and written anew; receipts come out as JSON and PDF."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import settings

from tests.unit.kernel.ledger.conftest import write as write
from zhida.domain.proofs import verify_receipt
from zhida.kernel.ledger import actions
from zhida.kernel.ledger.publishing import publish
from zhida.surfaces.cli.ledger import command

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(write: Callable[[int], list[str]], now: datetime) -> Path:
    write(300)
    actions.sequence(as_of=now)
    actions.seal(as_of=now)
    publish()
    return Path(settings.HOME, "log")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def test_a_damaged_tile_is_named_and_repaired(log: Path) -> None:
    path = log / "tile/0/000"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    verified = run("verify")
    assert verified.exit_code == 1
    assert "255  tile/0/000" in verified.output
    assert json.loads(run("verify", "--json").output)["ok"] is False
    assert "written anew: tile/0/000\n300 entries, proven; 1 file(s)" in run("repair", "--files").output
    assert run("verify").exit_code == 0
    assert "0 file(s)" in run("repair", "--files").output


@pytest.mark.parametrize("arguments", [[], ["1"], ["1", "--files"], ["--mirror", "x"]])
def test_repair_asks_what_to_repair(arguments: list[str], log: Path) -> None:
    assert run("repair", *arguments).exit_code == 2


def test_a_receipt_is_written_as_json_and_as_pdf(log: Path, tmp_path: Path) -> None:
    for name in ("receipt.json", "receipt.pdf"):
        assert run("show", "case_7", "--out", str(tmp_path / name)).exit_code == 0
    data = (tmp_path / "receipt.json").read_bytes()
    assert verify_receipt(data).ok
    assert data in (tmp_path / "receipt.pdf").read_bytes()
