"""A structure written as a pack: a folder of the usual files, which checks; every entry of it is still a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from zhida.domain.packs import Dictionary
from zhida.domain.packs.proposals import PROPOSALS, Proposal, write_proposals
from zhida.domain.values import SubjectKind
from zhida.services.structuring.characters import plain
from zhida.services.structuring.document import Document, Note
from zhida.services.structuring.filing import Filing, filing_of
from zhida.services.structuring.naming import whole_words
from zhida.services.structuring.outline import Clause
from zhida.services.structuring.plan import Plan, plan_of
from zhida.services.structuring.proposing import proposals_of
from zhida.services.structuring.reading.scans import SCAN
from zhida.services.structuring.structure import Structure, structure
from zhida.services.structuring.sums import TABLE, AmountRule
from zhida.services.structuring.yaml_text import yaml_of

RECOGNISED = 50
"""The most that a reading of a scan is trusted, in hundredths: a person looks at every one."""
NO_DAY = date(1949, 10, 1)
NO_NUMBER = "〔待补〕"
_PLAIN_LENGTH = 160


@dataclass(frozen=True)
class Draft:
    """A draft pack: its files by path in its folder, its proposals, what was read of the document, and what was not."""

    files: dict[str, bytes]
    proposals: tuple[Proposal, ...]
    structure: Structure
    notes: tuple[Note, ...]


def draft_pack(
    document: Document, dictionary: Dictionary, pack_id: str, *, office: str = "", region: str = ""
) -> Draft:
    """The draft of a pack from a document. Deterministic: the same document and dictionary give the same bytes.

    `office` and `region` are what the author already knows; otherwise the document's own words, else a placeholder that
    an open proposal names.
    """
    found = structure(document, dictionary, region=region)
    filing = filing_of(found, dictionary, office=office, region=region)
    plan = plan_of(found, filing.office)
    proposals = tuple(proposals_of(found, filing, plan, dictionary))
    if document.format == SCAN:
        proposals = tuple(replace(each, confidence=min(each.confidence, RECOGNISED)) for each in proposals)
    files = {
        "pack.yaml": yaml_of(_header(found, filing, pack_id)),
        "policy.md": _policy(found).encode(),
        "items.yaml": yaml_of(_items(found, plan, dictionary)),
        "rules.yaml": yaml_of(_rules(plan)),
        "parameters.yaml": yaml_of(_parameters(found, plan)),
        "clauses.yaml": yaml_of({anchor: {"not_computable": why} for anchor, why in plan.explained.items()}),
        "process.yaml": yaml_of(_process(plan)),
        "form.yaml": yaml_of(_form(plan)),
        "words/zh.yaml": yaml_of(_words(found, plan)),
        PROPOSALS: write_proposals(proposals),
    }
    kept = {name: data for name, data in files.items() if data.strip()}
    return Draft(kept, proposals, found, found.notes)


def with_more(draft: Draft, more: Iterable[Proposal]) -> Draft:
    """The draft with further proposals behind its own, numbered on; no other file changes."""
    begun = len(draft.proposals)
    numbered = [replace(each, id=f"p{number}") for number, each in enumerate(more, start=begun + 1)]
    proposals = (*draft.proposals, *numbered)
    return replace(draft, files={**draft.files, PROPOSALS: write_proposals(proposals)}, proposals=proposals)


def _header(found: Structure, filing: Filing, pack_id: str) -> dict[str, Any]:
    head = found.header
    issued = head.issued_on[0] if head.issued_on else found.validity.first or NO_DAY
    valid = {"from": found.validity.first or issued}
    if found.validity.end and found.validity.end > valid["from"]:
        valid["to"] = found.validity.end
    return {
        "id": pack_id,
        "issuer": filing.office,
        "owner": filing.office,
        "region": filing.region,
        "document": {
            "number": head.number.text if head.number else NO_NUMBER,
            "issued_on": issued,
            "topics": list(filing.topics),
            "issued_file_sha256": found.document.sha256,
        },
        "valid": valid,
    }


def _policy(found: Structure) -> str:
    """The words as issued; each clause's first line ends with its anchor."""
    title = found.header.title
    lines = [f"# {_line(title.text if title else found.document.paragraphs[0].text)}", ""]
    shown = title.span.paragraph if title else 0
    lines += [_line(each.text) for each in found.outline.head if each.number != shown]
    for reading in found.readings:
        lines += ["", *_clause_lines(reading.clause)]
    return "\n".join(lines).strip() + "\n"


def _clause_lines(clause: Clause) -> list[str]:
    first, *others = [_line(piece.text) for piece, _ in clause.pieces]
    is_chapter = clause.kind in ("part", "chapter", "section")
    return [f"{'## ' if is_chapter else ''}{first} {{#{clause.anchor}}}", *others]


def _line(text: str) -> str:
    """A paragraph on one line that no reader takes for a heading."""
    flat = " ".join(text.split("\n")).strip()
    return f"＃{flat[1:]}" if flat.startswith("#") else flat


def _items(found: Structure, plan: Plan, dictionary: Dictionary) -> dict[str, Any]:
    within = place_fact(dictionary, found.audience)
    line = next(iter(dictionary.budget_lines), "unknown")
    items: dict[str, Any] = {}
    for item in plan.items:
        record: dict[str, Any] = {"audience": str(found.audience or SubjectKind.ORGANISATION)}
        record |= {"within": within} if within else {}
        record |= {"claim": "applied", "requires": list(item.requires)}
        if item.rule is None:
            record["benefit"] = {"kind": "service"}
        else:
            record["benefit"] = {"kind": "money", "amount": f"{item.name}_fen"}
            record["once_per"] = [["subject", _how_often(item.rule, is_yearly=item.is_yearly)]]
            record["budget_line"] = line
            if item.rule.every:
                record["schedule"] = {"every": item.rule.every, "for": item.rule.times, "recheck": True}
        if item.duties:
            record["obligations"] = [
                {"is": name, "years": years, "breach": "recover", "cites": [anchor]}
                for name, years, anchor in item.duties
            ]
        items[item.name] = record | {"cites": list(item.cites)}
    return items


