"""Everything that changes a case; each is atomic, keyword-only, and writes its fact."""

from zhida.kernel.cases.actions.advancing import advance, advance_due
from zhida.kernel.cases.actions.claiming import open_automatic, open_case
from zhida.kernel.cases.actions.deciding import Decision, decide, decide_many
from zhida.kernel.cases.actions.drafting import answer, attach
from zhida.kernel.cases.actions.publicity import raise_objection, resolve_objection
from zhida.kernel.cases.actions.replaying import PastDecision, replay
from zhida.kernel.cases.actions.reviewing import Found, Review, finish_step, return_case, review_many, rule
from zhida.kernel.cases.actions.selecting import select
from zhida.kernel.cases.actions.settling import apply_finding, pay_again, record_outcomes
from zhida.kernel.cases.actions.submitting import resubmit, submit, withdraw

__all__ = [
    "Decision",
    "Found",
    "PastDecision",
    "Review",
    "advance",
    "advance_due",
    "answer",
    "apply_finding",
    "attach",
    "decide",
    "decide_many",
    "finish_step",
    "open_automatic",
    "open_case",
    "pay_again",
    "raise_objection",
    "record_outcomes",
    "replay",
    "resolve_objection",
    "resubmit",
    "return_case",
    "review_many",
    "rule",
    "select",
    "submit",
    "withdraw",
]
