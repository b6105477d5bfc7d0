"""Refusals of the commands on packs, simulation and registry: Chinese stands first, English behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhida.surfaces.cli.main import zhida

_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("arguments", "english"),
    [
        (["pack", "check", "nowhere", "--packs", "{tmp}/none"], "there is no folder"),
        (["pack", "lint", "--entitled", "{tmp}/broken.json", "--packs", "packs"], "is no JSON"),
        (["simulate", "policy", "mingzhou", "--take-up", "much"], "is no share like"),
        (["simulate", "policy", "mingzhou", "--snapshot-file", "{tmp}/broken.json"], "say the day of --snapshot-file"),
        (["simulate", "policy", "mingzhou", "--assume", "age"], "say an assumption as fact=value"),
    ],
)
def test_a_refusal_is_in_chinese_before_it_is_in_english(arguments: list[str], english: str, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    done = CliRunner().invoke(zhida, [each.format(tmp=tmp_path) for each in arguments])
    assert done.exit_code != 0
    told = " ".join(done.output.split()).partition("Error: ")[2]
    assert english in told
    first = _HAN.search(told)
    assert first is not None
    assert english not in told[: first.start()]
