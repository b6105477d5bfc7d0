"""What the author's pages are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card
from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Choice, Question


@dataclass(frozen=True)
class DraftLine:
    """One draft in the list."""

    title: str
    href: str
    pack_id: str
    state: str
    state_words: str
    who: str
    at: datetime


@dataclass(frozen=True)
class DraftsPage:
    """The list, and what begins a draft."""

    token: str
    headline: str
    lines: tuple[DraftLine, ...]
    begin: tuple[Question, ...]
    again: Question | None


@dataclass(frozen=True)
class RollbackPage:
    """The roll-backs that wait for a second person, and the form that proposes one."""

    headline: str
    cards: tuple[Card, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class DraftHead:
    """What stands above every page of one draft; `open` counts what nobody has settled."""

    id: str
    title: str
    pack_id: str
    version: int
    state: str
    state_words: str
    who: str
    at: datetime
    is_open: bool
    open: int
    source: str
    here: str


@dataclass(frozen=True)
class Note:
    """Something that was not read, and where."""

    words: str
    place: str


@dataclass(frozen=True)
class ProposalLine:
    """One proposal: what it is, what was read from which words, how sure and why, what accepting it does."""

    id: str
    kind: str
    told: Text
    quote: str
    place: str
    confidence: int
    is_sure: bool
    reason: str
    effect: str
    state: str
    state_words: str
    choices: tuple[Choice, ...]
    change: Question | None
    href: str
    fault: str = ""


@dataclass(frozen=True)
class RemarkLine:
    """Something said about a place."""

    id: str
    words: str
    who: str
    at: datetime
    is_settled: bool


@dataclass(frozen=True)
class Block:
    """A clause as issued, what was read from it, and what it became in the pack; `anchor` "" is the head."""

    anchor: str
    heading: str
    paragraphs: tuple[str, ...]
    lines: tuple[ProposalLine, ...]
    became: tuple[tuple[str, str], ...]
    remarks: tuple[RemarkLine, ...] = ()

    @property
    def waiting(self) -> tuple[ProposalLine, ...]:
        """What nobody has settled."""
        return tuple(line for line in self.lines if line.state == "near")

    @property
    def settled(self) -> tuple[ProposalLine, ...]:
        """What somebody has."""
        return tuple(line for line in self.lines if line.state != "near")


@dataclass(frozen=True)
class Left:
    """A clause in which something is left to decide: the way to it, how much, and how much of that is not certain."""

    words: str
    href: str
    count: int
    unsure: int


@dataclass(frozen=True)
class SheetPage:
    """The text with its proposals, some clauses at a time; `left` are the clauses of all parts that wait."""

    head: DraftHead
    notes: tuple[Note, ...]
    blocks: tuple[Block, ...]
    left: tuple[Left, ...]
    shown: str
    sure: int
    unsure: int
    number: int
    count: int
    before: str
    after: str
    broken: int
    remark: Question


@dataclass(frozen=True)
class Trouble:
    """Something wrong or doubtful: where, in which words, and how to mend it; `href` leads to where it is mended."""

    place: str
    words: Text
    hint: Text
    href: str
    line: int = 0


@dataclass(frozen=True)
class ExampleLine:
    """A person or firm for the author to accept: the facts, and what the rules say of them now."""

    number: str
    name: str
    facts: tuple[tuple[str, str], ...]
    answer: str
    mark: str
    because: str


@dataclass(frozen=True)
class ReadyLine:
    """One item on its way to 免申即享."""

    title: str
    now: str
    could_be: str
    obstacles: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CostLine:
    """One run over the whole population of one kind of subject of what is drafted now."""

    whom: str
    headline: str
    notes: tuple[str, ...]
    href: str
    at: datetime
    is_current: bool


@dataclass(frozen=True)
class Step:
    """One thing that stands between a draft and its proposal, in a sentence, and the form that mends it."""

    words: str
    href: str
    act: str


@dataclass(frozen=True)
class LaunchPage:
    """Everything that stands between a draft and what is in force."""

    head: DraftHead
    problems: tuple[Trouble, ...]
    findings: tuple[Trouble, ...]
    lacks: tuple[str, ...]
    tier: str
    cases: int
    failed: tuple[str, ...]
    mutants: str
    examples: tuple[ExampleLine, ...]
    left: tuple[str, ...]
    ready: tuple[ReadyLine, ...]
    costs: tuple[CostLine, ...]
    is_cost_seen: bool
    cost_questions: tuple[Question, ...]
    cost_tokens: tuple[str, ...]
    changes: tuple[str, ...]
    against: str
    acts: tuple[Act, ...]
    wait_words: str
    policy: str
    standing: tuple[Step, ...]
    can_propose: bool
    publish_on: date | None
