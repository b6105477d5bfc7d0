"""Searching: words, sounds, numbers and slips of the pen, over what is public and shown on the day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from zhida.kernel.search.ports import search_index
from zhida.kernel.search.records import Hits


def build() -> str:
    """The name of the index in force, "" before the first: another wherever `search` may answer otherwise on a day."""
    return search_index().build()


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
    chosen = {name: values for name, values in (facets or {}).items() if values}
    return search_index().search(text, as_of=as_of, facets=chosen, limit=limit, offset=offset)
