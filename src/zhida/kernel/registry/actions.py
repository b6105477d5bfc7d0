"""Everything that changes the registry, in one place: each is keyword-only, atomic, and writes its ledger fact."""

from __future__ import annotations

from zhida.kernel.registry.accounts import NewAccount, register_account, register_accounts
from zhida.kernel.registry.dictionary import load_dictionary
from zhida.kernel.registry.disputing import answer_dispute, dispute_fact
from zhida.kernel.registry.overlaying import Change, record_fact, record_facts
from zhida.kernel.registry.receiving import receive_batch
from zhida.kernel.registry.snapshots import build_snapshot
from zhida.kernel.registry.subjects import (
    NewSubject,
    close_subject,
    register_subject,
    register_subjects,
)

__all__ = [
    "Change",
    "NewAccount",
    "NewSubject",
    "answer_dispute",
    "build_snapshot",
    "close_subject",
    "dispute_fact",
    "load_dictionary",
    "receive_batch",
    "record_fact",
    "record_facts",
    "register_account",
    "register_accounts",
    "register_subject",
    "register_subjects",
]
