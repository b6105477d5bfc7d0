"""A defect planted in a pack: one or more edits of its files, and what lint has to say of it at which line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

Files = Mapping[str, str]


@dataclass(frozen=True)
class Defect:
    """One planted defect: `edits` are (file, text there, text instead) with the text found once; `code` is what lint
    (or `check`, for `by_check`) has to say, at `line` of `file` where a line is told."""

    code: str
    pack: str
    edits: tuple[tuple[str, str, str], ...]
    file: str
    line: int = 0
    by_check: bool = False
    entitled: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    budgets: Mapping[str, int] = field(default_factory=dict)

    def planted(self, files: Files) -> dict[str, str]:
        """The files with the defect in them."""
        changed = dict(files)
        for path, old, new in self.edits:
            assert changed[path].count(old) == 1, (path, old)
            changed[path] = changed[path].replace(old, new)
        return changed


def rule_lines(files: Files, name: str = "rules.yaml") -> Iterator[tuple[str, str, int, str]]:
    """Each line of each pack's rules: pack, file, number, text; only lines that stand there once."""
    for path, text in sorted(files.items()):
        if path.endswith(f"/{name}") and not path.startswith("_"):
            for number, line in enumerate(text.splitlines(), start=1):
                if text.count(line) == 1:
                    yield path.removesuffix(f"/{name}"), path, number, line


def edited(code: str, *edits: tuple[str, ...], by_check: bool = False) -> Callable[[Files], Iterator[Defect]]:
    """One defect each from (pack and file, text, text instead); told at the line of the new text, or of a fourth."""

    def sites(files: Files) -> Iterator[Defect]:
        for path, old, new, *tells in edits:
            changed = files[path].replace(old, new)
            line = changed[: changed.index(tells[0] if tells else new)].count("\n") + 1
            yield Defect(code, "/".join(path.split("/")[:2]), ((path, old, new),), path, line, by_check)

    return sites


def told(files: Files, paths: tuple[str, str], name: str, zh: str) -> tuple[tuple[str, str, str], ...]:
    return tuple((path, "questions:\n", f'questions:\n  {name}: "{zh}"\n') for path in paths)
