"""What the operator's pages show, as frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.surfaces.desk.acts import Act


@dataclass(frozen=True)
class Light:
    """One thing that must run: its name, whether it does (yes, near, stop), in words, and where it is mended."""

    name: str
    mark: str
    words: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class SourceLine:
    """One source of facts: what it last sent, how old that is, and what of it did not land."""

    name: str
    kind: str
    observed_on: str
    age: str
    is_old: bool
    rows: int
    quarantined: int
    batch: str


@dataclass(frozen=True)
class ParkedLine:
    """A message of the outbox that gave up: since when, what its last try said, who mends that, and the act."""

    what: str
    key: str
    age: str
    attempts: int
    error: str
    mender: str
    act: Act


@dataclass(frozen=True)
class Operations:
    """Everything that must run, at a glance; sources and what is stuck below."""

    headline: str
    lights: tuple[Light, ...]
    sources: tuple[SourceLine, ...]
    parked: tuple[ParkedLine, ...]


@dataclass(frozen=True)
class DutyLine:
    """One duty of an account: where, which, until when, and the act that ends it."""

    id: str
    office: str
    role: str
    until: date | None
    ends_soon: bool
    may_end: bool


@dataclass(frozen=True)
class PersonLine:
    """One account that holds duties."""

    login: str
    name: str
    duties: tuple[DutyLine, ...]


@dataclass(frozen=True)
class People:
    """Who holds which duty, which page is for whom, and accounts that may do nothing."""

    people: tuple[PersonLine, ...]
    roles: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[bool, ...]], ...]
    orphans: tuple[tuple[str, str], ...]
    many: int


@dataclass(frozen=True)
class TemplateLine:
    """A notice's words in both languages, its gaps shown by name, and how long it is as a text message."""

    name: str
    title_zh: str
    body_zh: str
    title_en: str
    body_en: str
    messages: int
