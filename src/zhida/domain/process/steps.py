"""The closed list of step kinds that packs order into a process. A new kind is code, with an ADR.

Review steps come before the decision, fulfilment steps after it. Every step says who acts (`by`), within how many
working days, and which clauses ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from zhida.domain.errors import InvariantBroken

SYSTEM = "system"
"""`by: system`: no person acts."""
OWNER = "owner"
"""`by: owner`: the office that answers for the case. Any other word is an office id."""


class Phase(StrEnum):
    """Before the decision or after it."""

    REVIEW = "review"
    FULFIL = "fulfil"


@dataclass(frozen=True, kw_only=True)
class Step:
    """What all kinds share. `within_working_days` is None where no limit is promised; the day it opens never counts."""

    kind: ClassVar[str]
    phase: ClassVar[Phase] = Phase.REVIEW

    by: str = OWNER
    within_working_days: int | None = None
    cites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.by:
            raise InvariantBroken("step_without_doer", f"{self.kind}: nobody is to do it")
        if self.within_working_days is not None and self.within_working_days < 0:
            raise InvariantBroken("malformed_limit", f"{self.kind}: within {self.within_working_days} working days")

    @property
    def found_on(self) -> tuple[str, ...]:
        """The requirements that whoever does this step finds on; none named means any."""
        return ()

    @property
    def parts(self) -> tuple[Step, ...]:
        """What opens when it is this step's turn: the step itself, or every branch of a joint review."""
        return (self,)


@dataclass(frozen=True, kw_only=True)
class Collect(Step):
    """Evidence is gathered: from the applicant or from another office's records. `evidence` names the requirements."""

    kind = "collect"
    evidence: tuple[str, ...] = ()

    @property
    def found_on(self) -> tuple[str, ...]:
        """What it gathers evidence for."""
        return self.evidence


@dataclass(frozen=True, kw_only=True)
class Check(Step):
    """The computed requirements are assessed, or an officer sees that the papers are complete."""

    kind = "check"


@dataclass(frozen=True, kw_only=True)
class Review(Step):
    """An office finds on evidenced and judged requirements; empty `requirements` means all that are still open."""

    kind = "review"
    requirements: tuple[str, ...] = ()

    @property
    def found_on(self) -> tuple[str, ...]:
        """What the pack gives this office to find on."""
        return self.requirements


@dataclass(frozen=True, kw_only=True)
class Publicise(Step):
    """Public notice with objections, for `working_days` or for calendar `days`, never both; it `shows` these fields."""

    kind = "publicise"
    working_days: int | None = None
    days: int | None = None
    shows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        periods = [period for period in (self.working_days, self.days) if period is not None]
        if len(periods) != 1 or periods[0] < 1:
            raise InvariantBroken("malformed_notice_period", "say either working_days or days, at least 1")


@dataclass(frozen=True, kw_only=True)
class Select(Step):
    """The item's quota picks among those who passed so far, in the item's order."""

    kind = "select"


@dataclass(frozen=True, kw_only=True)
class Activity(Step):
    """Something that happens outside the system and is recorded: a visit, a panel, a drawing of lots."""

    kind = "activity"
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class AllOf(Step):
    """Joint review: every branch opens at once, each at its own office; passed when all passed, over when all are."""

    kind = "all_of"
    branches: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.branches) < 2 or len({branch.by for branch in self.branches}) < len(self.branches):
            raise InvariantBroken("malformed_joint_review", "a joint review has two or more branches at unlike offices")
        if not all(isinstance(branch, Collect | Check | Review | Activity) for branch in self.branches):
            raise InvariantBroken("malformed_joint_review", "branches are collect, check, review or activity")

    @property
    def parts(self) -> tuple[Step, ...]:
        """The branches, each under the joint limit where it has none of its own."""
        limit = self.within_working_days
        return tuple(
            replace(branch, within_working_days=limit) if branch.within_working_days is None else branch
            for branch in self.branches
        )


@dataclass(frozen=True, kw_only=True)
class Issue(Step):
    """A credential is issued."""

    kind = "issue"
    phase = Phase.FULFIL
    credential: str = ""


@dataclass(frozen=True, kw_only=True)
class Pay(Step):
    """The granted amount is paid; done when the bank has settled it."""

    kind = "pay"
    phase = Phase.FULFIL


STEP_KINDS: dict[str, type[Step]] = {
    step.kind: step for step in (Collect, Check, Review, Publicise, Select, AllOf, Activity, Issue, Pay)
}


@dataclass(frozen=True)
class Process:
    """A pack's steps: `review` up to the decision, `fulfil` after it. A step's position counts through both, from 0."""

    review: tuple[Step, ...] = ()
    fulfil: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        for phase, steps in ((Phase.REVIEW, self.review), (Phase.FULFIL, self.fulfil)):
            for step in steps:
                if step.phase is not phase:
                    raise InvariantBroken("step_in_wrong_phase", f"{step.kind} is no {phase} step")

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps by position."""
        return self.review + self.fulfil
