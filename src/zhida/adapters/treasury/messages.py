"""Payments and statements as ISO 20022 messages: pain.001.001.09 goes out, camt.053.001.08 comes in.

Amounts are CNY with two decimals on the wire and integer fen here; accounts are written under `Othr`, as Chinese
account numbers are no IBAN. A message is read without entities and refused where a field is not as agreed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree
from lxml.builder import ElementMaker

from zhida.domain.postings import StatementLine, Word
from zhida.domain.values import fen_of
from zhida.kernel.funds.ports import Payee, PaymentOrder

PAYMENT = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
STATEMENT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_PAIN = ElementMaker(namespace=PAYMENT, nsmap={None: PAYMENT})
_CAMT = ElementMaker(namespace=STATEMENT, nsmap={None: STATEMENT})
_SIDES = {Word.PAID: "DBIT", Word.RETURNED: "CRDT"}
_WORDS = {side: word for word, side in _SIDES.items()}
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")
_NO_AGENT = "NOTPROVIDED"


class Unreadable(ValueError):
    """A message is not what was agreed; nothing of it is used."""


@dataclass(frozen=True)
class Statement:
    """A day's movements, between the balance at its opening and at its closing, both in fen from our side."""

    day: date
    opening_fen: int
    closing_fen: int
    lines: tuple[StatementLine, ...]


