"""Payments out: pain.001.001.09, written from orders and read back into them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

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
    written,
    yuan,
)
from zhida.kernel.funds.ports import Payee, PaymentOrder

PAYMENT = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_PAIN = ElementMaker(namespace=PAYMENT, nsmap={None: PAYMENT})
_NO_AGENT = "NOTPROVIDED"


def payment_message(orders: Sequence[PaymentOrder], *, debtor: Payee, made_at: datetime, message_id: str = "") -> bytes:
    """A pain.001.001.09 with one block for each day asked for; its id, where none is given, is made of its content."""
    content = "|".join(f"{order.reference}:{order.amount_fen}" for order in orders)
    number = message_id or hashlib.sha256(f"{made_at.isoformat()}|{content}".encode()).hexdigest()[:32]
    header = _PAIN.GrpHdr(
        _PAIN.MsgId(number),
        _PAIN.CreDtTm(moment(made_at)),
        _PAIN.NbOfTxs(str(len(orders))),
        _PAIN.CtrlSum(yuan(sum(order.amount_fen for order in orders))),
        _PAIN.InitgPty(_PAIN.Nm(debtor.name)),
    )
    days = sorted({order.requested_on for order in orders})
    blocks = [
        _block(f"{number[:24]}-{day:%Y%m%d}", day, [o for o in orders if o.requested_on == day], debtor) for day in days
    ]
    return written(_PAIN.Document(_PAIN.CstmrCdtTrfInitn(header, *blocks)))


def _block(block_id: str, day: date, orders: Sequence[PaymentOrder], debtor: Payee) -> etree._Element:
    return _PAIN.PmtInf(
        _PAIN.PmtInfId(block_id),
        _PAIN.PmtMtd("TRF"),
        _PAIN.NbOfTxs(str(len(orders))),
        _PAIN.CtrlSum(yuan(sum(order.amount_fen for order in orders))),
        _PAIN.ReqdExctnDt(_PAIN.Dt(day.isoformat())),
        _PAIN.Dbtr(_PAIN.Nm(debtor.name)),
        _PAIN.DbtrAcct(_PAIN.Id(_PAIN.Othr(_PAIN.Id(debtor.account_number)))),
        _PAIN.DbtrAgt(_PAIN.FinInstnId(_PAIN.Othr(_PAIN.Id(_NO_AGENT)))),
        *(_transfer(order) for order in orders),
    )


def _transfer(order: PaymentOrder) -> etree._Element:
    return _PAIN.CdtTrfTxInf(
        _PAIN.PmtId(_PAIN.EndToEndId(order.reference)),
        _PAIN.Amt(_PAIN.InstdAmt(yuan(order.amount_fen), Ccy="CNY")),
        _PAIN.Cdtr(_PAIN.Nm(plain(order.payee.name))),
        _PAIN.CdtrAcct(_PAIN.Id(_PAIN.Othr(_PAIN.Id(order.payee.account_number)))),
        _PAIN.RmtInf(_PAIN.Ustrd(plain(order.purpose))),
    )


def orders_of(message: bytes) -> tuple[PaymentOrder, ...]:
    """The orders of a pain.001.001.09. Raises Unreadable, also where its count or control sum does not fit."""
    root = root_of(message, (PAYMENT,), "CstmrCdtTrfInitn")
    orders = tuple(
        PaymentOrder(
            reference=text_at(transfer, "PmtId/EndToEndId"),
            payee=Payee(text_at(transfer, "Cdtr/Nm"), text_at(transfer, "CdtrAcct/Id/Othr/Id")),
            amount_fen=fen_at(transfer, "Amt/InstdAmt"),
            purpose=text_at(transfer, "RmtInf/Ustrd"),
            requested_on=day_at(block, "ReqdExctnDt/Dt"),
        )
        for block in all_at(root, "PmtInf")
        for transfer in all_at(block, "CdtTrfTxInf")
    )
    if any(order.amount_fen == 0 for order in orders):
        raise Unreadable("a payment of nothing")
    stated = (text_at(root, "GrpHdr/NbOfTxs"), text_at(root, "GrpHdr/CtrlSum"))
    if stated != (str(len(orders)), yuan(sum(order.amount_fen for order in orders))):
        raise Unreadable("the count or the control sum does not fit the payments")
    return orders


def message_id_of(message: bytes) -> str:
    """The id of a pain.001.001.09. Raises Unreadable."""
    return text_at(root_of(message, (PAYMENT,), "CstmrCdtTrfInitn"), "GrpHdr/MsgId")
