"""Notifications of debit and credit: camt.054.001.08, sent within the day as payments settle or come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml.builder import ElementMaker

from zhida.adapters.treasury.messages.elements import moment, root_of, written
from zhida.adapters.treasury.messages.entries import entry, lines_of
from zhida.domain.postings import StatementLine, Word
from zhida.kernel.funds.ports import Answer

NOTIFICATION = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
_CAMT = ElementMaker(namespace=NOTIFICATION, nsmap={None: NOTIFICATION})


def notification_message(lines: Sequence[StatementLine], *, message_id: str, account: str, made_at: datetime) -> bytes:
    """A camt.054.001.08 of some movements."""
    body = _CAMT.Ntfctn(
        _CAMT.Id(message_id),
        _CAMT.CreDtTm(moment(made_at)),
        _CAMT.Acct(_CAMT.Id(_CAMT.Othr(_CAMT.Id(account)))),
        *(entry(_CAMT, line) for line in lines),
    )
    header = _CAMT.GrpHdr(_CAMT.MsgId(message_id), _CAMT.CreDtTm(moment(made_at)))
    return written(_CAMT.Document(_CAMT.BkToCstmrDbtCdtNtfctn(header, body)))


def notification_of(message: bytes) -> tuple[StatementLine, ...]:
    """The movements that a camt.054.001.08 tells of. Raises Unreadable."""
    return lines_of(root_of(message, (NOTIFICATION,), "BkToCstmrDbtCdtNtfctn/Ntfctn"))


def news_of(lines: Sequence[StatementLine]) -> tuple[Answer, ...]:
    """Movements as news of their payments. A reversal is no news: the bank mends a booking, and a person looks at it
    when the day is reconciled."""
    return tuple(
        Answer(line.reference, Word(line.word), line.amount_fen, line.treasury_reference, line.reason, line.booked_on)
        for line in lines
        if not line.is_reversal
    )
