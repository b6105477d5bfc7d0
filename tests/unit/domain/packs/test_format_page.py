"""The page on the format names every key that the readers know, and its examples are YAML that they take."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.golden.province import FOLDER
from zhida.domain.packs import read_root
from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import Node, Problems
from zhida.domain.packs.source.strict import read_yaml

PAGE = (Path(__file__).parents[4] / "docs/reference/pack-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def test_every_key_is_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    plain = Fields.node

    def noted(self: Fields, key: str, required: bool = True) -> Node | None:
        asked.add(key)
        return plain(self, key, required)

    monkeypatch.setattr(Fields, "node", noted)
    read_root({path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()})
    columns = {"registered_region", "age", "industry"} & asked
    keys = {key for key in asked if re.fullmatch(r"[a-z_]+", key)} - columns
    assert len(keys) > 60
    named = set(re.findall(r"[a-z_]+", PAGE))
    assert {key for key in keys - named if not _is_heading(key)} == set()


def _is_heading(key: str) -> bool:
    """Whether a key is a column that some pack's table invents, or a step's own name."""
    return f"{key}:" in "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("rules.yaml"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_strict_yaml(example: str) -> None:
    problems = Problems()
    read_yaml("example.yaml", example.encode(), problems)
    assert problems.all() == ()
