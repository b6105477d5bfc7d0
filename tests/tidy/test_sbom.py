"""The bill of materials names whatever the lock pins, with its hashes, and says the same each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def told() -> dict[str, Any]:
    run = subprocess.run([sys.executable, "docs/sbom.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_every_pin_is_a_part_with_its_hashes(told: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    parts = told["components"]
    assert [(one["name"], one["version"]) for one in parts] == pins
    assert sum(len(one["hashes"]) for one in parts) == lock.count("--hash=sha256:")
    assert all(one["hashes"] and one["purl"] == one["bom-ref"] for one in parts)
    assert len({one["bom-ref"] for one in parts}) == len(parts)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")


def test_every_part_says_its_licence(told: dict[str, Any]) -> None:
    """But those of other platforms, which are not installed here, and one that says it in a file only."""
    silent = {one["name"] for one in told["components"] if not one.get("licenses")}
    assert silent <= {"axe-playwright-python", "colorama", "tzdata"}
