"""Every word of a pack that a person reads, in one language: titles, how much, and the reasons with their blanks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhida.domain.packs.source.nodes import Spot

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Template:
    """Words with blanks: `{fact}`, `{fact@year-1:percent}`, `{parameters.name:yuan}`."""

    text: str
    spot: Spot = field(default=Spot(""), compare=False)


@dataclass(frozen=True)
class ItemWords:
    """An item's title, and in a few words what it gives."""

    title: str
    how_much: str


@dataclass(frozen=True)
class RequirementWords:
    """What a requirement says when met, not met or unknown; `title` names it. Alternatives have words of their own."""

    title: str
    answers: Mapping[str, Template]
    alternatives: Mapping[str, Mapping[str, Template]] = field(default_factory=dict)


@dataclass(frozen=True)
class Wording:
    """One language of a pack. `questions`, `papers` and `obligations` give each of them its words by name."""

    title: str
    plain: str
    items: Mapping[str, ItemWords]
    requirements: Mapping[str, RequirementWords]
    questions: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    obligations: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
