"""The books: double entry on budget lines, the life of a disbursement, a statement. The kernel stores the rows."""

from zhida.domain.postings.books import Move, Standing, move_all, post, sides
from zhida.domain.postings.comparison import compare
from zhida.domain.postings.day import Clearing, DayBalance
from zhida.domain.postings.disbursement import Event, State, Transition, transition
from zhida.domain.postings.posting import Kind, Posting, account, balances, kind_and_line
from zhida.domain.postings.recall import (
    RecallAnswer,
    RecallEvent,
    RecallReason,
    RecallRequest,
    RecallState,
    RecallWord,
    recall_after,
)
from zhida.domain.postings.statements import (
    Comparison,
    Expected,
    FindingKind,
    Listed,
    Proposal,
    StatementLine,
    Word,
)

__all__ = [
    "Clearing",
    "Comparison",
    "DayBalance",
    "Event",
    "Expected",
    "FindingKind",
    "Kind",
    "Listed",
    "Move",
    "Posting",
    "Proposal",
    "RecallAnswer",
    "RecallEvent",
    "RecallReason",
    "RecallRequest",
    "RecallState",
    "RecallWord",
    "Standing",
    "State",
    "StatementLine",
    "Transition",
    "Word",
    "account",
    "balances",
    "compare",
    "kind_and_line",
    "move_all",
    "post",
    "recall_after",
    "sides",
    "transition",
]
