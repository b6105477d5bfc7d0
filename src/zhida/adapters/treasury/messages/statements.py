"""The statement of a day: camt.053.001.08, refused where it does not add up to its own balances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree
from lxml.builder import ElementMaker

from zhida.adapters.treasury.messages.elements import (
    Unreadable,
    all_at,
    day_at,
    fen_at,
    moment,
    root_of,
    text_at,
    text_or_none,
    written,
    yuan,
)
from zhida.adapters.treasury.messages.entries import entry, lines_of, net_of, side_of
from zhida.domain.postings import StatementLine

STATEMENT = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_CAMT = ElementMaker(namespace=STATEMENT, nsmap={None: STATEMENT})


@dataclass(frozen=True)
class Statement:
    """A day's movements, between the balance at its opening and at its closing, both in fen from our side."""

    day: date
    opening_fen: int
    closing_fen: int
    lines: tuple[StatementLine, ...]


def statement_message(statement: Statement, *, account: str, made_at: datetime) -> bytes:
    """A camt.053.001.08 with opening and closing booked balance, one entry a movement."""
    name = f"{statement.day:%Y%m%d}"
    body = _CAMT.Stmt(
        _CAMT.Id(f"S{name}"),
        _CAMT.CreDtTm(moment(made_at)),
        _CAMT.Acct(_CAMT.Id(_CAMT.Othr(_CAMT.Id(account)))),
        _balance("OPBD", statement.opening_fen, statement.day),
        _balance("CLBD", statement.closing_fen, statement.day),
        _CAMT.TxsSummry(_CAMT.TtlNtries(_CAMT.NbOfNtries(str(len(statement.lines))))),
        *(entry(_CAMT, line) for line in statement.lines),
    )
    header = _CAMT.GrpHdr(_CAMT.MsgId(f"S{name}"), _CAMT.CreDtTm(moment(made_at)))
    return written(_CAMT.Document(_CAMT.BkToCstmrStmt(header, body)))


def _balance(kind: str, amount_fen: int, day: date) -> etree._Element:
    return _CAMT.Bal(
        _CAMT.Tp(_CAMT.CdOrPrtry(_CAMT.Cd(kind))),
        _CAMT.Amt(yuan(abs(amount_fen)), Ccy="CNY"),
        _CAMT.CdtDbtInd("DBIT" if amount_fen < 0 else "CRDT"),
        _CAMT.Dt(_CAMT.Dt(day.isoformat())),
    )


def statement_of(message: bytes) -> Statement:
    """The statement in a camt.053.001.08. Raises Unreadable, also where it does not add up to its own balances."""
    root = root_of(message, (STATEMENT,), "BkToCstmrStmt/Stmt")
    lines = lines_of(root)
    balances = {
        text_at(balance, "Tp/CdOrPrtry/Cd"): (_signed(balance), day_at(balance, "Dt/Dt"))
        for balance in all_at(root, "Bal")
    }
    if set(balances) != {"OPBD", "CLBD"}:
        raise Unreadable("a statement opens and closes with a booked balance")
    (opening, day), (closing, _) = balances["OPBD"], balances["CLBD"]
    entries = text_or_none(root, "TxsSummry/TtlNtries/NbOfNtries")
    if opening + net_of(lines) != closing or entries not in ("", str(len(all_at(root, "Ntry")))):
        raise Unreadable("the statement does not add up")
    return Statement(day, opening, closing, lines)


def _signed(balance: etree._Element) -> int:
    return -fen_at(balance, "Amt") if side_of(balance) == "DBIT" else fen_at(balance, "Amt")
