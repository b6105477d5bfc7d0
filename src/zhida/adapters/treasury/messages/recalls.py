"""Recalls: camt.056.001.12 goes out, camt.029.001.14 (and 09, where a bank still writes it) comes in.

Written in the order of the published schemas; our id stands as CxlId and as the case, which the answer must name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

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
from zhida.domain.postings import RecallAnswer, RecallReason, RecallRequest, RecallWord

RECALL = "urn:iso:std:iso:20022:tech:xsd:camt.056.001.12"
RESOLUTION = "urn:iso:std:iso:20022:tech:xsd:camt.029.001.14"
_READ = (RESOLUTION, "urn:iso:std:iso:20022:tech:xsd:camt.029.001.09")
_OUT = ElementMaker(namespace=RECALL, nsmap={None: RECALL})
_IN = ElementMaker(namespace=RESOLUTION, nsmap={None: RESOLUTION})
_NO_AGENT = "NOTPROVIDED"
_STATUSES = {RecallWord.PENDING: "PDCR", RecallWord.ACCEPTED: "ACCR", RecallWord.REFUSED: "RJCR"}
_WORDS = {status: word for word, status in _STATUSES.items()}
_CONFIRMATIONS = {"ACCR": "CNCL", "RJCR": "RJCR", "PDCR": "PDCR"}


def recall_message(requests: Sequence[RecallRequest], *, sender: str, message_id: str) -> bytes:
    """A camt.056.001.12; it is dated by its last request, so that a repeat has the same bytes."""
    body = _OUT.FIToFIPmtCxlReq(
        _assignment(_OUT, message_id, max(each.asked_at for each in requests), sender),
        _OUT.CtrlData(_OUT.NbOfTxs(str(len(requests)))),
        _OUT.Undrlyg(*(_request(each, sender) for each in requests)),
    )
    return written(_OUT.Document(body))


def _assignment(make: ElementMaker, message_id: str, made_at: datetime, sender: str) -> etree._Element:
    return make.Assgnmt(
        make.Id(message_id),
        make.Assgnr(make.Pty(make.Nm(plain(sender)))),
        make.Assgne(make.Agt(make.FinInstnId(make.Othr(make.Id(_NO_AGENT))))),
        make.CreDtTm(moment(made_at)),
    )


def _request(request: RecallRequest, sender: str) -> etree._Element:
    return _OUT.TxInf(
        _OUT.CxlId(request.recall_id),
        _OUT.Case(_OUT.Id(request.recall_id), _OUT.Cretr(_OUT.Pty(_OUT.Nm(plain(sender))))),
        _OUT.OrgnlEndToEndId(request.reference),
        _OUT.OrgnlIntrBkSttlmAmt(yuan(request.amount_fen), Ccy="CNY"),
        _OUT.OrgnlIntrBkSttlmDt(request.requested_on.isoformat()),
        _OUT.CxlRsnInf(_OUT.Rsn(_OUT.Cd(request.reason)), _OUT.AddtlInf(plain(request.words, 105))),
    )


def recalls_of(message: bytes) -> tuple[RecallRequest, ...]:
    """The requests of a camt.056.001.12. Raises Unreadable, also where their count does not fit."""
    root = root_of(message, (RECALL,), "FIToFIPmtCxlReq")
    asked_at = _instant(text_at(root, "Assgnmt/CreDtTm"))
    requests = tuple(
        RecallRequest(
            recall_id=text_at(one, "CxlId"),
            reference=text_at(one, "OrgnlEndToEndId"),
            amount_fen=fen_at(one, "OrgnlIntrBkSttlmAmt"),
            requested_on=day_at(one, "OrgnlIntrBkSttlmDt"),
            reason=_reason(text_at(one, "CxlRsnInf/Rsn/Cd")),
            words=text_or_none(one, "CxlRsnInf/AddtlInf"),
            asked_at=asked_at,
        )
        for one in all_at(root, "Undrlyg/TxInf")
    )
    if text_at(root, "CtrlData/NbOfTxs") != str(len(requests)) or not requests:
        raise Unreadable("the count does not fit the recalls")
    return requests


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise Unreadable(f"{text!r} is no instant") from error


def _reason(code: str) -> RecallReason:
    try:
        return RecallReason(code)
    except ValueError as error:
        raise Unreadable(f"nobody agreed on the reason {code!r}") from error


def resolution_message(answers: Sequence[RecallAnswer], *, message_id: str, made_at: datetime, sender: str) -> bytes:
    """A camt.029.001.14 of some recalls; its confirmation is that of the first."""
    statuses = [_STATUSES[each.word] for each in answers]
    body = _IN.RsltnOfInvstgtn(
        _assignment(_IN, message_id, made_at, sender),
        _IN.Sts(_IN.Conf(_CONFIRMATIONS[statuses[0]] if statuses else "PDCR")),
        *([_IN.CxlDtls(*(_answered(each, sender) for each in answers))] if answers else []),
    )
    return written(_IN.Document(body))


def _answered(answer: RecallAnswer, sender: str) -> etree._Element:
    told = [_IN.CxlStsRsnInf(_IN.Rsn(_IN.Prtry(plain(answer.reason, 35))))] if answer.reason else []
    return _IN.TxInfAndSts(
        _IN.RslvdCase(_IN.Id(answer.recall_id), _IN.Cretr(_IN.Pty(_IN.Nm(plain(sender))))),
        _IN.TxCxlSts(_STATUSES[answer.word]),
        *told,
    )


def resolution_of(message: bytes) -> tuple[RecallAnswer, ...]:
    """The answers in a camt.029. Raises Unreadable, also for a status that we were not told the meaning of."""
    root = root_of(message, _READ, "RsltnOfInvstgtn")
    return tuple(_answer(one) for one in all_at(root, "CxlDtls/TxInfAndSts"))


def _answer(one: etree._Element) -> RecallAnswer:
    status = text_at(one, "TxCxlSts")
    if status not in _WORDS:
        raise Unreadable(f"nobody agreed on the status {status!r}")
    told = all_at(one, "CxlStsRsnInf")
    reason = (text_or_none(told[0], "Rsn/Prtry") or text_or_none(told[0], "Rsn/Cd")) if told else ""
    return RecallAnswer(text_at(one, "RslvdCase/Id"), _WORDS[status], reason)
