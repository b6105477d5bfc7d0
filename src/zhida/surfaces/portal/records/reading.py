"""Policies and items as everybody reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Clause, Document, Equation, Facet, FacetGroup, FactLine, Page, Step


@dataclass(frozen=True)
class Door:
    """One of the two great doors of the home page."""

    name: str
    invitation: str
    href: str
    topics: tuple[Facet, ...]


@dataclass(frozen=True)
class Ending:
    """An item whose window closes soon."""

    title: Text
    href: str
    days: int
    closes_on: date
    how_much: Text


@dataclass(frozen=True)
class Fresh:
    """A policy published lately."""

    title: Text
    number: str
    issuer: str
    issued_on: date
    href: str


@dataclass(frozen=True)
class Home:
    """The front page."""

    today: date
    figures: tuple[tuple[str, str], ...]
    often: tuple[Facet, ...]
    policy_count: int
    doors: tuple[Door, ...]
    ending: tuple[Ending, ...]
    fresh: tuple[Fresh, ...]


@dataclass(frozen=True)
class ItemLine:
    """An item in a list: what it pays and when it closes, in words."""

    title: Text
    href: str
    how_much: Text
    claim: str = ""
    window: str = ""


@dataclass(frozen=True)
class Hit:
    """A policy in a list of results; its title is markup where words of it answer; `more` items are not shown."""

    title: Text | SafeString
    href: str
    document: Document
    issuer: str
    issued_on: date
    plain: Text
    state: str
    state_words: str
    items: tuple[ItemLine, ...]
    why: str = ""
    more: int = 0


@dataclass(frozen=True)
class PolicyList:
    """Policies found, and the ways to narrow them."""

    text: str
    total: int
    item_total: int
    groups: tuple[FacetGroup, ...]
    chosen: tuple[Facet, ...]
    hits: tuple[Hit, ...]
    page: Page
    is_loose: bool = False
    details: str = ""
    instead: tuple[Facet, ...] = ()


@dataclass(frozen=True)
class Became:
    """What a clause became in an item: its conditions, sums, steps and promises by name."""

    title: Text
    href: str
    parts: tuple[Text | str, ...]


@dataclass(frozen=True)
class ClauseBlock:
    """A clause of the issued text and, beside it, what it became."""

    anchor: str
    number: str
    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[Became, ...] = ()
    note: Text | str = ""


@dataclass(frozen=True)
class Relative:
    """A policy that this one replaced, or that replaced it; this one itself is `here`."""

    title: Text
    href: str
    number: str
    words: str
    is_here: bool


@dataclass(frozen=True)
class PolicyPage:
    """One policy: its face, its plain words, its items, its text.

    `title` is that of the issued document and `name` what people call it; in English the other way round.
    """

    title: Text
    name: Text
    document: Document
    issuer: str
    owner: str
    region: str
    issued_on: date
    validity: str
    state: str
    state_words: str
    plain: Text
    topics: tuple[Text, ...]
    items: tuple[ItemLine, ...]
    clauses: tuple[ClauseBlock, ...]
    revision: str
    fingerprint: str
    brief: tuple[tuple[str, Text | str], ...] = ()
    chain: tuple[Relative, ...] = ()
    is_over: bool = False


@dataclass(frozen=True)
class Need:
    """A requirement as the guide shows it: the clause's own words, and how it is settled."""

    words: Text
    how: str
    clauses: tuple[Clause, ...]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFace:
    """A table of a pack, as a person reads it."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Example:
    """One of the pack's worked examples: who, on which day, what is known of them, and what that makes."""

    name: Text
    on: date
    lines: tuple[FactLine, ...]
    equation: Equation | None
    amount_fen: int


@dataclass(frozen=True)
class ItemPage:
    """The guide of one item."""

    title: Text
    policy: Document
    how_much: Text
    audience: str
    claim: str
    claim_note: str
    window: str
    promised_days: int
    owner: str
    region: str
    amount_fen: int | None
    needs: tuple[Need, ...]
    tables: tuple[TableFace, ...]
    amount_clauses: tuple[Clause, ...]
    amount_quotes: tuple[str, ...]
    papers: tuple[Text, ...]
    asked: tuple[Text, ...]
    steps: tuple[Step, ...]
    obligations: tuple[str, ...]
    example: Example | None
    past: tuple[tuple[str, str], ...]
    calendar_href: str
    compare_href: str
    act_href: str
    act_words: str
    is_open: bool
    calculator_href: str
