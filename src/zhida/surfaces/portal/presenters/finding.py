"""Finding policies by words, sounds and numbers: what the search app answers, in its order, and where."""

from __future__ import annotations

from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhida.kernel.search import queries as search
from zhida.kernel.search.records import Hit, Marked, Way, Why
from zhida.surfaces.look.language import say_html

AT_MOST = 500
WORDS = {
    Why.NUMBER: "文号相符",
    Why.SOUND: "读音相符",
    Why.NAMES: "发文部门、地区或事项相符",
    Why.SIMILAR: "名字相近",
}


def found_packs(text: str, as_of: datetime) -> dict[str, SafeString | str]:
    """Pack ids that answer a text, the best first, each with why: where it answers, its words marked."""
    found: dict[str, SafeString | str] = {}
    hits = search.search(text, as_of=as_of, limit=AT_MOST)
    for hit in hits.hits:
        pack_id = hit.parent or hit.id
        if not found.get(pack_id):
            found[pack_id] = _why(hit, hits.way)
    return found


def _why(hit: Hit, way: Way) -> SafeString | str:
    if hit.snippet.marks:
        return say_html("原文：{text}" if way is Way.EXACT else "相近：{text}", text=marked(hit.snippet))
    words = next((WORDS[why] for why in hit.why if why in WORDS), "")
    return say_html(words) if words else ""


def marked(words: Marked) -> SafeString:
    """A text with the places that answer marked."""
    pieces: list[tuple[SafeString]] = []
    at = 0
    for mark in words.marks:
        pieces.append(
            (format_html("{}<mark>{}</mark>", words.text[at : mark.start], words.text[mark.start : mark.end]),)
        )
        at = mark.end
    return format_html("{}{}", format_html_join("", "{}", pieces), words.text[at:])
