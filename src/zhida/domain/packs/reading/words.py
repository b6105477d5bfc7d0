"""words/<language>.yaml read: titles, reasons and the names of what a form asks."""

from __future__ import annotations

from zhida.domain.packs.source.fields import Fields
from zhida.domain.packs.source.nodes import TextNode
from zhida.domain.packs.wording import ItemWords, RequirementWords, Template, Wording
from zhida.domain.sentences import tell

ANSWERS = ("met", "not_met", "unknown")


def read_wording(top: Fields) -> Wording:
    """One language of a pack; whether it is complete is checked later, against the rules."""
    wording = Wording(
        title=top.text("title"),
        plain=top.text("plain"),
        items={name: _item(fields) for name, fields in top.record("items").named()},
        requirements={n: _requirement(fields) for n, fields in top.record("requirements", required=False).named()},
        questions=_names(top, "questions"),
        papers=_names(top, "papers"),
        obligations=_names(top, "obligations"),
        choices=_names(top, "choices"),
    )
    top.close()
    return wording


def _names(top: Fields, key: str) -> dict[str, str]:
    found = {}
    for name, spot, node in top.record(key, required=False).rest():
        if isinstance(node, TextNode):
            found[name] = node.text
        else:
            top.wrong(spot, "not_a_text", tell("{key} must be one text", key=f"{key}.{name}"))
    return found


def _item(fields: Fields) -> ItemWords:
    words = ItemWords(fields.text("title"), fields.text("how_much"))
    fields.close()
    return words


def _requirement(fields: Fields) -> RequirementWords:
    title = fields.text("title", "")
    answers = _answers(fields)
    alternatives = {}
    for name, below in fields.record("any_of", required=False).named():
        alternatives[name] = _answers(below)
        below.close()
    fields.close()
    return RequirementWords(title, answers, alternatives)


def _answers(fields: Fields) -> dict[str, Template]:
    found = {answer: fields.placed(answer, required=False) for answer in ANSWERS}
    return {answer: Template(node.text, node.spot) for answer, node in found.items() if node}
