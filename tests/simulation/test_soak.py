"""What `make soak` is asked for by name is one of its parts, or refused with their names."""

from __future__ import annotations

from importlib import import_module

import pytest

from benchmarks.money import __main__ as soak


@pytest.mark.parametrize("asked", [["--only", "tamper"], ["--only", "all"], ["--again", "seeds,kill"]])
def test_a_part_that_there_is_not_is_refused_by_its_name(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(soak, "run", lambda options: pytest.fail("it ran"))
    monkeypatch.setattr("sys.argv", ["soak", *asked])
    with pytest.raises(SystemExit, match="2"):
        soak.main()
    assert f"no such part: {asked[1].split(',')[-1]}; there are kills, " in capsys.readouterr().err


@pytest.mark.parametrize("part", soak.PARTS)
def test_every_part_can_be_measured(part: str) -> None:
    assert callable(import_module(f"benchmarks.money.{part}").measure)
