"""The words of every notice, in both languages, and how their gaps are filled; the frames stand in templates.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from zhida.domain.errors import InvariantBroken
from zhida.domain.values import yuan

Values = Mapping[str, str | tuple[str, str]]
"""What fills the gaps: one text for both languages, or a pair (zh, en)."""


@dataclass(frozen=True)
class Words:
    """A notice ready to be read, in both languages."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str

    def title(self, language: str) -> str:
        """The title in `zh` or `en`."""
        return self.title_en if language == "en" else self.title_zh

    def body(self, language: str) -> str:
        """The body in `zh` or `en`."""
        return self.body_en if language == "en" else self.body_zh


def _read(path: Path) -> dict[str, Words]:
    written = YAML(typ="safe", pure=True).load(path)
    texts = {name: (one["title"], one["body"]) for name, one in written.items()}
    return {n: Words(title["zh"], title["en"], body["zh"], body["en"]) for n, (title, body) in texts.items()}


TEMPLATES: Mapping[str, Words] = _read(Path(__file__).with_suffix(".yaml"))


def amount_words(fen: int) -> tuple[str, str]:
    """An amount of fen as a notice writes it, in both languages."""
    return f"{yuan(fen)} 元", f"CNY {yuan(fen)}"


def render(template: str, values: Values) -> Words:
    """The notice with its gaps filled. Raises InvariantBroken for an unknown template or a gap without a value."""
    frame = TEMPLATES.get(template)
    if frame is None:
        raise InvariantBroken("unknown_template", f"no notice is called {template!r}")
    sides = [{name: _side(value, index) for name, value in values.items()} for index in (0, 1)]
    try:
        return Words(
            frame.title_zh.format_map(sides[0])[:300],
            frame.title_en.format_map(sides[1])[:300],
            frame.body_zh.format_map(sides[0]),
            frame.body_en.format_map(sides[1]),
        )
    except KeyError as gap:
        raise InvariantBroken("notice_gap_empty", f"{template}: nothing fills {gap}") from gap


def _side(value: str | tuple[str, str], index: int) -> str:
    return value if isinstance(value, str) else value[index]
