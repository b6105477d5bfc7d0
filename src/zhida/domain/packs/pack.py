"""A pack as the platform runs it: the issued text, its clauses, and all that was built from the files beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from zhida.domain.packs.clauses import Clause
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
    that this one takes the place of, `follows` the real scheme whose figures it borrows."""

    id: str
    issuer: str
    owner: str
    region: str
    document: Document
    valid: Span
    follows: str
    replaces: str
    clauses: tuple[Clause, ...]
    explained: Mapping[str, str]
    policy_text: str
    items: Mapping[str, Item]
    requirements: Mapping[str, Requirement]
    parameters: Mapping[str, ParameterSeries]
    form: Form
    process: Process | None
    words: Mapping[str, Wording]
    golden: tuple[Any, ...]
    schema: Schema
    read: OwnerReading | None
    hash: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    nodes: Mapping[str, Node] = field(default_factory=dict, repr=False)

    def clause(self, anchor: str) -> Clause | None:
        """The clause with an anchor, or None."""
        return next((clause for clause in self.clauses if clause.anchor == anchor), None)
