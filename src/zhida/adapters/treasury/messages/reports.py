"""Status reports: pain.002.001.12, and 03 where a bank still writes it; what became of a message and its payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from lxml.builder import ElementMaker

from zhida.adapters.treasury.messages.elements import (
    Unreadable,
    all_at,
    day_at,
    fen_at,
    moment,
    plain,
    root_of,
    text_at,
    text_or_none,
    written,
    yuan,
)
from zhida.domain.postings import Word
from zhida.kernel.funds.ports import Answer

REPORT = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.12"
_READ = (REPORT, "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03")
_PAIN = ElementMaker(namespace=REPORT, nsmap={None: REPORT})
_STATUSES = {Word.PAID: "ACSC", Word.PENDING: "ACSP", Word.REFUSED: "RJCT"}
_WORDS = {
    **dict.fromkeys(("ACSC", "ACCC"), Word.PAID),
    **dict.fromkeys(("RCVD", "ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "PDNG", "PATC"), Word.PENDING),
    "RJCT": Word.REFUSED,
}
"""ISO 20022 external code sets, payment transaction status: only a settled or credited payment counts as paid."""


@dataclass(frozen=True)
class Report:
    """One report: the message it speaks of, and an answer for each payment it names.

    `is_refused` where the bank refused the message whole; then it need not name a single payment, and `reason` says
    why.
    """

    message_id: str
    original_message_id: str
    is_refused: bool
    reason: str
    answers: tuple[Answer, ...]


def report_message(report: Report, *, made_at: datetime) -> bytes:
    """A pain.002.001.12. A word that no status can say (returned, absent) is Unreadable: camt.054 tells of returns."""
    group = [_PAIN.OrgnlMsgId(report.original_message_id), _PAIN.OrgnlMsgNmId("pain.001.001.09")]
    if report.is_refused:
        group += [_PAIN.GrpSts("RJCT"), _reason(report.reason)]
    payments = []
    if report.answers:
        told = [_status(answer) for answer in report.answers]
        payments.append(_PAIN.OrgnlPmtInfAndSts(_PAIN.OrgnlPmtInfId(report.original_message_id), *told))
    header = _PAIN.GrpHdr(_PAIN.MsgId(report.message_id), _PAIN.CreDtTm(moment(made_at)))
    return written(_PAIN.Document(_PAIN.CstmrPmtStsRpt(header, _PAIN.OrgnlGrpInfAndSts(*group), *payments)))


def _status(answer: Answer) -> etree._Element:
    if answer.word not in _STATUSES:
        raise Unreadable(f"pain.002 has no status for {answer.word}")
    settled = [_PAIN.IntrBkSttlmDt(answer.booked_on.isoformat())] if answer.booked_on else []
    return _PAIN.TxInfAndSts(
        _PAIN.OrgnlEndToEndId(answer.reference),
        _PAIN.TxSts(_STATUSES[answer.word]),
        *([_reason(answer.reason)] if answer.reason else []),
        *([_PAIN.AcctSvcrRef(answer.treasury_reference)] if answer.treasury_reference else []),
        _PAIN.OrgnlTxRef(_PAIN.Amt(_PAIN.InstdAmt(yuan(answer.amount_fen), Ccy="CNY")), *settled),
    )


def _reason(reason: str) -> etree._Element:
    return _PAIN.StsRsnInf(_PAIN.Rsn(_PAIN.Prtry(plain(reason, 35))))


def report_of(message: bytes) -> Report:
    """The report in a pain.002. Raises Unreadable, also for a status that we were not told the meaning of."""
    root = root_of(message, _READ, "CstmrPmtStsRpt")
    group = all_at(root, "OrgnlGrpInfAndSts")
    if len(group) != 1:
        raise Unreadable("a report speaks of one message")
    statuses = all_at(root, "OrgnlPmtInfAndSts/TxInfAndSts")
    return Report(
        message_id=text_at(root, "GrpHdr/MsgId"),
        original_message_id=text_at(group[0], "OrgnlMsgId"),
        is_refused=text_or_none(group[0], "GrpSts") == "RJCT",
        reason=_told_reason(group[0]),
        answers=tuple(_answer(status) for status in statuses),
    )


def _answer(status: etree._Element) -> Answer:
    code = text_at(status, "TxSts")
    if code not in _WORDS:
        raise Unreadable(f"nobody agreed on the status {code!r}")
    settled = "OrgnlTxRef/IntrBkSttlmDt"
    return Answer(
        reference=text_at(status, "OrgnlEndToEndId"),
        word=_WORDS[code],
        amount_fen=fen_at(status, "OrgnlTxRef/Amt/InstdAmt"),
        treasury_reference=text_or_none(status, "AcctSvcrRef"),
        reason=_told_reason(status),
        booked_on=day_at(status, settled) if all_at(status, settled) else None,
    )


def _told_reason(element: etree._Element) -> str:
    told = all_at(element, "StsRsnInf")
    if not told:
        return ""
    return text_or_none(told[0], "Rsn/Prtry") or text_or_none(told[0], "Rsn/Cd") or text_or_none(told[0], "AddtlInf")
