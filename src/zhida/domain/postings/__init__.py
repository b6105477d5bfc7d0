"""The books: double entry of money on budget lines, and the life of a disbursement. The kernel stores its rows."""

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

__all__ = [
    "Event",
    "Kind",
    "Move",
    "Posting",
    "Standing",
    "State",
    "Transition",
    "account",
    "allocate",
    "balances",
    "cancel",
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
