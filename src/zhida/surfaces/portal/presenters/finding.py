"""Finding policies by words: what the search app answers, in the order of its rank."""

from __future__ import annotations

from datetime import datetime

from zhida.kernel.search import queries as search
from zhida.kernel.search.records import Hit, Why
from zhida.surfaces.look.language import say

_MOST = 300


def found_packs(text: str, as_of: datetime) -> dict[str, str]:
    """Pack ids that answer a text, the best first, each with the words that answer where its title does not."""
    found: dict[str, str] = {}
    for hit in search.search(text, as_of=as_of, limit=_MOST).hits:
        found.setdefault(hit.parent, _why(hit))
    return found


def _why(hit: Hit) -> str:
    return (
        say("文中：{words}", words=" ".join(hit.snippet.text.split()))
        if Why.BODY in hit.why and Why.TITLE not in hit.why
        else ""
    )
