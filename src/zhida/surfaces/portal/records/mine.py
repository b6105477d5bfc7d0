"""What is one's own: licences, consents, who has looked, how one was served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Facet, FactLine, Fault, Question
from zhida.surfaces.portal.records.answers import SubjectHead
from zhida.surfaces.portal.records.claims import CredentialFace, ReadingLine
from zhida.surfaces.portal.records.permits import PlatformLine


@dataclass(frozen=True)
class CardsPage:
    """Every licence of the chosen subject, those that hold first."""

    subject: SubjectHead | None
    cards: tuple[CredentialFace, ...]


@dataclass(frozen=True)
class ReadingsPage:
    """Who has looked, narrowed; `file_href` is the same as a table."""

    subject: SubjectHead | None
    lines: tuple[ReadingLine, ...]
    count: int
    offices: tuple[Facet, ...]
    times: tuple[Facet, ...]
    file_href: str


@dataclass(frozen=True)
class ConsentLine:
    """One consent: to whom, for what, which facts, until when, and how often it was used."""

    id: str
    receiver: str
    purpose: str
    facts: str
    given_at: datetime
    last_on: date
    holds: bool
    withdrawn_at: datetime | None
    address: str
    looks: int


@dataclass(frozen=True)
class ConsentsPage:
    """The consents of the chosen subject, and the form that gives one."""

    subject: SubjectHead | None
    holding: tuple[ConsentLine, ...]
    ended: tuple[ConsentLine, ...]
    questions: tuple[Question, ...]
    facts: tuple[tuple[str, str, bool], ...]
    submission: str
    faults: tuple[Fault, ...]
    facts_fault: str
    platforms: tuple[PlatformLine, ...]


@dataclass(frozen=True)
class SharedPage:
    """What somebody sees under a consent."""

    subject: SubjectHead
    receiver: str
    purpose: str
    last_on: date
    facts: tuple[FactLine, ...]


@dataclass(frozen=True)
class JudgingPage:
    """Rating a case, or asking for a second look at its decision."""

    number: str
    title: Text
    office: str
    questions: tuple[Question, ...]
    aspects: tuple[tuple[str, str, bool], ...]
    words: str
    faults: tuple[Fault, ...]
