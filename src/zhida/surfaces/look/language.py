"""Two languages from one sentence: templates and code speak Chinese, `words/en.yaml` beside them holds the English.

The Chinese sentence is the key, so a template reads as the page reads. Values stand in braces: `还差 {amount}`. An
English entry may be a pair `{one, other}`, chosen by the value `n`. A test collects every sentence that is spoken,
demands its English, and refuses entries that nobody speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from ruamel.yaml import YAML

SURFACES = Path(__file__).resolve().parent.parent
Entry = str | dict[str, str]
_spoken: ContextVar[str] = ContextVar("spoken", default="")
"""A page asks for its language thousands of times; Django's own answer takes fifty times as long."""


@dataclass(frozen=True)
class Text:
    """Words in a known language; shown on a page of the other language they are marked with their own."""

    text: str
    lang: str = "zh"

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


@cache
def english() -> Mapping[str, Entry]:
    """Every Chinese sentence of the surfaces and its English, from all `words/en*.yaml`."""
    tables: dict[str, Entry] = {}
    for path in sorted(SURFACES.glob("*/words/en*.yaml")):
        tables.update(YAML(typ="safe", pure=True).load(path) or {})
    return tables


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Within it this is the language of the page: a locale such as `zh-hans`. Django speaks it too."""
    token = _spoken.set(_language(locale))
    try:
        with override(locale):
            yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language of the page being made: `zh` or `en`."""
    return _spoken.get() or _language(get_language() or "")


def _language(locale: str) -> str:
    return "en" if locale.startswith("en") else "zh"


def _sentence(text: str, values: Mapping[str, Any], lang: str) -> str:
    if lang != "en":
        return text
    entry = english().get(text, text)
    if isinstance(entry, str):
        return entry
    return entry["one" if str(values.get("n", "")) == "1" else "other"]


def say(text: str, /, lang: str = "", **values: Any) -> str:
    """The sentence in `lang` (where empty the page's) with its values in place; plain text, not yet escaped."""
    sentence = _sentence(text, values, lang or spoken())
    return sentence.format(**values) if values else sentence


def say_html(text: str, /, **values: Any) -> SafeString:
    """As `say`, as HTML: values are escaped unless they are safe markup already."""
    sentence = _sentence(text, values, spoken())
    return format_html(sentence.replace("{}", "{{}}"), **values) if values else SafeString(sentence)
