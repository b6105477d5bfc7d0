"""Search over everything public, with the places that answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhida.kernel.search.queries import search
from zhida.kernel.search.records import Hit, Marked
from zhida.surfaces.api.callers import now
from zhida.surfaces.api.problems import REFUSALS

router = Router(tags=["catalogue"], auth=None)


class MarkedText(Schema):
    """A text, and the spans of characters in it that answer: [start, end), counted in code points."""

    text: str
    marks: list[tuple[int, int]]


class HitOut(Schema):
    """A document found. `why` names where it answers: number, title, sound, names, body, similar."""

    kind: str
    id: str
    policy: str
    title: MarkedText
    title_en: MarkedText
    number: str
    snippet: MarkedText
    why: list[str]


class HitsOut(Schema):
    """A page of hits, the best first. `way` is exact, loose (most words, slips forgiven) or similar (titles alike).

    `facets` tell how many documents each value would leave.
    """

    total: int
    way: str
    hits: list[HitOut]
    facets: dict[str, dict[str, int]]


class Choice(Schema):
    """What to look for. Several values of one facet widen it; different facets narrow."""

    q: str = Query("", max_length=200)
    kind: list[str] = []
    audience: list[str] = []
    claim: list[str] = []
    benefit: list[str] = []
    measure: list[str] = []
    region: list[str] = []
    level: list[str] = []
    topic: list[str] = []
    issuer: list[str] = []
    owner: list[str] = []
    year: list[str] = []
    document: list[str] = []
    state: list[str] = []
    limit: int = Query(20, ge=1, le=100)
    offset: int = Query(0, ge=0, le=10_000)


@router.get("/search", response={200: HitsOut, **REFUSALS})
def find(request: HttpRequest, choice: Query[Choice]) -> dict[str, Any]:
    """Policies, items and clauses by words, pinyin, first letters or document number; without `q`, everything."""
    facets = {name: value for name, value in choice if isinstance(value, list)}
    found = search(choice.q, as_of=now(), facets=facets, limit=choice.limit, offset=choice.offset)
    return {"total": found.total, "way": found.way, "hits": [_hit(hit) for hit in found.hits], "facets": found.facets}


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "policy": hit.parent,
        "title": _marked(hit.title),
        "title_en": _marked(hit.title_en),
        "number": hit.number,
        "snippet": _marked(hit.snippet),
        "why": list(hit.why),
    }


def _marked(text: Marked) -> dict[str, Any]:
    return {"text": text.text, "marks": [(mark.start, mark.end) for mark in text.marks]}
