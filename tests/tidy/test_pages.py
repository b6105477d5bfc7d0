"""What the pages of documentation send a newcomer to is there: links, paths, commands with their options, the map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from zhida.surfaces.cli.main import zhida

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/**/*.md", "packs/**/README*.md")
    for path in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(#[^)]*)?\)")
PATH = re.compile(r"`((?:src|tests|docs|packs|benchmarks|\.ci)/[\w./@-]+)`")
COMMAND = re.compile(r"(?:^|[`(；;|&]|\$ )\s*(?:\.venv/bin/)?zhida ((?:[^`\n\\]|\\\n)+)", re.M)
TARGET = re.compile(r"(?:^ {4}|`|&& )make ([a-z]+)\b", re.M)
ROOMS = ("domain", "kernel", "surfaces", "adapters")


def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_at_is_there(page: str) -> None:
    text, folder = text_of(page), (ROOT / page).parent
    linked = {link for link, _ in LINK.findall(text) if link and not (folder / link).exists()}
    named = {path for path in PATH.findall(text) if not (ROOT / path.partition("::")[0]).exists()}
    assert linked | named == set()


def words_of(page: str) -> Iterator[list[str]]:
    """The words behind each `zhida` that is written as code."""
    blocks = re.findall(r"```[^\n]*\n(.*?)```", text := text_of(page), re.S)
    blocks += ["\n".join(re.findall(r"^    (.*)$", text, re.M)), *re.findall(r"`([^`\n]+)`", text)]
    for block in blocks:
        for written in COMMAND.findall(block):
            yield re.split(r"\s{3,}|\s#|\s\||；|·", written.replace("\\\n", " "))[0].split()


def mistake_in(words: list[str]) -> str:
    """What the command line would say of a command's name and options; nothing where it would take them."""
    command: click.Command = zhida
    context = click.Context(zhida)
    rest = list(words)
    while isinstance(command, click.Group) and rest and re.fullmatch(r"[a-z-]+", rest[0]) and rest[0][0] != "-":
        name = rest.pop(0)
        found = command.get_command(context, name)
        if found is None:
            return f"{command.name} has no {name}"
        command, context = found, click.Context(found)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    given = {word.partition("=")[0].rstrip(",.") for word in rest if re.match(r"--?[a-z]", word)}
    unknown = given - known - {"--help", "-h", "--version"}
    return f"{command.name} does not know {sorted(unknown)}" if unknown else ""


@pytest.mark.parametrize(
    "written", ["nothing", "pack nothing packs", "assess --nothing", "screen --tell=1 --nothing x"]
)
def test_a_command_that_is_none_is_found(written: str) -> None:
    assert "nothing" in mistake_in(written.split())


@pytest.mark.parametrize("page", [page for page in PAGES if page != "CHANGELOG.md"])
def test_every_command_of_a_page_is_one(page: str) -> None:
    mistakes = {" ".join(words): mistake for words in words_of(page) if (mistake := mistake_in(words))}
    assert mistakes == {}


@pytest.mark.parametrize("page", PAGES)
def test_every_target_of_a_page_is_in_the_makefile(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.M))
    assert set(TARGET.findall(text_of(page))) - targets == set()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_the_map_names_every_room(page: str) -> None:
    drawn = re.findall(r"^ {4}(?:  )?([\w]+)/ +(.*(?:\n {20,}.*)*)", text_of(page), re.M)
    told = dict(drawn)
    source = ROOT / "src" / "zhida"
    for room in ROOMS:
        parts = {path.name for path in (source / room).iterdir() if (path / "__init__.py").exists()}
        assert {part for part in parts if not re.search(rf"\b{part}\b", told[room])} == set(), room
    assert {path.name for path in source.iterdir() if (path / "__init__.py").exists()} <= told.keys()
    assert {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] != "_"} <= {
        *told["tests"].split()
    }
