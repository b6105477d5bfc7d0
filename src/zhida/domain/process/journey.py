"""One case's way through its process: which steps are open, who may do what now, and what follows.

A journey is a value: each act returns the next one, or raises and changes nothing. The kernel stores what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from zhida.domain.errors import AccessError, ConflictError, InvariantBroken
from zhida.domain.process.findings import Finding
from zhida.domain.process.lifecycle import Act, Doer, Outcome, Party, State, check_act
from zhida.domain.process.publicity import Publicity
from zhida.domain.process.steps import OWNER, SYSTEM, Phase, Process, Publicise, Step


@dataclass(frozen=True)
class Visit:
    """A step that was opened: at which position, for which office (or `system`), and what it found once done."""

    position: int
    office: str
    opened_on: date
    finding: Finding | None = None
    done_on: date | None = None

    def __post_init__(self) -> None:
        if (self.finding is None) is not (self.done_on is None):
            raise InvariantBroken("half_done_step", f"step {self.position} at {self.office}: a finding needs its date")


@dataclass(frozen=True)
class Journey:
    """Where a case stands. `owner` is the office that answers for it; `visits` are its steps so far, in their order."""

    process: Process
    owner: str
    state: State = State.DRAFT
    outcome: Outcome | None = None
    visits: tuple[Visit, ...] = ()

    @property
    def open(self) -> tuple[Visit, ...]:
        """The steps to be done now: one, or the unfinished branches of a joint review; none once the case is closed."""
        if self.state is State.CLOSED:
            return ()
        return tuple(visit for visit in self.visits if visit.finding is None)

    @property
    def joined(self) -> tuple[tuple[Visit, Step], ...]:
        """The passed branches of joint reviews, each with its step: what every office answers for by itself."""
        passed = (visit for visit in self.visits if visit.finding is Finding.PASSED)
        return tuple((one, self.step_of(one)) for one in passed if len(self.process.steps[one.position].parts) > 1)

    @property
    def upcoming(self) -> tuple[Step, ...]:
        """The steps not opened yet, in their order, as far as nothing goes against the case."""
        if self.has_failed or self.outcome not in (None, Outcome.GRANTED):
            return ()
        return self.process.steps[max((visit.position for visit in self.visits), default=-1) + 1 :]

    @property
    def has_failed(self) -> bool:
        """Whether a step found against the case."""
        return any(visit.finding is Finding.FAILED for visit in self.visits)

    @property
    def awaits_decision(self) -> bool:
        """Whether nothing but the decision is left: every review step has passed, or one has failed."""
        return self.state is State.IN_REVIEW and not self.open

    def step_of(self, visit: Visit) -> Step:
        """The process's node that a visit is of; for a joint review its branch."""
        for step in self.process.steps[visit.position].parts:
            if self._office_of(step) == visit.office:
                return step
        raise InvariantBroken("unknown_step", f"no step for {visit.office} at position {visit.position}")

    def allowed(self, by: Doer) -> frozenset[Act]:
        """The acts that somebody may take now."""
        return frozenset(act for act in Act if self._may(act, by))

    def check(self, act: Act, by: Doer) -> None:
        """Raises AccessError where `by` may not take this act, ConflictError where nobody may now."""
        check_act(act, self.state, by)
        if act in (Act.FINISH_STEP, Act.RETURN):
            if not self.open:
                raise ConflictError("no_open_step", "no step of this case is open", "read it again")
            if not any(_may_do(by, visit.office) for visit in self.open):
                raise _not_your_office(", ".join(visit.office for visit in self.open))
        if act in (Act.BEGIN, Act.DECIDE, Act.CLOSE) and not _may_lead(by, self.owner):
            raise _not_your_office(self.owner)
        if act is Act.DECIDE and not self.awaits_decision:
            raise ConflictError("review_unfinished", "a review step is still open", "finish it first")
        if act is Act.CLOSE and self.state is State.DECIDED and self.outcome is Outcome.GRANTED:
            raise ConflictError(
                "not_fulfilled", "what was granted has not been fulfilled", "finish the open step first"
            )

    def check_finding(self, requirement: str, by: Doer) -> None:
        """Raises as `check` does, and AccessError where the steps that `by` has open leave a requirement to others."""
        self.check(Act.FINISH_STEP, by)
        given = [self.step_of(visit).found_on for visit in self.open if _may_do(by, visit.office)]
        if not any(not names or requirement in names for names in given):
            hint = "leave it to the office whose step names it"
            raise AccessError("not_your_requirement", f"{requirement} is not for this step to find on", hint)

    def submit(self, *, by: Doer) -> Journey:
        """The claim is handed in: draft → submitted."""
        self.check(Act.SUBMIT, by)
        return replace(self, state=State.SUBMITTED)

    def begin(self, *, by: Doer, on: date) -> Journey:
        """The office takes it up: submitted → in_review, and the first step opens."""
        self.check(Act.BEGIN, by)
        return replace(self, state=State.IN_REVIEW)._opened(0, Phase.REVIEW, on)

    def return_case(self, *, by: Doer) -> Journey:
        """An office with an open step hands the case back to the applicant; the step stays open, its clock stops."""
        self.check(Act.RETURN, by)
        return replace(self, state=State.RETURNED)

    def resubmit(self, *, by: Doer) -> Journey:
        """The applicant has mended what was asked: returned → in_review, at the steps where it left."""
        self.check(Act.RESUBMIT, by)
        return replace(self, state=State.IN_REVIEW)

    def finish(self, position: int, office: str, finding: Finding, *, by: Doer, on: date) -> Journey:
        """A step is done, and what follows it opens. Public notices end by `end_publicity`.

        Raises ConflictError `step_not_open`, or `cannot_fail` for a fulfilment step: it stays open until it succeeds.
        """
        visit = self._open_visit(position, office, by)
        if isinstance(self.step_of(visit), Publicise):
            raise InvariantBroken("notice_unread", "a public notice ends by what was objected, not by a finding")
        if self.state is State.DECIDED and finding is Finding.FAILED:
            raise ConflictError("cannot_fail", "a fulfilment step stays open until it succeeds", "try it again")
        return self._done(visit, finding, on)

    def end_publicity(self, position: int, office: str, publicity: Publicity, *, by: Doer, on: date) -> Journey:
        """A public notice has run its time; an upheld objection fails the case. Raises as `Publicity.finding` does."""
        visit = self._open_visit(position, office, by)
        if publicity.step != self.step_of(visit) or publicity.opened_on != visit.opened_on:
            raise InvariantBroken("wrong_notice", f"this notice is not the one of step {position}")
        return self._done(visit, publicity.finding(on), on)

    def decide(self, outcome: Outcome, *, by: Doer, on: date) -> Journey:
        """Grants, which opens the first fulfilment step, or refuses. Raises ConflictError for a grant after failing."""
        self.check(Act.DECIDE, by)
        if outcome not in (Outcome.GRANTED, Outcome.REFUSED):
            raise InvariantBroken("not_a_decision", f"{outcome} is not decided by an office")
        if outcome is Outcome.REFUSED:
            return replace(self, state=State.DECIDED, outcome=outcome)
        if self.has_failed:
            raise ConflictError("cannot_grant", "a review step found against this case", "refuse it, with its reasons")
        decided = replace(self, state=State.DECIDED, outcome=outcome)
        return decided._opened(len(self.process.review), Phase.FULFIL, on)

    def close(self, *, by: Doer) -> Journey:
        """Nothing is left to do: a fulfilled or a refused case is closed."""
        self.check(Act.CLOSE, by)
        return replace(self, state=State.CLOSED)

    def withdraw(self, *, by: Doer) -> Journey:
        """The applicant takes the claim back, at any time before the decision."""
        self.check(Act.WITHDRAW, by)
        return replace(self, state=State.CLOSED, outcome=Outcome.WITHDRAWN)

    def lapse(self, *, by: Doer) -> Journey:
        """A draft or a returned case was left lying too long."""
        self.check(Act.LAPSE, by)
        return replace(self, state=State.CLOSED, outcome=Outcome.LAPSED)

    def _office_of(self, step: Step) -> str:
        return self.owner if step.by == OWNER else step.by

    def _may(self, act: Act, by: Doer) -> bool:
        try:
            self.check(act, by)
        except (AccessError, ConflictError):
            return False
        return True

    def _open_visit(self, position: int, office: str, by: Doer) -> Visit:
        self.check(Act.FINISH_STEP, by)
        for visit in self.open:
            if (visit.position, visit.office) == (position, office):
                if not _may_do(by, office):
                    raise _not_your_office(office)
                return visit
        raise ConflictError("step_not_open", f"step {position} at {office} is not open", "read the case again")

    def _done(self, visit: Visit, finding: Finding, on: date) -> Journey:
        finished = replace(visit, finding=finding, done_on=on)
        following = replace(self, visits=tuple(finished if each == visit else each for each in self.visits))
        if following.open or following.has_failed:
            return following
        return following._opened(visit.position + 1, self.process.steps[visit.position].phase, on)

    def _opened(self, position: int, phase: Phase, on: date) -> Journey:
        steps = self.process.steps
        if position < len(steps) and steps[position].phase is phase:
            opened = tuple(Visit(position, self._office_of(step), on) for step in self.process.steps[position].parts)
            if len({visit.office for visit in opened}) < len(opened):
                raise InvariantBroken("branches_meet", f"two branches of step {position} are at one office")
            return replace(self, visits=self.visits + opened)
        return replace(self, state=State.FULFILLED) if phase is Phase.FULFIL else self


def _may_do(by: Doer, office: str) -> bool:
    return by.party is Party.SYSTEM if office == SYSTEM else by.party is Party.OFFICE and office in by.offices


def _may_lead(by: Doer, owner: str) -> bool:
    return by.party is Party.SYSTEM or owner in by.offices


def _not_your_office(offices: str) -> AccessError:
    return AccessError("not_your_office", f"this is for {offices}", "ask that office, or for a mandate from it")
