"""Frozen records that cases hand out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from zhida.domain.process import Act, Deadline
from zhida.domain.rules import Assessment
from zhida.domain.values import Facts


@dataclass(frozen=True)
class CaseAssessment:
    """The facts a case was assessed on, and the assessment; `deducted_fen` is what a stacking group took off."""

    facts: Facts
    assessment: Assessment
    deducted_fen: int = 0


@dataclass(frozen=True)
class CaseRecord:
    """A case as its list shows it. `amount_fen` is None until decided; `wake_at` is when the system looks again."""

    id: str
    item: str
    claim: str
    revision_id: str
    subject_id: str
    region: str
    office: str
    record: str
    period: str
    state: str
    outcome: str
    version: int
    opened_at: datetime
    submitted_at: datetime | None
    undo_until: datetime | None
    wake_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    due_on: date | None
    is_automatic: bool
    amount_fen: int | None
    bank_account: str


@dataclass(frozen=True)
class StepRecord:
    """A step of a case: done (`finding`), open (`opened_on` without `finding`), or to come (neither)."""

    position: int
    kind: str
    office: str
    opened_on: date | None
    due_on: date | None
    finding: str
    done_on: date | None
    note: str
    cites: tuple[str, ...]
    found_on: tuple[str, ...] = ()

    def may_find_on(self, requirement: str) -> bool:
        """Whether the pack leaves a requirement to whoever does this step."""
        return not self.found_on or requirement in self.found_on


class Waiting(NamedTuple):
    """What waits for an office, as much as orders, counts and narrows it: an open step, or to "decide"."""

    case_id: str
    item: str
    revision_id: str
    subject_id: str
    due_on: date | None
    office: str
    position: int | None
    kind: str


@dataclass(frozen=True)
class ObjectionRecord:
    """An objection to a case on public notice."""

    id: str
    case_id: str
    words: str
    raised_at: datetime
    resolved_at: datetime | None
    is_upheld: bool | None
    answer: str


@dataclass(frozen=True)
class EvidenceRecord:
    """A document handed in; its bytes are read by id."""

    id: str
    requirement: str
    name: str
    media_type: str
    sha256: str
    attached_at: datetime


@dataclass(frozen=True)
class RulingRecord:
    """What was found on one requirement, by whom, and why."""

    requirement: str
    is_met: bool
    reason: str
    ruled_at: datetime
    ruled_by: str


@dataclass(frozen=True)
class GrantRecord:
    """What a case set in motion: `disbursement` and `credential` are ids, empty where there is none."""

    entitlement_id: str
    period: str
    due_on: date
    disbursement: str
    credential: str
    fulfilled_at: datetime | None


@dataclass(frozen=True)
class CaseView:
    """A case whole: its steps done, open and to come, what was handed in, and what the asker may do now.

    `frozen` is the assessment the decision rests on, in the shape of the command line, None before.
    """

    case: CaseRecord
    steps: tuple[StepRecord, ...]
    projected: Deadline | None
    allowed: frozenset[Act]
    answers: Mapping[str, Any]
    evidence: tuple[EvidenceRecord, ...]
    rulings: tuple[RulingRecord, ...]
    objections: tuple[ObjectionRecord, ...]
    grants: tuple[GrantRecord, ...]
    frozen: Mapping[str, Any] | None


@dataclass(frozen=True)
class Advanced:
    """What one look of the system at a case did, in order; empty where it has to wait."""

    case_id: str
    acts: tuple[str, ...]
