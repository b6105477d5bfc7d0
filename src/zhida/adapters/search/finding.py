"""One search in an open index: a page of what answers a query, the counts of every facet, the likest titles."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from rapidfuzz import fuzz
from tantivy import DocAddress, Query

from zhida.adapters.search import asking
from zhida.adapters.search.folders import OpenIndex
from zhida.adapters.search.telling import hit_of
from zhida.adapters.search.words import fold
from zhida.domain.values import local_date
from zhida.kernel.search.records import Hits, Way

_ALIKE = 66
_SHORT = range(2, 21)
_MOST_ALIKE = 200
_MOST_VALUES = 5_000

Face = dict[str, Any]
"""A document as it was stored."""


@dataclass(frozen=True)
class Search:
    """One search in an open index: its filters, its instant, the page that is asked for."""

    index: OpenIndex
    facets: Mapping[str, Collection[str]]
    as_of: datetime
    limit: int
    offset: int

    def page(self, query: Query, question: asking.Question, way: Way) -> Hits:
        """A page of answers with the counts of every facet."""
        total, faces = self._found(query, self.limit, self.offset)
        if not total:
            return Hits(way=way)
        return Hits(total, tuple(hit_of(face, question, way) for face in faces), self._counts(query), way)

    def likest(self, question: asking.Question) -> Query:
        """Documents whose title looks most like a short text, the likest first."""
        plain = "".join(question.text.split())
        if len(plain) not in _SHORT:
            return Query.empty_query()
        _, faces = self._found(asking.alike(question), _MOST_ALIKE, 0)
        likeness = {face["id"]: fuzz.partial_ratio(plain, fold(face["title"])) for face in faces}
        scored = [
            Query.const_score_query(asking.named([identity]), score)
            for identity, score in likeness.items()
            if score >= _ALIKE
        ]
        return Query.disjunction_max_query(scored) if scored else Query.empty_query()

    def _within(self, query: Query, facets: Mapping[str, Collection[str]]) -> Query:
        return asking.within(query, facets, local_date(self.as_of))

    def _found(self, query: Query, limit: int, offset: int) -> tuple[int, list[Face]]:
        """How many documents answer in all, and a page of them as they were stored."""
        searcher = self.index.searcher
        found = cast(_Found, searcher.search(self._within(query, self.facets), max(1, limit), offset=offset))
        stored = (searcher.doc(address).get_first("face") for _, address in found.hits[:limit])
        return found.count, [json.loads(face) for face in stored if face]

    def _counts(self, query: Query) -> dict[str, dict[str, int]]:
        counts = self._counted(query, self.facets)
        for name in self.facets:
            others = {other: values for other, values in self.facets.items() if other != name}
            counts[name] = self._counted(query, others).get(name, {})
        return counts

    def _counted(self, query: Query, facets: Mapping[str, Collection[str]]) -> dict[str, dict[str, int]]:
        wanted = {"all": {"terms": {"field": "facets", "size": _MOST_VALUES}}}
        found = self.index.searcher.aggregate(self._within(query, facets), wanted)
        counts: dict[str, dict[str, int]] = {}
        for bucket in found["all"]["buckets"]:
            name, _, value = bucket["key"].partition("=")
            counts.setdefault(name, {})[value] = bucket["doc_count"]
        return counts


class _Found(Protocol):
    """What tantivy gives; its stubs leave the count out."""

    count: int
    hits: list[tuple[Any, DocAddress]]
