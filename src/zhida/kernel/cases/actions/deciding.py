"""The decision: facts frozen, the assessment's digest in the ledger, the outcome told with its reasons."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.packs import reason_words
from zhida.domain.process import Act, Journey, Outcome, Party
from zhida.domain.rules import AmountState, Answer, Assessment, Met
from zhida.domain.values import Actor, local_date, utc
from zhida.kernel.cases import telling
from zhida.kernel.cases.assessing import assess, freeze, item_of
from zhida.kernel.cases.journeys import journey_of, locked, save
from zhida.kernel.cases.models import Case
from zhida.kernel.cases.parties import doer_of
from zhida.kernel.cases.records import CaseAssessment
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import actions as ledger

_OUTCOMES = {Outcome.GRANTED: ("予以兑现", "granted"), Outcome.REFUSED: ("不予兑现", "refused")}


@transaction.atomic
def decide(*, case_id: str, outcome: Outcome, reason: str = "", by: Actor, as_of: datetime) -> None:
    """Grants or refuses a case whose review is over; the facts are frozen with it. Records `case.decided`.

    Raises ConflictError `rules_say_otherwise` for granting what the rules do not give, `nothing_against` for refusing
    what nothing speaks against (an officer's adverse ruling or an upheld objection must), `amount_unknown` for granting
    money without a known sum; AccessError and ConflictError as the journey has them.
    """
    row = locked(case_id)
    before = journey_of(row)
    doer = doer_of(by, row)
    before.check(Act.DECIDE, doer)
    found = assess(row, on=decision_day(row), by=by, as_of=as_of)
    _check_outcome(row, before, outcome, found.assessment, reason)
    settle_decision(row, before, outcome, found, reason=reason, is_automatic=doer.party is Party.SYSTEM,
                    by=by, as_of=as_of)  # fmt: skip


def settle_decision(
    row: Case,
    before: Journey,
    outcome: Outcome,
    found: CaseAssessment,
    *,
    reason: str,
    is_automatic: bool,
    by: Actor,
    as_of: datetime,
) -> None:
    """Writes a checked decision, in the caller's transaction."""
    digest = freeze(row, "decision", found, decision_day(row))
    after = before.decide(outcome, by=doer_of(by, row), on=local_date(as_of))
    row.decided_at, row.is_automatic = utc(as_of), is_automatic
    row.amount_fen = found.assessment.amount_fen if outcome is Outcome.GRANTED else None
    save(row, before, after, by=by, as_of=as_of)
    fields = {
        "outcome": str(outcome),
        "item": row.item,
        "revision": row.revision_id,
        "amount_fen": row.amount_fen,
        "assessment": digest,
        "because": [{"requirement": name, "clauses": cites} for name, cites in _against(found.assessment)],
        "reason": reason,
        "is_automatic": is_automatic,
    }
    ledger.record(kind="case.decided", about=row.id, fields=fields, by=by, as_of=as_of)
    zh, en = _spoken(row, found.assessment, reason)
    telling.tell(row, "case_decided", {"outcome": _OUTCOMES[outcome], "reason": (zh, en)}, by=by, as_of=as_of)


def decision_day(row: Case) -> date:
    """The date the rules are asked about: the day of submission, so that a slow office costs nobody the window."""
    if row.submitted_at is None:
        raise InvariantBroken("decided_before_submission", f"{row.id} was never submitted")
    return local_date(row.submitted_at)


def _check_outcome(row: Case, journey: Journey, outcome: Outcome, assessment: Assessment, reason: str) -> None:
    if outcome is Outcome.REFUSED:
        if assessment.answer is Answer.ENTITLED and not journey.has_failed:
            words = f"nothing in the rules or the review of {row.id} speaks against it"
            raise ConflictError("nothing_against", words, "rule on the requirement that is not met first")
        if not assessment.because and not reason.strip():
            raise InvariantBroken("no_reason", f"{row.id} is refused without a reason")
        return
    if assessment.answer is not Answer.ENTITLED:
        words = f"the rules say {assessment.answer}: {', '.join(assessment.because) or 'something is still unknown'}"
        raise ConflictError("rules_say_otherwise", words, "rule on what is open, or ask for the missing facts")
    if item_of(row).pays and assessment.amount is not AmountState.KNOWN:
        missing = ", ".join(str(key) for key in assessment.missing)
        raise ConflictError("amount_unknown", f"the amount is {assessment.amount}: {missing}", "get the missing facts")


def _against(assessment: Assessment) -> list[tuple[str, list[str]]]:
    return [(reason.requirement, list(reason.clauses)) for reason in assessment.reasons if reason.answer is not Met.MET]


def _spoken(row: Case, assessment: Assessment, reason: str) -> tuple[str, str]:
    """Why, in both languages: the officer's words, else those of the requirements that decided it."""
    if reason:
        return reason, reason
    pack = catalogue.revision(row.revision_id)
    wanted = (Met.MET,) if assessment.answer is Answer.ENTITLED else (Met.NOT_MET, Met.UNKNOWN)
    deciding = [each for each in assessment.reasons if each.answer in wanted]
    zh = "；".join(reason_words(pack, each, "zh") for each in deciding)
    en = "; ".join(reason_words(pack, each, "en" if "en" in pack.words else "zh") for each in deciding)
    return zh, en
