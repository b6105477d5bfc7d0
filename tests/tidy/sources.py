"""The source as the tidy tests read it: every file of src/zhida with its lines and its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HOUSE = ROOT / "src" / "zhida"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.ClassDef | Function


@dataclass(frozen=True)
class Source:
    """One file: its dotted module, its path from the root, its text and tree."""

    module: str
    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines, empty ones and comments included."""
        return self.text.count("\n")

    @property
    def room(self) -> str:
        """The first folder below zhida, "" for the package itself."""
        return self.module.split(".")[1] if "." in self.module else ""


@cache
def sources(room: str = "") -> tuple[Source, ...]:
    """Every file of a room such as `kernel`, migrations left out, or of the whole house."""
    return tuple(_read(path) for path in sorted((HOUSE / room).rglob("*.py")) if path.parent.name != "migrations")


def _read(path: Path) -> Source:
    text = path.read_text("utf-8")
    module = ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__")
    return Source(module, str(path.relative_to(ROOT)), text, ast.parse(text))


def functions(source: Source) -> Iterator[Function]:
    """Every function and method of a file, nested ones too."""
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def public(source: Source) -> Iterator[tuple[str, Documented]]:
    """The public functions and classes of a file and the public methods of these, each with its dotted name."""
    yield from _public_in(source.tree.body, source.module)


def _public_in(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Documented]]:
    for node in body:
        if not isinstance(node, Documented) or node.name.startswith("_"):
            continue
        yield f"{prefix}.{node.name}", node
        if isinstance(node, ast.ClassDef):
            yield from _public_in(node.body, f"{prefix}.{node.name}")
