"""form.yaml read: questions, papers and confirmations; asking what a registry holds is refused."""

from __future__ import annotations

from decimal import Decimal

from zhida.domain.packs.dictionary import Dictionary
from zhida.domain.packs.forms import CONFIRMABLE, Form, Paper, Question
from zhida.domain.packs.reading.rules import Citations
from zhida.domain.packs.source.fields import Fields, as_number, nearest
from zhida.domain.rules import FactType
from zhida.domain.sentences import tell

_KINDS = ("boolean", "number", "text", "date", "texts")
_FORMATS = ("pdf", "jpg", "png", "xlsx", "ofd")


def read_form(top: Fields, dictionary: Dictionary, citations: Citations) -> Form:
    """The whole form."""
    questions = {n: _question(n, below, dictionary) for n, below in top.record("questions", required=False).named()}
    papers = {n: _paper(n, below, citations) for n, below in top.record("papers", required=False).named()}
    confirmed = top.placed_texts("confirm", required=False)
    for node in confirmed:
        if node.text not in CONFIRMABLE:
            words = tell("{name} cannot be confirmed", name=node.text)
            top.wrong(node.spot, "not_one_of", words, nearest(node.text, CONFIRMABLE))
    top.close()
    return Form(questions, papers, tuple(node.text for node in confirmed))


def _question(name: str, fields: Fields, dictionary: Dictionary) -> Question:
    held = dictionary.attributes.get(name)
    if held or name in dictionary.relations:
        words = tell("{name} is held by {office}", name=name, office=dictionary.owner_of(name))
        fields.wrong(fields.spot, "asks_what_is_held", words, "remove the question: it is filled in")
    kind = fields.choice("kind", _KINDS)
    question = Question(
        FactType(
            name=name,
            kind=kind if kind in _KINDS else "text",  # type: ignore[arg-type]
            unit=fields.text("unit", ""),
            scale=fields.whole("scale", 0),
            values=fields.texts("values", required=False),
            minimum=fields.typed("minimum", as_number, tell("a number"), Decimal(0), required=False),
            maximum=fields.typed("maximum", as_number, tell("a number"), None, required=False),
        ),
        optional=fields.flag("optional", False),
    )
    fields.close()
    return question


def _paper(name: str, fields: Fields, citations: Citations) -> Paper:
    formats = fields.placed_texts("formats")
    for node in formats:
        if node.text not in _FORMATS:
            fields.wrong(node.spot, "not_one_of", tell("no format {name}", name=node.text), ", ".join(_FORMATS))
    paper = Paper(name, tuple(node.text for node in formats), fields.whole("max_mb", 20), citations.take(fields))
    fields.close()
    return paper
