"""The books: double entry on budget lines, the life of a disbursement, a statement. The kernel stores the rows."""

from zhida.domain.postings.books import (
    Move,
    Standing,
    allocate,
    cancel,
    curtail,
    instruct,
    post,
    recover,
    reserve,
    return_,
    settle,
    void,
)
from zhida.domain.postings.disbursement import Event, State, Transition, next_state, transition
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
    "allocate",
    "balances",
    "cancel",
    "compare",
    "curtail",
    "instruct",
    "kind_and_line",
    "next_state",
    "post",
    "recover",
    "reserve",
    "return_",
    "settle",
    "transition",
    "void",
]
