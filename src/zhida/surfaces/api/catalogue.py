"""Policies and items in force, for everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhida.domain.packs import Wording
from zhida.domain.values import SubjectKind
from zhida.kernel.catalogue import queries
from zhida.kernel.catalogue.records import ItemCard, PublishedItem, RevisionRecord
from zhida.surfaces.api.callers import now
from zhida.surfaces.api.problems import REFUSALS
from zhida.surfaces.api.shapes import Days, Words, days, words_of

router = Router(tags=["catalogue"], auth=None)


class ItemLine(Schema):
    """An item as a list shows it. `id` is `<region>/<policy>/<item>`."""

    id: str
    policy: str
    title: Words
    how_much: Words
    audience: str
    claim: str
    benefit: str
    region: str
    owner: str
    window: Days
    valid: Days


class PolicyLine(Schema):
    """A policy as a list shows it; `tier` is bronze, silver or gold, computed from how it is tested."""

    id: str
    title: Words
    plain: Words
    number: str
    issuer: str
    owner: str
    region: str
    topics: list[str]
    issued_on: date | None
    valid: Days
    revision: str
    revision_number: int
    tier: str


class ClauseOut(Schema):
    """A clause of the issued text, words untouched."""

    anchor: str
    number: str
    heading: str
    text: str


class PolicyPage(PolicyLine):
    """A policy with its text and its items; `hash` is over everything that it says."""

    hash: str
    clauses: list[ClauseOut]
    items: list[ItemLine]


class RequirementOut(Schema):
    """What has to be so: computed from facts, evidenced by a paper, judged by an officer, or undertaken."""

    name: str
    kind: str
    title: Words
    clauses: list[str]


class PaperOut(Schema):
    """A paper to hand in for the requirement that it is named after."""

    name: str
    title: Words
    formats: list[str]
    max_mb: int


class BudgetLineOut(Schema):
    """The budget line that an item is paid from, and the office that owns it."""

    id: str
    title: Words
    owner: str


class ItemPage(ItemLine):
    """An item with all that a claim needs.

    `form` is a JSON Schema of the questions that no source can answer, `questions` has their words in both languages.
    """

    revision: str
    tier: str
    for_each: str
    requirements: list[RequirementOut]
    form: dict[str, Any]
    questions: dict[str, Words]
    papers: list[PaperOut]
    facts: list[str]
    clauses: list[str]
    budget_line: BudgetLineOut | None


class Policies(Schema):
    """A page of policies; `total` counts all."""

    total: int
    policies: list[PolicyLine]


class Items(Schema):
    """A page of items; `total` counts all."""

    total: int
    items: list[ItemLine]


class Page(Schema):
    """Which part of a list."""

    limit: int = Query(50, ge=1, le=200)
    offset: int = Query(0, ge=0)


class PolicyChoice(Page):
    """What policies to list. A `topic` includes those below it."""

    region: list[str] = []
    audience: SubjectKind | None = None
    owner: str = ""
    issuer: str = ""
    topic: str = ""
    year: int | None = Query(None, ge=1, le=9999)


class ItemChoice(Page):
    """What items to list."""

    region: list[str] = []
    audience: SubjectKind | None = None
    claim: str = ""
    owner: str = ""
    policy: str = ""


@router.get("/policies", response={200: Policies, **REFUSALS})
def list_policies(request: HttpRequest, choice: Query[PolicyChoice]) -> dict[str, Any]:
    """The policies in force, the newest document first."""
    found = queries.policies(
        as_of=now(),
        regions=choice.region or None,
        owner_office=choice.owner,
        issuer_office=choice.issuer,
        topic=choice.topic,
        audience=choice.audience,
        year=choice.year,
    )
    shown = found[choice.offset : choice.offset + choice.limit]
    return {"total": len(found), "policies": [policy_line(record) for record in shown]}


@router.get("/policies/{region}/{slug}", response={200: PolicyPage, **REFUSALS})
def read_policy(request: HttpRequest, region: str, slug: str) -> dict[str, Any]:
    """One policy in force: what it says in plain words, its text clause by clause, its items."""
    as_of = now()
    record = queries.policy(f"{region}/{slug}", as_of=as_of)
    return {
        **policy_line(record),
        "hash": record.hash,
        "clauses": [vars(clause) for clause in queries.clauses(record.id)],
        "items": [item_line(card) for card in queries.item_cards(as_of=as_of, pack_id=record.pack_id)],
    }


@router.get("/items", response={200: Items, **REFUSALS})
def list_items(request: HttpRequest, choice: Query[ItemChoice]) -> dict[str, Any]:
    """The items in force, by id."""
    found = queries.item_cards(
        as_of=now(),
        audience=choice.audience,
        claim=choice.claim,
        regions=choice.region or None,
        owner_office=choice.owner,
        pack_id=choice.policy,
    )
    return {"total": len(found), "items": [item_line(card) for card in found[choice.offset :][: choice.limit]]}


@router.get("/items/{region}/{slug}/{name}", response={200: ItemPage, **REFUSALS})
def read_item(request: HttpRequest, region: str, slug: str, name: str) -> dict[str, Any]:
    """One item in force: what it requires, what a claim asks, which facts its rules read."""
    return item_page(queries.item(f"{region}/{slug}/{name}", as_of=now()))


def policy_line(record: RevisionRecord) -> dict[str, Any]:
    """A policy's line."""
    return {
        "id": record.pack_id,
        "title": Words(zh=record.title_zh, en=record.title_en),
        "plain": Words(zh=record.plain_zh, en=record.plain_en),
        "number": record.document_number,
        "issuer": record.issuer_office,
        "owner": record.owner_office,
        "region": record.region,
        "topics": list(record.topics),
        "issued_on": record.issued_on,
        "valid": Days(start=record.valid_from, end=record.valid_to),
        "revision": record.id,
        "revision_number": record.number,
        "tier": record.tier,
    }


