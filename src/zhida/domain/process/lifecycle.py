"""The one lifecycle of every case, and who may take each act.

    draft → submitted → in_review ⇄ returned
                            ↓
                         decided → fulfilled → closed

Withdrawn and lapsed are outcomes: such a case is closed from wherever it stood before the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from zhida.domain.errors import AccessError, ConflictError


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    DECIDED = "decided"
    FULFILLED = "fulfilled"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case came out."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Act(StrEnum):
    """What can be done with a case."""

    SUBMIT = "submit"
    BEGIN = "begin"
    FINISH_STEP = "finish_step"
    RETURN = "return"
    RESUBMIT = "resubmit"
    DECIDE = "decide"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class Party(StrEnum):
    """On which side somebody acts."""

    APPLICANT = "applicant"
    OFFICE = "office"
    SYSTEM = "system"


@dataclass(frozen=True)
class Doer:
    """Who acts: the applicant (or their agent), the system, or an officer, for the offices in `offices`."""

    party: Party
    offices: frozenset[str] = frozenset()


_BEFORE_DECISION = (State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.RETURNED)

_FROM: dict[Act, tuple[State, ...]] = {
    Act.SUBMIT: (State.DRAFT,),
    Act.BEGIN: (State.SUBMITTED,),
    Act.FINISH_STEP: (State.IN_REVIEW, State.DECIDED),
    Act.RETURN: (State.IN_REVIEW,),
    Act.RESUBMIT: (State.RETURNED,),
    Act.DECIDE: (State.IN_REVIEW,),
    Act.CLOSE: (State.DECIDED, State.FULFILLED),
    Act.WITHDRAW: _BEFORE_DECISION,
    Act.LAPSE: (State.DRAFT, State.RETURNED),
}

_PARTIES: dict[Act, tuple[Party, ...]] = {
    Act.SUBMIT: (Party.APPLICANT, Party.SYSTEM),
    Act.BEGIN: (Party.OFFICE, Party.SYSTEM),
    Act.FINISH_STEP: (Party.OFFICE, Party.SYSTEM),
    Act.RETURN: (Party.OFFICE,),
    Act.RESUBMIT: (Party.APPLICANT,),
    Act.DECIDE: (Party.OFFICE, Party.SYSTEM),
    Act.CLOSE: (Party.OFFICE, Party.SYSTEM),
    Act.WITHDRAW: (Party.APPLICANT,),
    Act.LAPSE: (Party.SYSTEM,),
}


def check_act(act: Act, state: State, by: Doer) -> None:
    """Raises AccessError where this side never takes the act, ConflictError where the state does not allow it now."""
    if by.party not in _PARTIES[act]:
        allowed = " or ".join(_PARTIES[act])
        raise AccessError("not_yours_to_do", f"{by.party} cannot {act} a case", f"this is for the {allowed}")
    if state not in _FROM[act]:
        raise ConflictError("act_out_of_turn", f"{act} cannot be done to a case that is {state}", "read the case again")
