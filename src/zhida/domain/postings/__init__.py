"""The books: double entry on budget lines, the life of a disbursement, a statement. The kernel stores the rows."""

from zhida.domain.postings.books import Move, Standing, post
from zhida.domain.postings.disbursement import Event, State, Transition, transition
from zhida.domain.postings.posting import Kind, Posting, account, balances, kind_and_line
from zhida.domain.postings.statements import (
    Comparison,
    Expected,
    FindingKind,
    Proposal,
    StatementLine,
    Word,
    compare,
)

__all__ = [
    "Comparison",
    "Event",
    "Expected",
    "FindingKind",
    "Kind",
    "Move",
    "Posting",
    "Proposal",
    "Standing",
    "State",
    "StatementLine",
    "Transition",
    "Word",
    "account",
    "balances",
    "compare",
    "kind_and_line",
    "post",
    "transition",
]
