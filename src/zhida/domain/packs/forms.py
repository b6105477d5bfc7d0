"""What a claimant is asked: only what no registry holds. Questions become facts of the pack, and a JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zhida.domain.rules import FactType

CONFIRMABLE = ("bank_account", "address", "contact")
_JSON_TYPES: dict[str, dict[str, Any]] = {
    "boolean": {"type": "boolean"},
    "number": {"type": "number"},
    "text": {"type": "string", "maxLength": 2000},
    "date": {"type": "string", "format": "date"},
    "texts": {"type": "array", "items": {"type": "string"}},
}


@dataclass(frozen=True)
class Question:
    """One thing asked, typed as a fact whose source is the claimant. An optional one may stay unanswered."""

    fact: FactType
    optional: bool = False


@dataclass(frozen=True)
class Paper:
    """What to hand in for one evidenced requirement, whose name it bears. `formats` are file endings, `max_mb` the size
    of one file."""

    name: str
    formats: tuple[str, ...]
    max_mb: int
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """Questions by name, papers by requirement, and what the claimant confirms of what is already held."""

    questions: Mapping[str, Question] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    confirm: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, FactType]:
        """The questions as facts of the pack's schema."""
        return {name: question.fact for name, question in self.questions.items()}

    def json_schema(self, titles: Mapping[str, str]) -> dict[str, Any]:
        """The questions as JSON Schema (2020-12), with `titles` by question name; money is whole fen."""
        properties = {name: _property(q.fact, titles.get(name, name)) for name, q in self.questions.items()}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": [name for name, question in self.questions.items() if not question.optional],
            "additionalProperties": False,
        }


def _property(fact: FactType, title: str) -> dict[str, Any]:
    found: dict[str, Any] = {"title": title, **_JSON_TYPES[fact.kind]}
    if fact.kind == "number" and fact.scale == 0:
        found["type"] = "integer"
    if fact.minimum is not None:
        found["minimum"] = int(fact.minimum)
    if fact.maximum is not None:
        found["maximum"] = int(fact.maximum)
    if fact.values:
        found["enum"] = list(fact.values)
    return found
