"""Facts written as JSON, typed by a pack's schema: numbers exact, dates and relations as rules know them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.errors import AuthorError, InvariantBroken, Problem
from zhida.domain.packs.source.fields import nearest
from zhida.domain.rules import FactType, Schema
from zhida.domain.sentences import tell
from zhida.domain.values import Fact, FactKey, Facts

SOURCE = "file"
_DIGITS = 18


def facts_from_json(file: str, text: str, schema: Schema) -> Facts:
    """The facts of one JSON object in a file, as `read_facts` takes them. Raises AuthorError for other JSON too."""
    try:
        written = json.loads(text, parse_float=Decimal, parse_constant=_refused)
    except (json.JSONDecodeError, ValueError) as error:
        raise AuthorError([Problem(file, getattr(error, "lineno", 1), 1, "malformed_json", str(error))]) from error
    if not isinstance(written, dict):
        raise AuthorError([Problem(file, 1, 1, "malformed_json", "facts are one JSON object")])
    return read_facts(written, schema, file=file, text=text)


def read_facts(written: Mapping[str, Any], schema: Schema, *, file: str = "facts", text: str = "") -> Facts:
    """Facts from `name` or `name@period` to a value, a relation's name to a list of objects; fractions are Decimals.

    Raises AuthorError with every entry that the schema does not know, that has another type, or a number that its
    column cannot hold exactly; `text` is what was written, to say where. A fact that is not there is unknown; null is
    refused, since packs have none.
    """
    problems: list[Problem] = []
    reader = _Reader(file, text, schema, problems)
    known = dict(found for key, value in written.items() if (found := reader.entry(key, value)) is not None)
    if problems:
        raise AuthorError(problems)
    return Facts(known)


def _refused(constant: str) -> None:
    raise ValueError(tell("{constant} is no number", constant=constant))


class _Reader:
    def __init__(self, file: str, text: str, schema: Schema, problems: list[Problem]) -> None:
        self._file = file
        self._text = text
        self._written = ""
        self._schema = schema
        self._problems = problems

    def entry(self, written: str, value: Any) -> tuple[FactKey, Fact] | None:
        """One key with its typed value, or None after noting what is wrong."""
        self._written = written
        try:
            key = FactKey.parse(written)
        except (InvariantBroken, ValueError):
            words = tell("{written}: write name@2025, name@2025-06 or name@from/to", written=written)
            self._wrong("malformed_period", words)
            return None
        name = key.attribute
        if name in self._schema.relations:
            typed = self._records(name, value)
        elif name in self._schema.facts:
            typed = self._scalar(name, self._schema.facts[name], value)
        else:
            hint = nearest(name, [*self._schema.facts, *self._schema.relations])
            self._wrong("unknown_fact", tell("no fact {name}", name=name), hint)
            return None
        return None if typed is None else (key, Fact(typed, SOURCE))

    def _records(self, name: str, value: Any) -> tuple[Mapping[str, Any], ...] | None:
        if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
            self._wrong("wrong_type", tell("{name} is a list of objects", name=name))
            return None
        return tuple(self._record(name, record) for record in value)

    def _record(self, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
        types = self._schema.relations[name].fields
        found = {}
        for field, value in record.items():
            if field not in types:
                words = tell("{name} has no field {field}", name=name, field=field)
                self._wrong("unknown_field", words, nearest(field, [*types]))
            else:
                found[field] = self._scalar(f"{name}.{field}", types[field], value)
        return found

    def _scalar(self, name: str, fact: FactType, value: Any) -> Any:
        typed = _typed(fact.kind, value)
        if typed is None:
            words = tell(
                "{name} is a {kind}, not {value}", name=name, kind=fact.kind, value=json.dumps(value, default=str)
            )
            return self._wrong("wrong_type", words)
        if fact.values and isinstance(typed, str) and typed not in fact.values:
            words = tell("{name}: {typed}", name=name, typed=typed)
            return self._wrong("not_one_of", words, nearest(typed, fact.values))
        if isinstance(typed, Decimal) and not _fits(typed, fact.scale):
            hint = tell("at most {scale} decimals, below 2^63 of the last one", scale=fact.scale)
            return self._wrong("number_does_not_fit", tell("{name}: {value}", name=name, value=value), hint)
        return typed

    def _wrong(self, code: str, words: str, hint: str = "") -> None:
        self._problems.append(Problem(self._file, *self._place(), code, words, hint))

    def _place(self) -> tuple[int, int]:
        """Line and column of the entry in hand; 1 and 1 where no text was given."""
        before = self._text.partition(json.dumps(self._written, ensure_ascii=False))[0]
        return (1, 1) if before == self._text else (before.count("\n") + 1, len(before) - before.rfind("\n"))


def _typed(kind: str, value: Any) -> Any:
    if kind == "boolean":
        return value if isinstance(value, bool) else None
    if kind == "number":
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return Decimal(value) if is_number else None
    if kind == "texts":
        return tuple(value) if isinstance(value, list) and all(isinstance(text, str) for text in value) else None
    if not isinstance(value, str):
        return None
    return _day(value) if kind == "date" else value


def _fits(number: Decimal, scale: int) -> bool:
    """Whether a column of int64 times 10^-scale holds the number exactly."""
    if number.adjusted() + scale > _DIGITS:
        return False
    shifted = number.scaleb(scale)
    return shifted == shifted.to_integral_value() and abs(shifted) < 2**63


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
