"""The decision: facts frozen, the assessment's digest in the ledger, the outcome told with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.packs import reason_words
from zhida.domain.process import Act, Outcome, Party
from zhida.domain.rules import AmountState, Answer, Assessment, Met
from zhida.domain.values import Actor, utc
from zhida.kernel.cases.assessing import known_of
from zhida.kernel.cases.bench import Bench
from zhida.kernel.cases.handling import Handling

_OUTCOMES = {Outcome.GRANTED: ("予以兑现", "granted"), Outcome.REFUSED: ("不予兑现", "refused")}


class Decision(NamedTuple):
    """How one case comes out."""

    case_id: str
    outcome: Outcome
    reason: str = ""


@transaction.atomic
def decide(*, case_id: str, outcome: Outcome, reason: str = "", by: Actor, as_of: datetime) -> None:
    """Grants or refuses a case whose review is over; the facts are frozen with it. Records `case.decided`.

    Raises ConflictError `rules_say_otherwise` for granting what the rules do not give, `nothing_against` for refusing
    what nothing speaks against (an officer's adverse ruling or an upheld objection must), `amount_unknown` for granting
    money without a known sum; AccessError and ConflictError as the journey has them.
    """
    _decide(Handling.of(case_id, by=by, as_of=as_of), outcome, reason)


@transaction.atomic
def decide_many(*, decisions: Sequence[Decision], by: Actor, as_of: datetime) -> None:
    """Decides many cases, all or none; what their rules read is read once. Raises as `decide` does."""
    bench = Bench(as_of)
    ids = {decision.case_id for decision in decisions}
    cases = {case.row.id: case for case in Handling.together(ids, by=by, bench=bench)}
    known = known_of([case.row for case in cases.values()], by=by, as_of=as_of)
    for decision in decisions:
        case = cases[decision.case_id]
        case.known = known[decision.case_id]
        _decide(case, decision.outcome, decision.reason)
    bench.write()


def _decide(case: Handling, outcome: Outcome, reason: str) -> None:
    case.journey.check(Act.DECIDE, case.doer)
    _check_outcome(case, outcome, reason)
    settle_decision(case, outcome, reason=reason)


def settle_decision(case: Handling, outcome: Outcome, *, reason: str = "") -> None:
    """Writes a checked decision, in the caller's transaction."""
    found, row = case.assessed(case.submitted_on), case.row
    digest = case.freeze("decision", found, case.submitted_on)
    row.decided_at, row.is_automatic = utc(case.as_of), case.doer.party is Party.SYSTEM
    row.amount_fen = found.assessment.amount_fen if outcome is Outcome.GRANTED else None
    case.go_on(case.journey.decide(outcome, by=case.doer, on=case.today))
    fields = {
        "outcome": str(outcome),
        "item": row.item,
        "revision": row.revision_id,
        "amount_fen": row.amount_fen,
        "assessment": digest,
        "because": [{"requirement": name, "clauses": cites} for name, cites in _against(found.assessment)],
        "reason": reason,
        "is_automatic": row.is_automatic,
    }
    case.record("case.decided", fields)
    case.tell("case_decided", {"outcome": _OUTCOMES[outcome], "reason": _spoken(case, found.assessment, reason)})


def _check_outcome(case: Handling, outcome: Outcome, reason: str) -> None:
    assessment = case.assessed(case.submitted_on).assessment
    if outcome is Outcome.REFUSED:
        if assessment.answer is Answer.ENTITLED and not case.journey.has_failed:
            words = f"nothing in the rules or the review of {case.row.id} speaks against it"
            raise ConflictError("nothing_against", words, "rule on the requirement that is not met first")
        if not assessment.because and not reason.strip():
            raise InvariantBroken("no_reason", f"{case.row.id} is refused without a reason")
        return
    if assessment.answer is not Answer.ENTITLED:
        words = f"the rules say {assessment.answer}: {', '.join(assessment.because) or 'something is still unknown'}"
        raise ConflictError("rules_say_otherwise", words, "rule on what is open, or ask for the missing facts")
    if case.item.pays and assessment.amount is not AmountState.KNOWN:
        missing = ", ".join(str(key) for key in assessment.missing)
        raise ConflictError("amount_unknown", f"the amount is {assessment.amount}: {missing}", "get the missing facts")


def _against(assessment: Assessment) -> list[tuple[str, list[str]]]:
    return [(reason.requirement, list(reason.clauses)) for reason in assessment.reasons if reason.answer is not Met.MET]


def _spoken(case: Handling, assessment: Assessment, reason: str) -> tuple[str, str]:
    """Why, in both languages: the officer's words, else those of the requirements that decided it."""
    if reason:
        return reason, reason
    wanted = (Met.MET,) if assessment.answer is Answer.ENTITLED else (Met.NOT_MET, Met.UNKNOWN)
    deciding = [each for each in assessment.reasons if each.answer in wanted]
    on = case.submitted_on
    zh = "；".join(reason_words(case.pack, each, "zh", as_of=on) for each in deciding)
    en = "; ".join(reason_words(case.pack, each, "en", as_of=on) for each in deciding)
    return zh, en
