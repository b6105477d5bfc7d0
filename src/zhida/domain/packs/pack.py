"""A pack as the platform runs it: the issued text, its clauses, and all that was built from the files beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.domain.packs.clauses import Clause
from zhida.domain.packs.dictionary import ValueWords
from zhida.domain.packs.forms import Form
from zhida.domain.packs.items import Item
from zhida.domain.packs.source.nodes import Node
from zhida.domain.packs.wording import Wording
from zhida.domain.process import Process
from zhida.domain.rules import ParameterSeries, Requirement, Schema
from zhida.domain.values import Span


@dataclass(frozen=True)
class Document:
    """The issued document: its number, title (the heading of policy.md), date, topics, SHA-256 of its file."""

    number: str
    title: str
    issued_on: date
    topics: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class OwnerReading:
    """The owner's word that rules and text say the same: who read, when, and the digest of what was read."""

    by: str
    on: date
    of: str


@dataclass(frozen=True)
class Pack:
    """One pack. `files` are its own files by relative path; `hash` is that of its revision. `replaces` names the pack
    that this one takes the place of, `follows` the real scheme whose figures it borrows; `measures` tells of an item
    which measure of the dictionary it is, so that it can be laid beside other places' items."""

    id: str
    issuer: str
    owner: str
    region: str
    document: Document
    valid: Span
    follows: str
    replaces: str
    measures: Mapping[str, str]
    clauses: tuple[Clause, ...]
    explained: Mapping[str, str]
    policy_text: str
    items: Mapping[str, Item]
    requirements: Mapping[str, Requirement]
    parameters: Mapping[str, ParameterSeries]
    form: Form
    process: Process | None
    words: Mapping[str, Wording]
    golden: Sequence[Any]
    schema: Schema
    read: OwnerReading | None
    hash: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    nodes: Mapping[str, Node] = field(default_factory=dict, repr=False)
    value_words: ValueWords = field(default_factory=dict, repr=False)

    def choices(self, fact: str, lang: str) -> dict[str, str]:
        """What people call the values of a closed list: by the pack's own words, else by the dictionary's.

        `fact` is an attribute, a question or `record.field`; Chinese stands in where `lang` has no words.
        """
        given = self.value_words.get(fact, {}).items()
        known = {value: words.get(lang) or words["zh"] for value, words in given}
        own = [self.words[each].choices for each in ("zh", lang) if each in self.words]
        return known | {value: text for choices in own for value, text in choices.items()}

    def clause(self, anchor: str) -> Clause | None:
        """The clause with an anchor, or None."""
        return next((clause for clause in self.clauses if clause.anchor == anchor), None)