def payment_message(orders: Sequence[PaymentOrder], *, debtor: Payee, made_at: datetime) -> bytes:
    """A pain.001.001.09 with one block for each day asked for; its id is made of its content, 32 hexadecimal digits."""
    content = "|".join(f"{order.reference}:{order.amount_fen}" for order in orders)
    message_id = hashlib.sha256(f"{made_at.isoformat()}|{content}".encode()).hexdigest()[:32]
    header = _PAIN.GrpHdr(
        _PAIN.MsgId(message_id),
        _PAIN.CreDtTm(made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        _PAIN.NbOfTxs(str(len(orders))),
        _PAIN.CtrlSum(_yuan(sum(order.amount_fen for order in orders))),
        _PAIN.InitgPty(_PAIN.Nm(debtor.name)),
    )
    days = sorted({order.requested_on for order in orders})
    blocks = [
        _block(f"{message_id[:24]}-{day:%Y%m%d}", day, [o for o in orders if o.requested_on == day], debtor)
        for day in days
    ]
    return _written(_PAIN.Document(_PAIN.CstmrCdtTrfInitn(header, *blocks)))


def _block(block_id: str, day: date, orders: Sequence[PaymentOrder], debtor: Payee) -> etree._Element:
    return _PAIN.PmtInf(
        _PAIN.PmtInfId(block_id),
        _PAIN.PmtMtd("TRF"),
        _PAIN.NbOfTxs(str(len(orders))),
        _PAIN.CtrlSum(_yuan(sum(order.amount_fen for order in orders))),
        _PAIN.ReqdExctnDt(_PAIN.Dt(day.isoformat())),
        _PAIN.Dbtr(_PAIN.Nm(debtor.name)),
        _PAIN.DbtrAcct(_PAIN.Id(_PAIN.Othr(_PAIN.Id(debtor.account_number)))),
        _PAIN.DbtrAgt(_PAIN.FinInstnId(_PAIN.Othr(_PAIN.Id(_NO_AGENT)))),
        *(_transfer(order) for order in orders),
    )


def _transfer(order: PaymentOrder) -> etree._Element:
    return _PAIN.CdtTrfTxInf(
        _PAIN.PmtId(_PAIN.EndToEndId(order.reference)),
        _PAIN.Amt(_PAIN.InstdAmt(_yuan(order.amount_fen), Ccy="CNY")),
        _PAIN.Cdtr(_PAIN.Nm(_plain(order.payee.name))),
        _PAIN.CdtrAcct(_PAIN.Id(_PAIN.Othr(_PAIN.Id(order.payee.account_number)))),
        _PAIN.RmtInf(_PAIN.Ustrd(_plain(order.purpose))),
    )


def _plain(text: str) -> str:
    """What XML and Max140Text allow: one bad character in one name must not hold up a whole message."""
    return "".join(character for character in text if character.isprintable())[:140] or "-"


def orders_of(message: bytes) -> tuple[PaymentOrder, ...]:
    """The orders of a pain.001.001.09. Raises Unreadable, also where its count or control sum does not fit."""
    root = _root(message, PAYMENT, "CstmrCdtTrfInitn")
    orders = tuple(
        PaymentOrder(
            reference=_text(transfer, "PmtId/EndToEndId"),
            payee=Payee(_text(transfer, "Cdtr/Nm"), _text(transfer, "CdtrAcct/Id/Othr/Id")),
            amount_fen=_fen(transfer, "Amt/InstdAmt"),
            purpose=_text(transfer, "RmtInf/Ustrd"),
            requested_on=_day(block, "ReqdExctnDt/Dt"),
        )
        for block in _all(root, "PmtInf")
        for transfer in _all(block, "CdtTrfTxInf")
    )
    if any(order.amount_fen == 0 for order in orders):
        raise Unreadable("a payment of nothing")
    stated = (_text(root, "GrpHdr/NbOfTxs"), _text(root, "GrpHdr/CtrlSum"))
    if stated != (str(len(orders)), _yuan(sum(order.amount_fen for order in orders))):
        raise Unreadable("the count or the control sum does not fit the payments")
    return orders


def statement_message(statement: Statement, *, account: str, made_at: datetime) -> bytes:
    """A camt.053.001.08 with opening and closing booked balance, one entry a movement."""
    moment = made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    name = f"{statement.day:%Y%m%d}"
    header = _CAMT.GrpHdr(_CAMT.MsgId(f"S{name}"), _CAMT.CreDtTm(moment))
    body = _CAMT.Stmt(
        _CAMT.Id(f"S{name}"),
        _CAMT.CreDtTm(moment),
        _CAMT.Acct(_CAMT.Id(_CAMT.Othr(_CAMT.Id(account)))),
        _balance("OPBD", statement.opening_fen, statement.day),
        _balance("CLBD", statement.closing_fen, statement.day),
        _CAMT.TxsSummry(_CAMT.TtlNtries(_CAMT.NbOfNtries(str(len(statement.lines))))),
        *(_entry(line) for line in statement.lines),
    )
    return _written(_CAMT.Document(_CAMT.BkToCstmrStmt(header, body)))


def _balance(kind: str, amount_fen: int, day: date) -> etree._Element:
    return _CAMT.Bal(
        _CAMT.Tp(_CAMT.CdOrPrtry(_CAMT.Cd(kind))),
        _CAMT.Amt(_yuan(abs(amount_fen)), Ccy="CNY"),
        _CAMT.CdtDbtInd("DBIT" if amount_fen < 0 else "CRDT"),
        _CAMT.Dt(_CAMT.Dt(day.isoformat())),
    )


def _entry(line: StatementLine) -> etree._Element:
    code = "RRTN" if line.word is Word.RETURNED else "DMCT"
    details = _CAMT.TxDtls(
        _CAMT.Refs(_CAMT.EndToEndId(line.reference)),
        _CAMT.RltdPties(_CAMT.CdtrAcct(_CAMT.Id(_CAMT.Othr(_CAMT.Id(f"****{line.account_tail}"))))),
    )
    return _CAMT.Ntry(
        _CAMT.Amt(_yuan(line.amount_fen), Ccy="CNY"),
        _CAMT.CdtDbtInd(_SIDES[line.word]),
        _CAMT.Sts(_CAMT.Cd("BOOK")),
        _CAMT.BookgDt(_CAMT.Dt(line.booked_on.isoformat())),
        _CAMT.AcctSvcrRef(line.treasury_reference),
        _CAMT.BkTxCd(_CAMT.Domn(_CAMT.Cd("PMNT"), _CAMT.Fmly(_CAMT.Cd("ICDT"), _CAMT.SubFmlyCd(code)))),
        _CAMT.NtryDtls(details),
    )


def statement_of(message: bytes) -> Statement:
    """The statement in a camt.053.001.08. Raises Unreadable, also where it does not add up to its own balances."""
    root = _root(message, STATEMENT, "BkToCstmrStmt/Stmt")
    lines = tuple(_line(entry) for entry in _all(root, "Ntry"))
    balances = {
        _text(balance, "Tp/CdOrPrtry/Cd"): (_signed(balance), _day(balance, "Dt/Dt")) for balance in _all(root, "Bal")
    }
    if set(balances) != {"OPBD", "CLBD"}:
        raise Unreadable("a statement opens and closes with a booked balance")
    (opening, day), (closing, _) = balances["OPBD"], balances["CLBD"]
    moved = sum(line.amount_fen if line.word is Word.RETURNED else -line.amount_fen for line in lines)
    if opening + moved != closing or _text(root, "TxsSummry/TtlNtries/NbOfNtries") != str(len(lines)):
        raise Unreadable("the statement does not add up")
    return Statement(day, opening, closing, lines)


def _line(entry: etree._Element) -> StatementLine:
    return StatementLine(
        treasury_reference=_text(entry, "AcctSvcrRef"),
        reference=_text(entry, "NtryDtls/TxDtls/Refs/EndToEndId"),
        word=_WORDS[_side(entry)],
        amount_fen=_fen(entry, "Amt"),
        account_tail=_text(entry, "NtryDtls/TxDtls/RltdPties/CdtrAcct/Id/Othr/Id")[-4:],
        booked_on=_day(entry, "BookgDt/Dt"),
    )


def _signed(balance: etree._Element) -> int:
    return -_fen(balance, "Amt") if _side(balance) == "DBIT" else _fen(balance, "Amt")


def _side(element: etree._Element) -> str:
    side = _text(element, "CdtDbtInd")
    if side not in _WORDS:
        raise Unreadable(f"{side!r} is neither CRDT nor DBIT")
    return side


def _root(message: bytes, namespace: str, path: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        document = etree.fromstring(message, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("not XML") from error
    if document.tag != f"{{{namespace}}}Document" or document.getroottree().docinfo.doctype:
        raise Unreadable(f"not a message of {namespace}")
    found = _all(document, path)
    if len(found) != 1:
        raise Unreadable(f"{path} stands {len(found)} times")
    return found[0]


def _all(element: etree._Element, path: str) -> list[etree._Element]:
    namespace = etree.QName(element).namespace
    return list(element.findall("/".join(f"{{{namespace}}}{step}" for step in path.split("/"))))


def _text(element: etree._Element, path: str) -> str:
    found = _all(element, path)
    if len(found) != 1 or not found[0].text:
        raise Unreadable(f"{path} stands {len(found)} times, or is empty")
    return str(found[0].text)


def _day(element: etree._Element, path: str) -> date:
    try:
        return date.fromisoformat(_text(element, path))
    except ValueError as error:
        raise Unreadable(f"{path} is no date") from error


def _fen(element: etree._Element, path: str) -> int:
    text = _text(element, path)
    if [each.get("Ccy") for each in _all(element, path)] != ["CNY"]:
        raise Unreadable(f"{path} is not in CNY")
    if not _AMOUNT.fullmatch(text) or Decimal(text) * 100 % 1:
        raise Unreadable(f"{path}: {text!r} is no amount of whole fen")
    return fen_of(text)


def _yuan(amount_fen: int) -> str:
    whole, rest = divmod(amount_fen, 100)
    return f"{whole}.{rest:02d}"


def _written(document: etree._Element) -> bytes:
    written: bytes = etree.tostring(document, xml_declaration=True, encoding="UTF-8")
    return written
