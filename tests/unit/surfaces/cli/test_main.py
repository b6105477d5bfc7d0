"""The command line finds its commands by name and loads only what is called."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from zhida.domain.errors import AuthorError, ConflictError, Problem
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


def test_a_refusal_is_told_in_chinese_and_what_it_is_about_below(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise ConflictError("screening_under_way", "another process screens province-9", "wait for it")

    monkeypatch.setattr(zhida, "main", refuse)
    with pytest.raises(SystemExit) as left:
        main("screen")
    assert left.value.code == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == "另一个进程正在筛查同一批人 → 请等它做完，或结束它"
    assert second == "  screening_under_way: another process screens province-9 (wait for it)"


def test_what_is_wrong_in_files_is_told_line_by_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise AuthorError(
            [Problem("rules.yaml", 3, 1, "tab", "a tab, which readers show at different widths", "use spaces")]
        )

    monkeypatch.setattr(zhida, "main", refuse)
    with pytest.raises(SystemExit):
        main("screen")
    assert capsys.readouterr().err.startswith("rules.yaml:3:1: tab: ")
