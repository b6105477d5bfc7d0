"""The command line finds its commands by name and loads only what is called."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from zhida.surfaces.cli.main import main, zhida


def test_help_lists_commands_without_loading_them() -> None:
    result = CliRunner().invoke(zhida, ["--help"])
    assert result.exit_code == 0
    assert "pack" in result.output
    assert "assess" in result.output
    assert "folders" not in result.output


def test_an_unknown_command() -> None:
    assert CliRunner().invoke(zhida, ["no-such-thing"]).exit_code == 2


def test_packs_are_checked_without_django() -> None:
    code = "import sys, zhida.surfaces.cli.main, zhida.surfaces.cli.assess; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_main_exits_as_click_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main("--version")
    assert left.value.code == 0
    assert "zhida" in capsys.readouterr().out
