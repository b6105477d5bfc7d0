"""Booked entries as camt.053 and camt.054 share them: one movement of one payment, or of several booked together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.builder import ElementMaker

from zhida.adapters.treasury.messages.elements import (
    Unreadable,
    all_at,
    day_at,
    fen_at,
    text_at,
    text_or_none,
    yuan,
)
from zhida.domain.postings import StatementLine, Word

_SIDES = {Word.PAID: "DBIT", Word.RETURNED: "CRDT"}
_WORDS = {side: word for word, side in _SIDES.items()}


def entry(make: ElementMaker, line: StatementLine) -> etree._Element:
    """A movement as an `Ntry`; `RvslInd` stands where the bank takes back a booking of its own."""
    code = "RRTN" if line.word is Word.RETURNED else "DMCT"
    details = make.TxDtls(
        make.Refs(make.EndToEndId(line.reference)),
        make.RltdPties(make.CdtrAcct(make.Id(make.Othr(make.Id(f"****{line.account_tail}"))))),
        *([make.RtrInf(make.Rsn(make.Prtry(line.reason[:35])))] if line.reason else []),
    )
    return make.Ntry(
        make.Amt(yuan(line.amount_fen), Ccy="CNY"),
        make.CdtDbtInd(_SIDES[line.word]),
        *([make.RvslInd("true")] if line.is_reversal else []),
        make.Sts(make.Cd("BOOK")),
        make.BookgDt(make.Dt(line.booked_on.isoformat())),
        make.AcctSvcrRef(line.treasury_reference),
        make.BkTxCd(make.Domn(make.Cd("PMNT"), make.Fmly(make.Cd("ICDT"), make.SubFmlyCd(code)))),
        make.NtryDtls(details),
    )


def lines_of(parent: etree._Element) -> tuple[StatementLine, ...]:
    """Every movement below a statement or a notification. Raises Unreadable for one that is not as agreed.

    An entry booked for several payments gives a line for each, its reference followed by `/1`, `/2` and so on.
    """
    return tuple(line for each in all_at(parent, "Ntry") for line in _lines(each))


def _lines(booked: etree._Element) -> Iterator[StatementLine]:
    details = all_at(booked, "NtryDtls/TxDtls")
    total, number = fen_at(booked, "Amt"), text_at(booked, "AcctSvcrRef")
    if not details or total <= 0:
        raise Unreadable(f"{number} names no payment, or moves nothing")
    amounts = [fen_at(each, "Amt") if all_at(each, "Amt") else total for each in details]
    if sum(amounts) != total:
        raise Unreadable(f"{number}: its payments do not sum to it")
    for position, (each, amount_fen) in enumerate(zip(details, amounts, strict=True), 1):
        yield StatementLine(
            treasury_reference=number if len(details) == 1 else f"{number}/{position}",
            reference=text_at(each, "Refs/EndToEndId"),
            word=_WORDS[side_of(booked)],
            amount_fen=amount_fen,
            account_tail=text_at(each, "RltdPties/CdtrAcct/Id/Othr/Id")[-4:],
            booked_on=day_at(booked, "BookgDt/Dt"),
            is_reversal=text_or_none(booked, "RvslInd") in ("true", "1"),
            reason=text_or_none(each, "RtrInf/Rsn/Prtry") or text_or_none(each, "RtrInf/Rsn/Cd"),
        )


def side_of(element: etree._Element) -> str:
    """CRDT or DBIT. Raises Unreadable for anything else."""
    side = text_at(element, "CdtDbtInd")
    if side not in _WORDS:
        raise Unreadable(f"{side!r} is neither CRDT nor DBIT")
    return side


def net_of(lines: Iterable[StatementLine]) -> int:
    """What the movements do to our balance, in fen: payments lower it."""
    return sum(line.amount_fen if line.word is Word.RETURNED else -line.amount_fen for line in lines)
