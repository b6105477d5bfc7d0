"""What changes funds, each an atomic act with its ledger fact; sending itself is in `funds.sending`."""

from zhida.kernel.funds.actions.answers import mark_sent, record_answers, return_, settle
from zhida.kernel.funds.actions.batches import check_batch, dissolve_batch, prepare_batch, release_batch
from zhida.kernel.funds.actions.disbursements import (
    instruct_many,
    recover,
    reserve_and_instruct,
    reserve_many,
    void,
)
from zhida.kernel.funds.actions.lines import adjust_line, freeze_line, open_line, thaw_line
from zhida.kernel.funds.actions.reconciliation import (
    apply_finding,
    dismiss_finding,
    due_references,
    reconcile,
)
from zhida.kernel.funds.actions.releases import check_release, prepare_release, revoke_release, sign_release
from zhida.kernel.funds.actions.waking import INSTRUCT, send_later, send_waiting

__all__ = [
    "INSTRUCT",
    "adjust_line",
    "apply_finding",
    "check_batch",
    "check_release",
    "dismiss_finding",
    "dissolve_batch",
    "due_references",
    "freeze_line",
    "instruct_many",
    "mark_sent",
    "open_line",
    "prepare_batch",
    "prepare_release",
    "reconcile",
    "record_answers",
    "recover",
    "release_batch",
    "reserve_and_instruct",
    "reserve_many",
    "return_",
    "revoke_release",
    "send_later",
    "send_waiting",
    "settle",
    "sign_release",
    "thaw_line",
    "void",
]