def _how_often(rule: AmountRule, *, is_yearly: bool) -> str:
    return "instalment" if rule.every else "year" if is_yearly else "life"


def place_fact(dictionary: Dictionary, audience: SubjectKind) -> str:
    """The first fact of the dictionary that says where a subject of a kind belongs; "" where there is none."""
    regions = [name for name, one in dictionary.attributes.items() if one.fact.code_tree == "region"]
    return next((name for name in regions if audience in dictionary.attributes[name].audience), "")


def _rules(plan: Plan) -> dict[str, Any]:
    requirements = {}
    for each in plan.requirements:
        record: dict[str, Any] = {"kind": each.kind}
        record |= {"when": each.when} if each.when else {}
        options = {name: {"when": when, "cites": [anchor]} for name, when, anchor, _ in each.options}
        record |= {"any_of": options} if options else {}
        requirements[each.name] = record | ({"cites": list(each.cites)} if each.cites else {})
    amounts, tables = {}, {}
    for item in plan.items:
        rule = item.rule
        if rule is None:
            continue
        table = f"{item.name}_bands"
        amounts[f"{item.name}_fen"] = {"is": rule.feel.replace(TABLE, table), "cites": list(rule.cites)}
        if rule.rows:
            tables[table] = {
                "hit": rule.hit, "by": list(rule.by), "rows": [*_rows(rule)], "cites": list(rule.cites)
            }  # fmt: skip
    return {"requirements": requirements, "tables": tables, "amounts": amounts}


def _rows(rule: AmountRule) -> Iterable[dict[str, Any]]:
    for *cells, gives in rule.rows:
        told = [list(cell) if isinstance(cell, tuple) else cell for cell in cells]
        yield dict(zip(rule.by, told, strict=True)) | {"gives": Decimal(str(gives))}


def _parameters(found: Structure, plan: Plan) -> dict[str, Any]:
    """The figures of other documents, nought until a person fills them in: nothing is paid by a figure that nobody
    said."""
    first = found.validity.first or (found.header.issued_on[0] if found.header.issued_on else NO_DAY)
    return {
        each.name: ({"unit": each.unit} if each.unit else {})
        | {"rows": [{"effective": first, "published": first, "value": 0, "source": f"{NO_NUMBER}{each.words}"}]}
        for each in plan.standards
    }


def _process(plan: Plan) -> dict[str, Any]:
    review: dict[str, Any] = {"by": "owner"}
    if "review" in plan.steps:
        days, anchor = plan.steps["review"]
        review |= {"within_working_days": days, "cites": [anchor]}
    steps: list[dict[str, Any]] = [{"review": review}]
    if "publicise" in plan.steps:
        days, anchor = plan.steps["publicise"]
        steps.append({"publicise": {"by": "owner", "working_days": days, "shows": ["name"], "cites": [anchor]}})
    pay: dict[str, Any] = {}
    if "pay" in plan.steps:
        days, anchor = plan.steps["pay"]
        pay = {"within_working_days": days, "cites": [anchor]}
    fulfil = [{"pay": pay or {"by": "owner"}}] if plan.pays or pay else []
    return {"review": steps} | ({"fulfil": fulfil} if fulfil else {})


def _form(plan: Plan) -> dict[str, Any]:
    papers = {
        each.name: {"formats": ["pdf"], "cites": list(each.cites)}
        for each in plan.requirements
        if each.kind == "evidenced"
    }
    questions: dict[str, Any] = {}
    for each in plan.questions:
        record = {"kind": each.kind} | ({"unit": each.unit} if each.unit else {})
        questions[each.name] = record | ({"values": [value for value, _ in each.values]} if each.values else {})
    found = {"questions": questions, "papers": papers}
    return {key: value for key, value in found.items() if value} | ({"confirm": ["bank_account"]} if plan.pays else {})


def _in_plain(plan: Plan, title: str) -> str:
    """What the policy gives in the document's own words, until its author has better ones."""
    told = [each.how_much.strip(" ；;。") for each in plan.items if each.rule is not None]
    return whole_words("；".join(filter(None, dict.fromkeys(told))), _PLAIN_LENGTH) or title


def _words(found: Structure, plan: Plan) -> dict[str, Any]:
    title = plain(found.header.title.text if found.header.title else plan.items[0].title)
    words = title.replace("{", "").replace("}", "")
    requirements: dict[str, Any] = {}
    for each in plan.requirements:
        own = {"title": each.title, "met": f"符合：{each.title}"}
        more: dict[str, Any] = {"not_met": f"不符合：{each.title}", "unknown": f"尚不能判断：{each.title}"}
        if each.options:
            told = {
                name: {"met": f"符合：{title}", "not_met": f"不符合：{title}"} for name, _, _, title in each.options
            }
            own, more = {"title": each.title}, {"unknown": more["unknown"], "any_of": told}
        requirements[each.name] = own if each.kind == "undertaken" else own | more
    return {
        "title": words,
        "plain": _in_plain(plan, words),
        "items": {item.name: {"title": item.title, "how_much": item.how_much or item.title} for item in plan.items},
        "requirements": requirements,
        "questions": {each.name: each.words for each in plan.questions},
        "choices": {value: words for each in plan.questions for value, words in each.values},
        "papers": {each.name: each.title for each in plan.requirements if each.kind == "evidenced"},
    }
