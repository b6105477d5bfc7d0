"""The dictionary that packs share: attributes, relations, code trees, offices, common parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from zhida.domain.packs.source.nodes import Node
from zhida.domain.rules.schema import FactType, ParameterSeries, RelationType
from zhida.domain.values import CodeTree, SubjectKind

Words = Mapping[str, str]
ValueWords = Mapping[str, Mapping[str, Words]]
"""Fact, then value, then language: what people call the values of closed lists. A record's field is `record.field`."""


class FieldClass(StrEnum):
    """How closely a fact is held."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Attribute:
    """One attribute: its type as rules see it, the system it comes from, how closely it is held, whom it describes.

    `words` are its names, {"zh", "en"}. The office that answers for it is `fact.owner`. `can_change` says which way the
    one whom it describes can move it: more, less, any, or "" for not at all. `is_breakdown` marks what sums over a
    population are cut by.
    """

    fact: FactType
    source: str
    field_class: FieldClass
    audience: frozenset[SubjectKind]
    words: Words
    can_change: str = ""
    is_breakdown: bool = False

    @property
    def name(self) -> str:
        """The name that rules use."""
        return self.fact.name


@dataclass(frozen=True)
class RelationAttribute:
    """A list of records that belongs to a subject. `empty_when_absent`: a subject without records in a complete source
    has none; otherwise nobody knows."""

    relation: RelationType
    owner: str
    source: str
    field_class: FieldClass
    audience: frozenset[SubjectKind]
    empty_when_absent: bool
    words: Words
    field_words: Mapping[str, Words]
    field_classes: Mapping[str, FieldClass]

    @property
    def name(self) -> str:
        """The name that rules use."""
        return self.relation.name


@dataclass(frozen=True)
class OfficeEntry:
    """An office as packs name it; the platform's own tree of offices gives it people and duties."""

    slug: str
    region: str
    under: str
    words: Words


@dataclass(frozen=True)
class BudgetLineEntry:
    """A budget line that packs draw on: the office that owns it, and its names."""

    id: str
    owner: str
    words: Words


@dataclass(frozen=True)
class Dictionary:
    """All of `_attributes/`. `topics` are what documents are filed under, `measures` what items of several places may
    be alike in: name to words. `entries` holds each entry as it was written, for revisions; `hash` is over all."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    relations: Mapping[str, RelationAttribute] = field(default_factory=dict)
    code_trees: Mapping[str, CodeTree] = field(default_factory=dict)
    offices: Mapping[str, OfficeEntry] = field(default_factory=dict)
    budget_lines: Mapping[str, BudgetLineEntry] = field(default_factory=dict)
    parameters: Mapping[str, ParameterSeries] = field(default_factory=dict)
    topics: Mapping[str, Words] = field(default_factory=dict)
    measures: Mapping[str, Words] = field(default_factory=dict)
    entries: Mapping[tuple[str, str], Node] = field(default_factory=dict)
    value_words: ValueWords = field(default_factory=dict)
    tables: Mapping[str, bytes] = field(default_factory=dict)
    hash: str = ""

    @property
    def facts(self) -> dict[str, FactType]:
        """Name to type, as a rules schema takes them."""
        return {name: attribute.fact for name, attribute in self.attributes.items()}

    def named(self, name: str, lang: str) -> str:
        """What people call an attribute or relation; its code name where the dictionary has no words."""
        entry = self.attributes.get(name) or self.relations.get(name)
        return entry.words.get(lang) or entry.words.get("zh", name) if entry else name

    def owner_of(self, name: str) -> str:
        """The slug of the office that answers for an attribute or relation, "" where none does."""
        if name in self.attributes:
            return self.attributes[name].fact.owner
        return self.relations[name].owner if name in self.relations else ""
