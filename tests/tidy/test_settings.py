"""What an installation can set is told, and what is told can be set."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_READ = re.compile(r'environ(?:\.get\(|\[)\s*"(ZHIDA_\w+)"|^SCHEDULER = "(ZHIDA_\w+)"', re.MULTILINE)
_TOLD = re.compile(r"^\| `(ZHIDA_\w+)` \|", re.MULTILINE)
_GIVEN = re.compile(r"^(ZHIDA_\w+)=", re.MULTILINE)


def read() -> set[str]:
    files = (ROOT / "src").rglob("*.py")
    return {one or other for file in files for one, other in _READ.findall(file.read_text("utf-8"))}


def told() -> set[str]:
    return set(_TOLD.findall((ROOT / "docs/reference/settings.md").read_text("utf-8")))


def test_every_setting_is_told() -> None:
    assert len(read()) > 20
    assert read() - told() == set()
    assert told() - read() == set()


def test_the_example_sets_what_there_is() -> None:
    given = set(_GIVEN.findall((ROOT / "deploy/zhida.env").read_text("utf-8")))
    assert given
    assert given <= read()


def test_each_file_of_deploy_is_told() -> None:
    words = (ROOT / "deploy/README.md").read_text("utf-8")
    for file in (ROOT / "deploy").iterdir():
        name = file.name.replace("zhida-screen.timer", ".timer").replace("zhida-backup.timer", ".timer")
        assert file.name == "README.md" or f"`{name}`" in words, file.name
