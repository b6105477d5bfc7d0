"""The demonstration as a newcomer runs it: figures that add up, and a killed one that ends in the same state."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(
    os.environ.get("ZHIDA_DATABASE_URL", "").startswith("postgres"),
    reason="the demonstration keeps to SQLite in its own home, whatever database is named",
)
SIZE = ("--organisations", "900", "--persons", "900", "--households", "360", "--cases", "48")


def demo(home: Path, figures: Path) -> list[str]:
    return [sys.executable, "-m", "zhida.surfaces.cli.main", "demo", "--no-serve", "--home", str(home), "--json",
            str(figures), *SIZE]  # fmt: skip


def environment() -> dict[str, str]:
    """What a newcomer's shell has, without what the tests set for themselves."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ZHIDA_", "DJANGO_"))}


def played(home: Path, figures: Path) -> dict[str, Any]:
    subprocess.run(demo(home, figures), check=True, env=environment(), capture_output=True, timeout=600)
    found: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("demonstration")
    return played(folder / "home", folder / "figures.json")


def test_every_kind_of_policy_goes_its_way(figures: dict[str, Any]) -> None:
    assert figures["policies"] >= 12
    assert figures["entitled"] > 0 < figures["possible"]
    assert figures["notices"] == figures["entitled"]
    assert figures["cases"]["granted"] > 0 < figures["cases"]["refused"]
    assert figures["payments"] > 0


def test_money_adds_up(figures: dict[str, Any]) -> None:
    for line in figures["budget"]:
        parts = line["available_fen"] + line["committed_fen"] + line["in_flight_fen"] + line["paid_fen"]
        assert line["total_fen"] == parts - line["returned_fen"], line
    assert figures["paid_fen"] == sum(line["paid_fen"] - line["returned_fen"] for line in figures["budget"])


def test_days_are_compared_with_the_banks_statements(figures: dict[str, Any]) -> None:
    assert figures["days_compared"] > 2


def test_the_log_is_whole(figures: dict[str, Any]) -> None:
    assert figures["ledger"]["verified"] is True
    assert figures["ledger"]["entries"] > figures["payments"]


def test_a_killed_demonstration_ends_in_the_same_state(figures: dict[str, Any], tmp_path: Path) -> None:
    process = subprocess.Popen(
        demo(tmp_path / "home", tmp_path / "cut.json"),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(sum(figures["seconds"].values()) / 2)
    process.kill()
    process.wait()
    assert not (tmp_path / "cut.json").exists()
    again = played(tmp_path / "home", tmp_path / "figures.json")
    differing = {"seconds", "ledger"}
    assert {name: value for name, value in again.items() if name not in differing} == {
        name: value for name, value in figures.items() if name not in differing
    }
    assert again["ledger"]["entries"] == figures["ledger"]["entries"]
