"""Searching: words, sounds, numbers and slips of the pen, over what is public and shown on the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

from rapidfuzz import fuzz, process
from tantivy import DocAddress, Query

from zhida.domain.values import local_date
from zhida.kernel.search import asking
from zhida.kernel.search.folders import OpenIndex, current
from zhida.kernel.search.records import Hits, Way
from zhida.kernel.search.telling import hit_of
from zhida.kernel.search.words import fold

_ALIKE = 66
_SHORT = range(2, 21)
_MOST_ALIKE = 50
_MOST_VALUES = 5_000


def search(
    text: str,
    *,
    as_of: datetime,
    facets: Mapping[str, Collection[str]] | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Hits:
    """What answers a text on a day, the best first; an empty text is answered by everything.

    `facets` maps a name to the values of which a document must have one; `kind` is a facet of every document. Where not
    one document holds every word, most words are enough and slips are forgiven; at last, titles that look alike. Before
    the first index there is nothing to find, and that is no error.
    """
    index = current()
    if index is None:
        return Hits()
    question = asking.understand(text)
    search = _Search(index, {name: values for name, values in (facets or {}).items() if values}, as_of)
    if not question.words and not question.numbers:
        return Hits() if text.strip() else search.page(Query.all_query(), question, Way.EXACT, limit, offset)
    for way, ask in ((Way.EXACT, asking.exact), (Way.LOOSE, asking.loose), (Way.LOOSE, asking.loosest)):
        query = ask(question, index.searcher)
        if search.count(query):
            return search.page(query, question, way, limit, offset)
    return search.page(search.alike(question.text), question, Way.SIMILAR, limit, offset)


class _Search:
    """One search in an open index: its filters and its day."""

    def __init__(self, index: OpenIndex, facets: Mapping[str, Collection[str]], as_of: datetime) -> None:
        self._index = index
        self._facets = facets
        self._day = local_date(as_of)

    def count(self, query: Query) -> int:
        """How many documents answer."""
        return _found(self._index, asking.within(query, self._facets, self._day), 1).count

    def page(self, query: Query, question: asking.Question, way: Way, limit: int, offset: int) -> Hits:
        """A page of answers with the counts of every facet."""
        searcher = self._index.searcher
        found = _found(self._index, asking.within(query, self._facets, self._day), max(1, limit), offset)
        faces = [searcher.doc(address).get_first("face") for _, address in found.hits[:limit]]
        hits = tuple(hit_of(face, question, way) for face in faces if face)
        return Hits(found.count, hits, self._counts(query), way)

    def _counts(self, query: Query) -> dict[str, dict[str, int]]:
        counts = self._counted(query, self._facets)
        for name in self._facets:
            others = {other: values for other, values in self._facets.items() if other != name}
            counts[name] = self._counted(query, others).get(name, {})
        return counts

    def _counted(self, query: Query, facets: Mapping[str, Collection[str]]) -> dict[str, dict[str, int]]:
        wanted = {"all": {"terms": {"field": "facets", "size": _MOST_VALUES}}}
        found = self._index.searcher.aggregate(asking.within(query, facets, self._day), wanted)
        counts: dict[str, dict[str, int]] = {}
        for bucket in found["all"]["buckets"]:
            name, _, value = bucket["key"].partition("=")
            counts.setdefault(name, {})[value] = bucket["doc_count"]
        return counts

    def alike(self, text: str) -> Query:
        """Documents whose title looks most like a short text, the likest first."""
        plain = "".join(text.split())
        if len(plain) not in _SHORT:
            return Query.empty_query()
        ids, titles = _titles(self._index.folder)
        found = process.extract(
            plain, titles, scorer=fuzz.partial_ratio, processor=None, score_cutoff=_ALIKE, limit=_MOST_ALIKE
        )
        scored = [Query.const_score_query(asking.named([ids[at]]), score) for _, score, at in found]
        return Query.disjunction_max_query(scored) if scored else Query.empty_query()


class _Found(Protocol):
    """What tantivy gives; its stubs leave the count out."""

    count: int
    hits: list[tuple[Any, DocAddress]]


def _found(index: OpenIndex, query: Query, limit: int, offset: int = 0) -> _Found:
    return cast(_Found, index.searcher.search(query, limit, offset=offset))


@lru_cache(maxsize=2)
def _titles(folder: Path) -> tuple[list[str], list[str]]:
    lines = (folder / "titles").read_text("utf-8").splitlines()
    pairs = [line.split("\t", 1) for line in lines]
    return [pair[0] for pair in pairs], [fold(pair[1]) for pair in pairs]
