"""The fields of the index, and one document laid out over them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from tantivy import Document as Row
from tantivy import Schema, SchemaBuilder

from zhida.adapters.search.numbers import find_numbers
from zhida.adapters.search.sounds import letter_terms, sound_terms, syllables
from zhida.adapters.search.words import characters, index_terms, pairs
from zhida.kernel.search.records import Document

FORMAT = "2"
"""Raised with every change here: an index of another format is made again."""

_WORDS = ("title", "names", "body")
_TERMS = ("characters", "title_pairs", "body_pairs", "sounds", "letters", "number", "cited")


@cache
def schema() -> Schema:
    """Words with their places, terms without; facets as columns; the document as it is shown, stored."""
    builder = SchemaBuilder()
    for name in _WORDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in _TERMS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facets", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("boost", indexed=True)
    builder.add_integer_field("shown_from", indexed=True, fast=True)
    builder.add_integer_field("shown_to", indexed=True, fast=True)
    builder.add_text_field("face", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def facet_term(name: str, value: str) -> str:
    """A facet's value as the index holds it."""
    return f"{name}={value}"


def row_of(document: Document) -> Row:
    """A document as the index takes it."""
    said = syllables(document.title)
    numbers = find_numbers(document.number)
    cited = [term for number in find_numbers(document.body) for term in number.terms]
    facets = {**document.facets, "kind": (document.kind,)}
    fields: dict[str, Any] = {
        "id": document.id,
        "title": _spaced(index_terms(f"{document.title} {document.title_en}")),
        "names": _spaced(index_terms(" ".join(document.names))),
        "body": _spaced(index_terms(f"{document.body} {document.body_en}")),
        "characters": _spaced(characters(document.title)),
        "title_pairs": _spaced(pairs(document.title)),
        "body_pairs": _spaced(pairs(document.body)),
        "sounds": _spaced(sound_terms(said)),
        "letters": _spaced(letter_terms(said)),
        "number": _spaced(term for number in numbers for term in number.terms),
        "cited": _spaced(dict.fromkeys(cited)),
        "facets": [facet_term(name, value) for name, values in sorted(facets.items()) for value in values],
        "boost": document.boost,
        "shown_from": (document.shown.start or date.min).toordinal(),
        "shown_to": (document.shown.end or date.max).toordinal(),
        "face": _face(document, said),
    }
    return Row.from_dict({name: value for name, value in fields.items() if value not in ("", [])}, schema())


def _spaced(terms: Iterable[str]) -> str:
    return " ".join(terms)


def _face(document: Document, said: tuple[str, ...]) -> str:
    shown = {
        "id": document.id,
        "kind": document.kind,
        "parent": document.parent,
        "title": document.title,
        "title_en": document.title_en,
        "number": document.number,
        "names": " ".join(document.names),
        "body": document.body,
        "body_en": document.body_en,
        "said": said,
    }
    return json.dumps(shown, ensure_ascii=False)
