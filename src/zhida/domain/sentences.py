"""Sentences that remember how they were made: English as written, with values in braces, and open to another language.

An author's mistake is told where it is found, in English; a surface says it in Chinese by the sentence's `template`,
without parsing what was said. Values may be sentences themselves, tuples (joined by commas), or lists (by semicolons).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"[A-Za-z_]\w*")
_ENGLISH, _CHINESE = {tuple: ", ", list: "; "}, {tuple: "、", list: "；"}


class Sentence(str):
    """English words, whole; `template` is the sentence with `{name}` for each value, and `values` holds these."""

    template: str
    values: Mapping[str, object]


class Named(str):
    """A value with code names in it; `called` is the same with what its Chinese reader calls them."""

    called: str


def tell(template: str, /, **values: object) -> Sentence:
    """The sentence with its values in place; braces that are meant stand doubled."""
    told = Sentence(template.format(**{name: _english(value) for name, value in values.items()}))
    told.template, told.values = template, values
    return told


def _english(value: object) -> str:
    return _ENGLISH[type(value)].join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def in_chinese(words: str, table: Mapping[str, str]) -> str:
    """A sentence by a table from templates to Chinese, its values too; as it stands where the table lacks it. Raises
    KeyError where the table's sentence names a value that this one has not."""
    if not isinstance(words, Sentence):
        return table.get(words, words)
    values = {name: _chinese(value, table) for name, value in words.values.items()}
    return table[words.template].format(**values) if words.template in table else str(words)


def called(words: str, titles: Mapping[str, str]) -> str:
    """A sentence whose Chinese says `titles` in quotes for the code names in its values; its English stays."""
    if not isinstance(words, Sentence):
        return words
    found = Sentence(words)
    found.template, found.values = words.template, {key: _titled(each, titles) for key, each in words.values.items()}
    return found


def in_titles(text: str, titles: Mapping[str, str]) -> str:
    """A text with “title” for each code name in it that has one."""
    return _NAME.sub(lambda found: f"“{titles[found[0]]}”" if found[0] in titles else found[0], text)


def _titled(value: object, titles: Mapping[str, str]) -> object:
    if isinstance(value, tuple | list):
        return type(value)(_titled(each, titles) for each in value)
    if isinstance(value, Sentence):
        return called(value, titles)
    named: Any = Named(value) if isinstance(value, str) else value
    if isinstance(named, Named):
        named.called = in_titles(named, titles)
    return named


def _chinese(value: object, table: Mapping[str, str]) -> str:
    if isinstance(value, tuple | list):
        return _CHINESE[type(value)].join(_chinese(each, table) for each in value)
    if isinstance(value, Named):
        return value.called
    return in_chinese(value, table) if isinstance(value, Sentence) else str(value)
