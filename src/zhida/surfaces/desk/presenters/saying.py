"""A condition in words, and the facts that conditions may speak of."""

from __future__ import annotations

from zhida.domain.packs import Dictionary, Pack
from zhida.domain.packs.sentences import Line, form_of
from zhida.domain.packs.sentences import words_of_operator as operator_words
from zhida.domain.packs.sentences import words_of_period as period_words
from zhida.domain.rules import FactType, Node, parse, write
from zhida.surfaces.desk.presenters.recorded import count_type, counted_of, counted_words, facts_of_records, field_named
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.telling import facts as fact_words

_JOINED = {("and", "zh"): "，并且", ("or", "zh"): "，或者", ("and", "en"): ", and ", ("or", "en"): ", or "}


def sentence(node: Node, pack: Pack, dictionary: Dictionary) -> str:
    """A condition in words; as FEEL where no form says it."""
    form = form_of(node)
    if form is None:
        return write(node)
    lang = spoken()
    return _JOINED[form.junction, lang].join(_line_words(line, pack, dictionary, lang) for line in form.lines)


def _line_words(line: Line, pack: Pack, dictionary: Dictionary, lang: str) -> str:
    fact, named = fact_of(line.fact, pack, dictionary), name_of(line.fact, pack, dictionary)
    period = "" if line.period == "as_of" else period_words(line.period, lang)
    subject = f"{period}{named}" if lang == "zh" else " ".join(part for part in (named, period) if part)
    if line.operator in ("is", "not"):
        return say("{what}：{answer}", what=subject, answer=say("是") if line.operator == "is" else say("否"))
    values = say("、").join(_value_words(each, fact, line.fact, pack, dictionary) for each in line.values)
    return f"{subject} {operator_words(line.operator, lang)} {values}"


def _value_words(text: str, fact: FactType | None, name: str, pack: Pack, dictionary: Dictionary) -> str:
    node = parse(text)
    value = getattr(node, "value", None)
    if value is None:
        return text
    return fact_words.written(value, fact, dictionary, fact_words.choices_of(name, dictionary, pack))


def fact_of(name: str, pack: Pack, dictionary: Dictionary) -> FactType | None:
    """The type of a fact, of a record's field or of the count of records; None for what is no fact."""
    return fact_words.fact_type(dictionary, name, pack) or pack.schema.facts.get(name) or count_type(name, pack)


def name_of(name: str, pack: Pack, dictionary: Dictionary) -> str:
    """What people call a fact, a field of a record or the count of records."""
    counted = counted_of(pack)
    if name in counted:
        return counted_words(pack, dictionary, counted[name])
    if "." in name:
        return field_named(name, dictionary) or name
    asked = pack.words.get(spoken()) or pack.words["zh"]
    return asked.questions.get(name) or dictionary.named(name, spoken())


def known_facts(pack: Pack, dictionary: Dictionary) -> tuple[tuple[str, str], ...]:
    """Everything that a condition may speak of: code name and what people call it."""
    audiences = {item.audience for item in pack.items.values()}
    found = {
        name: dictionary.named(name, spoken())
        for name, one in dictionary.attributes.items()
        if audiences & {*one.audience}
    }
    own = {name: name_of(name, pack, dictionary) for name in pack.form.questions}
    records = facts_of_records(pack, dictionary)
    return tuple(sorted({**found, **own, **records}.items(), key=lambda each: each[1]))
