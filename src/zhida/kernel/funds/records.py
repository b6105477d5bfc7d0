"""What funds gives and takes across its border: the frozen records that the books are told in."""

from zhida.domain.postings.records import (
    Batch,
    DisbursementRecord,
    FindingRecord,
    Line,
    NewDisbursement,
    Outcome,
    ReconciliationReport,
    Release,
)

__all__ = [
    "Batch",
    "DisbursementRecord",
    "FindingRecord",
    "Line",
    "NewDisbursement",
    "Outcome",
    "ReconciliationReport",
    "Release",
]
