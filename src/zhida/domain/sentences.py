"""Sentences that remember how they were made: English as written, with values in braces, and open to another language.

An author's mistake is told where it is found, in English; a surface says it in Chinese by the sentence's `template`,
without parsing what was said. Values may be sentences themselves, tuples (joined by commas), or lists (by semicolons).
"""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH, _CHINESE = {tuple: ", ", list: "; "}, {tuple: "、", list: "；"}


class Sentence(str):
    """English words, whole; `template` is the sentence with `{name}` for each value, and `values` holds these."""

    template: str
    values: Mapping[str, object]


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


def _chinese(value: object, table: Mapping[str, str]) -> str:
    if isinstance(value, tuple | list):
        return _CHINESE[type(value)].join(_chinese(each, table) for each in value)
    return in_chinese(value, table) if isinstance(value, Sentence) else str(value)
