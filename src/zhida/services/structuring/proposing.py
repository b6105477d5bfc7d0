"""Everything that was read as proposals: what, from which words, how sure, why, and where the draft carries it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from zhida.domain.packs import Dictionary
from zhida.domain.packs.proposals import Proposal, SourceSpan
from zhida.services.structuring.attributes import likely_holder
from zhida.services.structuring.conditions import Condition
from zhida.services.structuring.document import Paragraph
from zhida.services.structuring.facts import NewFact
from zhida.services.structuring.filing import Filing
from zhida.services.structuring.header import Read
from zhida.services.structuring.phrases import Part
from zhida.services.structuring.picking import may_be
from zhida.services.structuring.plan import SURE, Plan, PlannedItem
from zhida.services.structuring.reasons import reason
from zhida.services.structuring.roles import Role
from zhida.services.structuring.structure import ClauseReading, Passage, Structure
from zhida.services.structuring.sums import TABLE, AmountRule, Standard

_GUESSED = 45
"""How sure a new fact is that the dictionary may have under another name."""
_DOUBTFUL = 40
"""How sure a sum is beside which something stands that may narrow it and was not understood."""
_NOWHERE = SourceSpan(0, 0, 0)


def proposals_of(structure: Structure, filing: Filing, plan: Plan, dictionary: Dictionary) -> list[Proposal]:
    """All proposals in the order of the document, those of the whole first; ids p1, p2, … follow that order."""
    found = [*_of_header(structure, dictionary), *_of_validity(structure), *_of_filing(filing)]
    body: list[Proposal] = []
    for reading in structure.readings:
        body.append(_role(reading, plan))
        for passage in reading.passages:
            body += _of_passage(reading, passage, plan, dictionary)
    body += _of_items(plan, {each.clause.anchor: each for each in structure.readings})
    body = [*_once(body)]
    body.sort(key=lambda each: (each.span.paragraph or 10**6, each.span.start, each.kind))
    return [replace(each, id=f"p{number}") for number, each in enumerate([*found, *body], start=1)]


def _once(found: list[Proposal]) -> Iterator[Proposal]:
    """A fact or a standard that several clauses speak of is proposed once, where it is first spoken of."""
    seen: set[str] = set()
    for each in found:
        name = str(each.value.get("name")) if each.kind in ("attribute", "standard") else ""
        if name not in seen:
            yield each
        seen |= {name} if name else set()


def _proposal(
    kind: str,
    anchor: str,
    span: SourceSpan,
    quote: str,
    value: Mapping[str, Any],
    confidence: int,
    why: str,
    edit: Mapping[str, str] | None = None,
) -> Proposal:
    return Proposal("", kind, anchor, span, quote, value, confidence, reason(why), edit or {})


def _read(kind: str, read: Read | None, path: str, value: Mapping[str, Any] | None = None) -> Proposal:
    edit = {"file": "pack.yaml", "path": path}
    if read is None:
        return _proposal(kind, "", _NOWHERE, "", {}, 0, "not_said", edit)
    told = value if value is not None else {"text": read.text}
    return _proposal(kind, "", read.span, read.text, told, read.confidence, read.why, edit)


def _of_header(structure: Structure, dictionary: Dictionary) -> Iterator[Proposal]:
    header = structure.header
    title = _read("title", header.title, "document.title")
    yield replace(title, edit={"file": "policy.md", "path": "1"})
    yield _read("number", header.number, "document.number")
    issued = header.issued_on
    yield _read(
        "issued_on", issued[1] if issued else None, "document.issued_on", {"on": str(issued[0])} if issued else None
    )
    if not header.issuers:
        yield _read("issuer", None, "issuer")
    for issuer in header.issuers:
        known = [slug for slug, entry in dictionary.offices.items() if entry.words.get("zh") == issuer.text]
        yield _read("issuer", issuer, "issuer", {"name": issuer.text, "office": known[0] if known else ""})


def _of_validity(structure: Structure) -> Iterator[Proposal]:
    validity = structure.validity
    for said in validity.said:
        confidence = 85 if validity.is_counted and said.detail.kind == "in_force" else 95
        why = "counted" if confidence == 85 else "pattern"
        edit = {"file": "pack.yaml", "path": "valid"} if said.detail.kind != "repeals" else {}
        value = {"said": said.detail.value, "from": str(validity.first or ""), "to": str(validity.end or "")}
        yield _proposal(said.detail.kind, said.anchor, said.span, said.quote, value, confidence, why, edit)
    if validity.first is None:
        edit = {"file": "pack.yaml", "path": "valid.from"}
        yield _proposal("in_force", "", _NOWHERE, "", {}, 0, "not_said", edit)


def _of_filing(filing: Filing) -> Iterator[Proposal]:
    rows = (
        ("owner", filing.office, filing.office_confidence, "in_office_list"),
        ("region", filing.region, filing.region_confidence, "in_office_list"),
        ("topics", ", ".join(filing.topics), 60, "words_of_topic"),
    )
    for kind, text, confidence, why in rows:
        path = "document.topics" if kind == "topics" else kind
        edit = {"file": "pack.yaml", "path": path}
        yield _proposal(kind, "", _NOWHERE, "", {"text": text}, confidence, why if confidence else "not_said", edit)


def _role(reading: ClauseReading, plan: Plan) -> Proposal:
    clause = reading.clause
    paragraph, start = clause.pieces[0]
    end = len(paragraph.text)
    value = {"role": str(reading.judged.role), "label": clause.label, "kind": clause.kind}
    edit = plan.place_of(clause.anchor)
    span = paragraph.span(min(start, end), end)
    return _proposal(
        "role",
        clause.anchor,
        span,
        paragraph.text[start:end].strip()[:60],
        value,
        reading.judged.confidence,
        reading.judged.why,
        edit,
    )


def _of_passage(reading: ClauseReading, passage: Passage, plan: Plan, dictionary: Dictionary) -> Iterator[Proposal]:
    anchor, paragraph = reading.clause.anchor, passage.paragraph

    def at(
        kind: str, start: int, end: int, value: Mapping[str, Any], confidence: int, why: str = "pattern"
    ) -> Proposal:
        quote = paragraph.text[start:end]
        return _proposal(
            kind,
            anchor,
            paragraph.span(start, end),
            quote,
            value,
            confidence,
            why,
            _edit(kind, anchor, plan, (paragraph.number, start)),
        )

    for kind, start, end, value, confidence in _said(passage):
        yield at(kind, start, end, value, confidence)
    if reading.judged.role is Role.MATERIAL and not reading.clause.children and paragraph.text.strip():
        start = {piece.number: begin for piece, begin in reading.clause.pieces}.get(paragraph.number, 0)
        value = {"paper": paragraph.text[start:].strip(" ；;。")}
        yield at("material", start, len(paragraph.text), value, reading.judged.confidence, reading.judged.why)
    is_alone = sum(len(each.conditions) for each in reading.passages) == 1 and passage.is_condition
    for condition in passage.conditions:
        yield from _of_condition(anchor, paragraph, condition, is_alone, plan, dictionary)


def _sure_of(role: str) -> int:
    return {"other": 55, "disputed": 20}.get(role, 85)


def _said(passage: Passage) -> Iterator[tuple[str, int, int, Mapping[str, Any], int]]:
    """Everything typed that a paragraph says: kind, start, end, value, how sure."""
    for amount in passage.amounts:
        value = {"fen": amount.fen, "currency": amount.currency, "role": amount.role, "per": list(amount.per)}
        yield ("amount", amount.start, amount.end, value, _sure_of(amount.role))
    for rate in passage.rates:
        yield ("rate", rate.start, rate.end, {"value": str(rate.value), "role": rate.role}, 80)
    for band in passage.bands:
        yield ("band", band.start, band.end, {"case": band.case, "fen": band.fen, "rate": band.rate}, 70)
    for window in passage.windows:
        value = {"first": str(window.first or ""), "last": str(window.last or "")}
        yield ("window", window.start, window.end, value, 90 if window.first else 40)
    for dated in passage.dates:
        yield ("date", dated.start, dated.end, {"on": str(dated.day)}, 97)
    for clock in passage.clocks:
        value = {"count": clock.count, "unit": clock.unit, "act": clock.act, "since": clock.since}
        yield ("clock", clock.start, clock.end, value, 60 if clock.act == "other" else 85)
    for detail in passage.details:
        yield (detail.kind, detail.start, detail.end, detail.value, 80)


def _of_condition(
    anchor: str, paragraph: Paragraph, condition: Condition, is_alone: bool, plan: Plan, dictionary: Dictionary
) -> Iterator[Proposal]:
    """The condition, and each new fact that it speaks of: accepting the condition asks for those first."""
    value: dict[str, Any] = {
        "feel": condition.feel,
        "parts": [
            {"kind": part.kind, "feel": part.feel, "start": part.start, "end": part.end, "why": part.why}
            for part in condition.parts
        ],
        "needs": [fact.name for fact in condition.new],
    }
    edit = plan.place_of(anchor)
    name = f"met_{anchor.replace('-', '_')}"
    is_own = not any(part.is_foreign for part in condition.parts)
    is_whole = is_alone and is_own and condition.confidence >= SURE
    value["carries"] = is_whole and edit["path"] == f"requirements.{name}"
    if edit["file"] == "items.yaml" and is_own and condition.feel:
        place = (paragraph.number, condition.start)
        into = [item.name for item in plan.items if anchor in item.cites and _holds(item, place)]
        value |= {"into": into} if into else {}
    span, quote = paragraph.span(condition.start, condition.end), paragraph.text[condition.start : condition.end]
    yield _proposal("condition", anchor, span, quote[:120], value, condition.confidence, condition.why, edit)
    for part in condition.parts:
        for fact in part.new:
            yield _new_attribute(anchor, paragraph, part, fact, plan, dictionary)


def _new_attribute(
    anchor: str, paragraph: Paragraph, part: Part, fact: NewFact, plan: Plan, dictionary: Dictionary
) -> Proposal:
    office, work = likely_holder(fact.words, dictionary)
    owner = office or plan.office
    value = {
        "name": fact.name,
        "words": fact.words,
        "kind": fact.kind,
        "unit": fact.unit,
        "period": fact.period,
        "codes": fact.code_tree,
        "owner": owner,
        "audience": [str(plan.audience)],
        "owner_line_of_work": work,
    }
    span = paragraph.span(part.start, part.end)
    quote = paragraph.text[part.start : part.end]
    sure = 65 if office else 40
    alike = may_be(fact.words, dictionary, plan.audience, fact.kind, fact.unit, fact.period)
    if not alike:
        return _proposal("attribute", anchor, span, quote, value, sure, "unknown_attribute")
    value["alike"] = [each.name for each in alike]
    named = (
        "、".join(f"“{each.words['zh']}”" for each in alike),
        ", ".join(each.words.get("en", each.name) for each in alike),
    )
    found = _proposal("attribute", anchor, span, quote, value, min(sure, _GUESSED), "unknown_attribute")
    return replace(found, reason=reason("near_in_meaning", alike=named))


def _edit(kind: str, anchor: str, plan: Plan, at: tuple[int, int]) -> dict[str, str]:
    """Only what the draft really carries has a place in it; `at` is the paragraph and the place in it."""
    if kind == "amount":
        named = [item.name for item in plan.items if item.rule and anchor in item.cites and _holds(item, at)]
        return {"file": "rules.yaml", "path": f"amounts.{named[0]}_fen"} if named else {}
    if kind == "material":
        return plan.place_of(anchor)
    if kind == "clock" and any(anchor == cited for _, cited in plan.steps.values()):
        return {"file": "process.yaml", "path": "review"}
    if kind == "obligation" and any(anchor == cited for item in plan.items for _, _, cited in item.duties):
        return {"file": "items.yaml", "path": "obligations"}
    return {}


def _holds(item: PlannedItem, at: tuple[int, int]) -> bool:
    """Whether a place stands in the words that give an item."""
    if item.words_at is None:
        return True
    paragraph, start, end = item.words_at
    return at[0] == paragraph and start <= at[1] < end


def _of_items(plan: Plan, readings: Mapping[str, ClauseReading]) -> Iterable[Proposal]:
    for item in plan.items:
        edit = {"file": "items.yaml", "path": item.name}
        value = {"item": item.name, "title": item.title, "requires": list(item.requires)}
        yield _proposal("item", item.anchor, _NOWHERE, "", value, 60, "by_role", edit)
        if item.rule is not None:
            line = {"file": "items.yaml", "path": f"{item.name}.budget_line"}
            yield _of_rule(item, item.rule, readings[item.rule.cites[0]])
            yield from (_of_standard(each, item.anchor) for each in item.rule.standards)
            yield _proposal("budget_line", item.anchor, _NOWHERE, "", {}, 0, "not_said", line)


def _of_rule(item: PlannedItem, rule: AmountRule, reading: ClauseReading) -> Proposal:
    """The rule of a sum, from the words that give it; the sums in it are proposals of their own, each with its
    place."""
    number, start, end = item.words_at or (reading.clause.pieces[0][0].number, reading.clause.pieces[0][1], None)
    paragraph = next(each for each, _ in reading.clause.pieces if each.number == number)
    end = len(paragraph.text) if end is None else end
    value = {
        "shape": rule.shape,
        "is": rule.feel.replace(TABLE, f"{item.name}_bands"),
        "by": list(rule.by),
        "rows": [list(row) for row in rule.rows],
        "asks": [{"name": each.name, "words": each.words} for each in rule.questions],
    }
    value |= {"every": rule.every, "times": rule.times} if rule.every else {}
    span, quote = paragraph.span(start, end), paragraph.text[start:end].strip()[:120]
    edit = {"file": "rules.yaml", "path": f"amounts.{item.name}_fen"}
    sure = {"fixed": 85, "bands": 75, "formula": _GUESSED}.get(rule.shape, 65) - (10 if item.words_at else 0)
    if rule.has_doubt:
        return _proposal("amount_rule", reading.clause.anchor, span, quote, value, _DOUBTFUL, "more_beside", edit)
    return _proposal("amount_rule", reading.clause.anchor, span, quote, value, sure, "pattern", edit)


def _of_standard(standard: Standard, anchor: str) -> Proposal:
    """A figure of another document, to be filled in."""
    value = {"name": standard.name, "words": standard.words, "unit": standard.unit}
    edit = {"file": "parameters.yaml", "path": standard.name}
    return _proposal("standard", anchor, _NOWHERE, "", value, 0, "elsewhere", edit)