def item_line(card: ItemCard) -> dict[str, Any]:
    """An item's line."""
    return {
        "id": card.item_id,
        "policy": card.pack_id,
        "title": Words(zh=card.title_zh, en=card.title_en),
        "how_much": Words(zh=card.how_much_zh, en=card.how_much_en),
        "audience": card.audience,
        "claim": card.claim,
        "benefit": card.benefit,
        "region": card.region,
        "owner": card.owner_office,
        "window": Days(start=card.window_from, end=card.window_to),
        "valid": Days(start=card.valid_from, end=card.valid_to),
    }


def item_page(published: PublishedItem) -> dict[str, Any]:
    """An item whole."""
    item, pack = published.item, published.pack
    titles = pack.words["zh"].questions if "zh" in pack.words else {}
    papers = [paper for name, paper in pack.form.papers.items() if name in item.requires]
    return {
        "id": item.id,
        "policy": pack.id,
        "title": words_of(pack, lambda wording: wording.items[item.name].title),
        "how_much": words_of(pack, lambda wording: wording.items[item.name].how_much),
        "audience": item.audience,
        "claim": item.claim,
        "benefit": item.benefit.kind,
        "region": pack.region,
        "owner": pack.owner,
        "window": days(item.window),
        "valid": days(pack.valid),
        "revision": published.revision_id,
        "tier": queries.revision_record(published.revision_id).tier,
        "for_each": item.for_each,
        "requirements": [
            {
                "name": one.name,
                "kind": one.kind,
                "title": words_of(pack, lambda wording, name=one.name: _requirement(wording, name)),
                "clauses": list(one.cites),
            }
            for one in item.program.requires
        ],
        "form": pack.form.json_schema(titles),
        "questions": {
            asked: words_of(pack, lambda wording, name=asked: wording.questions.get(name, ""))
            for asked in pack.form.questions
        },
        "papers": [
            {
                "name": paper.name,
                "title": words_of(pack, lambda wording, name=paper.name: wording.papers.get(name, "")),
                "formats": list(paper.formats),
                "max_mb": paper.max_mb,
            }
            for paper in papers
        ],
        "facts": sorted(item.reads),
        "clauses": list(item.cites),
        "budget_line": _budget_line(published),
    }


def _budget_line(published: PublishedItem) -> dict[str, Any] | None:
    line_id = published.item.budget_line
    known = queries.root(published.revision_id).dictionary.budget_lines.get(line_id)
    words = known.words if known else {"zh": line_id}
    owner = known.owner if known else published.pack.owner
    return {"id": line_id, "title": Words(**words), "owner": owner} if line_id else None


def _requirement(wording: Wording, name: str) -> str:
    found = wording.requirements.get(name)
    return found.title if found else ""
