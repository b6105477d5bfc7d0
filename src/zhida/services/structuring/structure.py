"""A document understood: its head, its outline, and what each clause says, every word of it with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from zhida.domain.packs import Dictionary
from zhida.domain.values import SubjectKind
from zhida.services.structuring.amounts import Amount, Rate, amounts_in, rates_in
from zhida.services.structuring.bands import Band, bands_in
from zhida.services.structuring.characters import plain
from zhida.services.structuring.clocks import Clock, clocks_in
from zhida.services.structuring.conditions import Condition, condition_in
from zhida.services.structuring.contradictions import contradictions_in, said_twice
from zhida.services.structuring.days import Dated, Window, dates_in, windows_in
from zhida.services.structuring.details import Detail, details_in
from zhida.services.structuring.document import Document, Note, Paragraph
from zhida.services.structuring.embedded import embedded_in
from zhida.services.structuring.facts import Facts
from zhida.services.structuring.header import Header, header_of
from zhida.services.structuring.outline import Clause, Outline, outline_of
from zhida.services.structuring.phrases import BARE_KIND, Reader
from zhida.services.structuring.places import Places
from zhida.services.structuring.roles import Judged, Role, roles_of
from zhida.services.structuring.validity import Validity, validity_of

_ORGANISATIONS = re.compile(r"企业|单位|机构|公司|法人|孵化器|园区|基地|平台")
_PERSONS = re.compile(r"老年人|个人|人员|居民|毕业生|学生|人才|青年|家庭成员|申请人|儿童|残疾人|参保人")
_HOUSEHOLDS = re.compile(r"家庭|低保户|住户")
_INCLUDED = re.compile(r"[“\"](?:以上|以下|不低于|不超过|以内)[”\"].{0,60}(?:均)?(?:包括|含)(?:本数)?|均含本数|含本数")
_EXCLUDING = re.compile(
    r"(?:不予|不得(?!超过|低于|少于|高于|多于)|不享受|取消|不适用|不支付|不纳入)[^。；;]{0,40}[:。]?\s*$"
)
_EXCLUDED = re.compile(
    r"^(?P<words>[^。]{4,120}?)的，(?:均)?(?:不予|不得(?:享受|申[请报])|不享受|不适用|不纳入)[^，。；;]{0,16}[。；;]?\s*$"
)
_DEFINED = re.compile(r"(?:所称|其中，|；)?(?:的)?(?P<term>[^，。；;、:(“\"]{3,14}?)(?:，)?是指")


@dataclass(frozen=True)
class Passage:
    """What one paragraph of a clause says; every place is one of `paragraph`'s characters. `is_condition` tells that
    the whole paragraph is the one condition, not only some of its words."""

    paragraph: Paragraph
    amounts: tuple[Amount, ...]
    rates: tuple[Rate, ...]
    bands: tuple[Band, ...]
    dates: tuple[Dated, ...]
    windows: tuple[Window, ...]
    clocks: tuple[Clock, ...]
    details: tuple[Detail, ...]
    conditions: tuple[Condition, ...]
    is_condition: bool = False


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
    facts: Facts

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was not read, looks damaged, or is said twice and not alike."""
        return self.document.notes + self.outline.notes + contradictions_in(self.document.paragraphs)

    def in_force(self) -> tuple[ClauseReading, ...]:
        """The clauses that bind: those outside attachments."""
        return tuple(each for each in self.readings if not each.clause.is_attachment)


