"""A document understood: its head, its outline, and what each clause says, every word of it with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.domain.packs import Dictionary
from zhida.domain.values import SubjectKind
from zhida.services.structuring.amounts import Amount, Rate, amounts_in, rates_in
from zhida.services.structuring.bands import Band, bands_in
from zhida.services.structuring.characters import plain
from zhida.services.structuring.clocks import Clock, clocks_in
from zhida.services.structuring.conditions import Condition, condition_in
from zhida.services.structuring.days import Dated, Window, dates_in, windows_in
from zhida.services.structuring.details import Detail, details_in
from zhida.services.structuring.document import Document, Note, Paragraph
from zhida.services.structuring.header import Header, header_of
from zhida.services.structuring.outline import Clause, Outline, outline_of
from zhida.services.structuring.roles import Judged, Role, roles_of
from zhida.services.structuring.validity import Validity, validity_of

_ORGANISATIONS = re.compile(r"企业|单位|机构|公司|法人|孵化器|园区|基地|平台")
_PERSONS = re.compile(r"老年人|个人|人员|居民|毕业生|学生|人才|青年|家庭成员|申请人|儿童|残疾人|参保人")
_HOUSEHOLDS = re.compile(r"家庭|低保户|住户")
_INCLUDED = re.compile(r"[“\"](?:以上|以下|不低于|不超过|以内)[”\"].{0,60}(?:均)?(?:包括|含)(?:本数)?|均含本数|含本数")
_EXCLUDING = re.compile(r"不予|不得|不享受|取消|不适用|不支付")


@dataclass(frozen=True)
class Passage:
    """What one paragraph of a clause says; every place is one of `paragraph`'s characters."""

    paragraph: Paragraph
    amounts: tuple[Amount, ...]
    rates: tuple[Rate, ...]
    bands: tuple[Band, ...]
    dates: tuple[Dated, ...]
    windows: tuple[Window, ...]
    clocks: tuple[Clock, ...]
    details: tuple[Detail, ...]
    condition: Condition | None


@dataclass(frozen=True)
class ClauseReading:
    """A clause, what it does, and what its paragraphs say."""

    clause: Clause
    judged: Judged
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Structure:
    """All that was read of a document."""

    document: Document
    header: Header
    outline: Outline
    validity: Validity
    audience: SubjectKind
    bounds_said: bool
    readings: tuple[ClauseReading, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was not read, or looks damaged."""
        return self.document.notes + self.outline.notes

    def in_force(self) -> tuple[ClauseReading, ...]:
        """The clauses that bind: those outside attachments."""
        return tuple(each for each in self.readings if not each.clause.is_attachment)


def structure(document: Document, dictionary: Dictionary) -> Structure:
    """What a document says, read against a dictionary; the same document and dictionary give the same, always."""
    header = header_of(document)
    outline = outline_of(document, header.length, header.closing)
    roles = roles_of(outline.clauses)
    whole = "\n".join(plain(each.text) for each in document.paragraphs)
    audience = _audience(whole)
    bounds_said = bool(_INCLUDED.search(whole))
    readings = tuple(
        ClauseReading(
            clause, roles[clause.anchor], _passages(clause, roles[clause.anchor], dictionary, audience, bounds_said)
        )
        for clause in outline.clauses
    )
    issued_on = header.issued_on[0] if header.issued_on else None
    validity = validity_of(outline.clauses, header.printed_on or issued_on)
    return Structure(document, header, outline, validity, audience, bounds_said, readings)


def _passages(
    clause: Clause, judged: Judged, dictionary: Dictionary, audience: SubjectKind, bounds_said: bool
) -> tuple[Passage, ...]:
    if clause.is_attachment:
        return ()
    found = []
    for paragraph, start in clause.pieces:
        text = " " * start + plain(paragraph.text)[start:]
        found.append(
            Passage(
                paragraph=paragraph,
                amounts=tuple(amounts_in(text)),
                rates=tuple(rates_in(text)),
                bands=tuple(bands_in(text)),
                dates=tuple(dates_in(text)),
                windows=tuple(windows_in(text)),
                clocks=tuple(clocks_in(text)),
                details=tuple(details_in(text)),
                condition=_condition(text, clause, judged, dictionary, audience, bounds_said),
            )
        )
    return tuple(found)


def _condition(
    text: str, clause: Clause, judged: Judged, dictionary: Dictionary, audience: SubjectKind, bounds_said: bool
) -> Condition | None:
    if judged.role is not Role.CONDITION or not text.strip():
        return None
    above = plain(clause.parent.text) if clause.parent else ""
    is_exclusion = bool(_EXCLUDING.search(above or text))
    found = condition_in(text, dictionary, audience, bounds_said=bounds_said, is_exclusion=is_exclusion)
    is_opener = bool(clause.children) and not found.terms
    return None if is_opener else found


def _audience(text: str) -> SubjectKind:
    counts = {
        SubjectKind.ORGANISATION: len(_ORGANISATIONS.findall(text)),
        SubjectKind.PERSON: len(_PERSONS.findall(text)),
        SubjectKind.HOUSEHOLD: len(_HOUSEHOLDS.findall(text)),
    }
    return max(counts, key=lambda kind: counts[kind])
