"""Receipts, verdicts and public notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhida.surfaces.look.language import Text
from zhida.surfaces.look.parts import Document, Fault, ReceiptFace


@dataclass(frozen=True)
class ReceiptPage:
    """A receipt with what it proves."""

    face: ReceiptFace
    about: str
    kind_words: str
    proves: tuple[str, ...]
    back_href: str


@dataclass(frozen=True)
class VerifyPage:
    """A verdict over something pasted, uploaded or scanned."""

    asked: bool = False
    is_sound: bool = False
    is_pending: bool = False
    headline: str = ""
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    pasted: str = ""


@dataclass(frozen=True)
class PublicLine:
    """One name of a public notice, masked."""

    name: str
    region: str
    amount_fen: int | None
    href: str


@dataclass(frozen=True)
class PublicList:
    """The names of one item under public notice."""

    title: Text
    href: str
    document: Document
    owner: str
    opens_on: date
    closes_on: date
    days_left: int
    lines: tuple[PublicLine, ...]
    id: str = ""


@dataclass(frozen=True)
class ObjectionPage:
    """The form by which anybody objects to one name."""

    line: PublicLine
    listed: PublicList
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    contact: str = ""