def structure(document: Document, dictionary: Dictionary, *, region: str = "") -> Structure:
    """What a document says, read against a dictionary; the same document and dictionary give the same, always.

    `region` is the division whose own text it is (本区, 本市), where the author knows it; else that of its issuer.
    """
    header = header_of(document)
    outline = outline_of(document, header.length, header.closing)
    roles = roles_of(outline.clauses)
    whole = "\n".join(plain(each.text) for each in document.paragraphs)
    audience = _audience(whole)
    bounds_said = bool(_INCLUDED.search(whole))
    reader = Reader(
        facts=Facts(dictionary, audience),
        places=Places(dictionary.code_trees.get("region"), region or _region_of(header, dictionary)),
        bounds_said=bounds_said,
        defined=frozenset(match.group("term") for match in _DEFINED.finditer(whole)),
    )
    readings = tuple(
        ClauseReading(clause, roles[clause.anchor], _passages(clause, roles[clause.anchor], reader))
        for clause in outline.clauses
    )
    issued_on = header.issued_on[0] if header.issued_on else None
    validity = validity_of(outline.clauses, header.printed_on or issued_on)
    return Structure(document, header, outline, validity, audience, bounds_said, readings, reader.facts)


def _region_of(header: Header, dictionary: Dictionary) -> str:
    """The division whose name stands in the issuers' names or in the title; "" where none does, or several do."""
    places = Places(dictionary.code_trees.get("region"), "")
    texts = [each.text for each in header.issuers] + ([header.title.text] if header.title else [])
    found = {places.at_start(plain(text).strip())[0] for text in texts} - {"", "?"}
    return found.pop() if len(found) == 1 else ""


def _passages(clause: Clause, judged: Judged, reader: Reader) -> tuple[Passage, ...]:
    if clause.is_attachment:
        return ()
    found = []
    for paragraph, start in clause.pieces:
        text = " " * start + plain(paragraph.text)[start:]
        found.append(
            Passage(
                paragraph=paragraph,
                amounts=_amounts(text),
                rates=tuple(rates_in(text)),
                bands=tuple(bands_in(text)),
                dates=tuple(dates_in(text)),
                windows=tuple(windows_in(text)),
                clocks=tuple(clocks_in(text)),
                details=tuple(details_in(text)),
                **_conditions(text, start, clause, judged, reader),
            )
        )
    return tuple(found)


def _amounts(text: str) -> tuple[Amount, ...]:
    """The sums of a text; one said in 大写 and in figures counts once, and where the two differ neither is trusted."""
    found = amounts_in(text)
    for one, two in said_twice(text, found):
        if one.fen == two.fen:
            found = [each for each in found if each is not two]
        else:
            found = [replace(each, role="disputed") if each in (one, two) else each for each in found]
    return tuple(found)


def _conditions(text: str, start: int, clause: Clause, judged: Judged, reader: Reader) -> dict[str, Any]:
    """The condition that a whole paragraph is, or those inside its sentences."""
    whole = _condition(text, start, clause, judged, reader) if judged.role is Role.CONDITION else None
    inside = embedded_in(text, start, judged.role, reader) if whole is None or not whole.feel else []
    if inside:
        return {"conditions": tuple(inside)}
    return {"conditions": (whole,), "is_condition": True} if whole else {"conditions": ()}


def _condition(text: str, start: int, clause: Clause, judged: Judged, reader: Reader) -> Condition | None:
    """A paragraph as a condition; where only its words or place make it one, something of it must be computed."""
    if not text.strip():
        return None
    above = plain(clause.parent.text) if clause.parent else ""
    own = _EXCLUDED.match(text[start:])
    words = text[: start + own.end("words")] if own else text
    found = condition_in(words, reader, start=start, is_exclusion=bool(own or _EXCLUDING.search(above)))
    is_guess = judged.why in ("words", "position") or bool(clause.children) or found.is_definition
    says = [part for part in found.parts if part.kind == "computed" and part.confidence != BARE_KIND]
    return None if is_guess and not says else found


def _audience(text: str) -> SubjectKind:
    counts = {
        SubjectKind.ORGANISATION: len(_ORGANISATIONS.findall(text)),
        SubjectKind.PERSON: len(_PERSONS.findall(text)),
        SubjectKind.HOUSEHOLD: len(_HOUSEHOLDS.findall(text)),
    }
    return max(counts, key=lambda kind: counts[kind])
