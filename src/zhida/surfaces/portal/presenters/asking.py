"""The form of the advanced search: every element of a document's core metadata that can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhida.kernel.search import queries as search
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.filing import Entries, topic_entries
from zhida.surfaces.portal.presenters.searching import FACETS, label

IN_FORM = ("document", "issuer", "level", "region", "topic", "audience", "state")


def advanced(query: Mapping[str, str], as_of: datetime) -> tuple[Question, ...]:
    """The fields, filled with what the address says; lists hold only what some policy answers to."""
    known = search.search("", as_of=as_of, facets={"kind": ("policy",)}, limit=1).facets
    typed = (
        Question("q", say("题名、摘要或正文里的词"), "text", value=query.get("q", "")),
        Question("number", say("文号，括号和空格怎么写都行"), "text", value=query.get("number", "")),
    )
    years = (
        Question("from", say("发文年份，从"), "number", value=query.get("from", "")),
        Question("to", say("发文年份，到"), "number", value=query.get("to", "")),
    )
    topics = topic_entries()
    return (*typed, *years, *(_chosen(name, known.get(name, {}), query.get(name, ""), topics) for name in IN_FORM))


def _chosen(name: str, counts: Mapping[str, int], value: str, topics: Entries) -> Question:
    offered = sorted(counts, key=lambda each: (-counts[each], each))
    choices = [Choice("", say("不限"), not value)]
    choices += [
        Choice(each, say("{name}，{n} 件", name=label(name, each, topics), n=f"{counts[each]:,}"), each == value)
        for each in offered
    ]
    return Question(name, say(FACETS[name]), "select", choices=choices, value=value)
