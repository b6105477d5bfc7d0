"""An application step by step: the list of what is to do, one thing a page, and the look before it is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Clause, Document, FactLine, Fault, Question, Reason
from zhida.surfaces.portal.records.answers import SubjectHead


@dataclass(frozen=True)
class Reusable:
    """Something held already that can stand for a paper: a licence of the wallet, or what was handed in before."""

    id: str
    title: Text
    words: str


@dataclass(frozen=True)
class Upload:
    """A paper that is asked for, and why; `kept` is the name of the one that stands in the draft."""

    name: str
    label: str
    why: str
    clauses: tuple[Clause, ...]
    accept: str = ""
    reusable: tuple[Reusable, ...] = ()
    kept: str = ""
    origin: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Promise:
    """Something the applicant promises by submitting."""

    name: str
    words: Text
    clauses: tuple[Clause, ...]
    fault: str = ""


@dataclass(frozen=True)
class ClaimHead:
    """Whose application it is and for what; `list_href` is where it begins."""

    subject: SubjectHead
    title: Text
    policy: Document
    list_href: str


@dataclass(frozen=True)
class Task:
    """One thing to do; `state` is done, todo or optional."""

    label: str
    href: str
    state: str
    words: str


@dataclass(frozen=True)
class TaskList:
    """Where an application begins and is come back to."""

    head: ClaimHead
    tasks: tuple[Task, ...]
    facts: tuple[FactLine, ...]
    kept_at: datetime | None
    next_href: str
    is_ready: bool
    has_nothing_to_claim: bool
    against: tuple[Reason, ...]
    amount_fen: int | None
    promised_days: int

    @property
    def left(self) -> int:
        """How many things are still to do."""
        return sum(task.state == "todo" for task in self.tasks)


@dataclass(frozen=True)
class PartPage:
    """One question or one paper."""

    head: ClaimHead
    number: int
    count: int
    question: Question | None
    upload: Upload | None
    for_what: tuple[Text, ...]
    kept_at: datetime | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class AnswerLine:
    """One thing that was answered or chosen, and the way to change it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True)
class CheckPage:
    """Everything once more, before it is handed in."""

    head: ClaimHead
    answers: tuple[AnswerLine, ...]
    facts: tuple[FactLine, ...]
    promises: tuple[Promise, ...]
    pays: bool
    account: str
    account_href: str
    amount_fen: int | None
    promised_days: int
    submission: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class MendPage:
    """A case that an office gave back: what it asked for, in one list, and everything that can be changed."""

    subject: SubjectHead
    title: Text
    number: str
    asked: str
    questions: tuple[Question, ...]
    uploads: tuple[Upload, ...]
    faults: tuple[Fault, ...]
