"""What is known of a subject, and where its own account says that a fact is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.errors import ConflictError, InvariantBroken
from zhida.domain.packs import Dictionary
from zhida.domain.packs.usage import usage_of
from zhida.domain.rules import Schema
from zhida.domain.values import Fact, FactKey, Facts, Scope, Span
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.disputes import DisputeRecord, disputes_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import FactLine
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.look.telling.records import record_words
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.records import KnownPage, WrongPage
from zhida.surfaces.portal.records.answers import SubjectHead

STATES: Mapping[str, str] = {
    "open": "您说有误，等{office}答复",
    "corrected": "{office}已更正",
    "suspended": "{office}已撤下，等数据重报",
    "upheld": "{office}核对后维持",
}
OWN_PAST = "grants"


def state_words(dispute: DisputeRecord) -> str:
    """Where a dispute stands, in one sentence."""
    return say(STATES[dispute.state], office=office_name(dispute.office))


def told_of(subject_id: str, dictionary: Dictionary) -> Callable[[FactKey], tuple[str, str]]:
    """For each fact of a subject: the state of its dispute, and the way to say that it is wrong."""
    disputes = disputes_of(subject_id, scope=Scope.own(frozenset({subject_id}), "own"))
    by_name = {FactKey.parse(key).attribute: one for key, one in disputes.items()}

    def told(key: FactKey) -> tuple[str, str]:
        held = stored(key, dictionary)
        if held is None:
            return "", ""
        is_by_name = isinstance(key.period, Span) or held.attribute != key.attribute
        dispute = by_name.get(held.attribute) if is_by_name else disputes.get(str(held))
        return state_words(dispute) if dispute else "", fix_href(held, subject_id)

    return told


def stored(key: FactKey, dictionary: Dictionary) -> FactKey | None:
    """The fact as a source holds it: a record's field belongs to its relation. None for what no source holds."""
    record, _, field = key.attribute.partition(".")
    if not field:
        is_held = key.attribute in dictionary.attributes or key.attribute in dictionary.relations
        return key if is_held and key.attribute != OWN_PAST else None
    names = [name for name, one in dictionary.relations.items() if record in (name, one.relation.singular)]
    return FactKey(names[0]) if names and names[0] != OWN_PAST else None


def fix_href(key: FactKey, subject_id: str) -> str:
    """Where one says that a fact of a subject is wrong."""
    return f"{reverse('portal:wrong')}?{urlencode({'as': subject_id, 'fact': str(key)})}"


def known_page(person: Person, as_of: datetime) -> KnownPage:
    """Everything that is known of the chosen subject, by the office that answers for it."""
    if person.subject is None:
        return KnownPage(None, ())
    dictionary = catalogue.root().dictionary
    told = told_of(person.subject.id, dictionary)
    groups: dict[str, list[FactLine]] = {}
    known = registry.facts_of(person.subject.id, scope=person.scope, as_of=as_of)
    for key in sorted(known):
        if stored(key, dictionary) is not None:
            line = _line(key, known.known[key], dictionary, *told(key))
            groups.setdefault(dictionary.owner_of(key.attribute), []).append(line)
    head = SubjectHead(person.subject.name, person.subject.credit_code)
    return KnownPage(head, tuple((office_name(office), tuple(lines)) for office, lines in sorted(groups.items())))


def _line(key: FactKey, fact: Fact, dictionary: Dictionary, note: str = "", fix: str = "") -> FactLine:
    entry = dictionary.relations.get(key.attribute)
    line = fact_words.line(key, fact, dictionary, note=note, fix=fix)
    if isinstance(key.period, Span):
        start, end = (day.isoformat() if day else "" for day in (key.period.start, key.period.end))
        return replace(line, label=say("{name}（{start} 至 {end}）", name=line.label, start=start, end=end))
    if entry is None:
        return line
    rows = say("；").join(record_words(row, entry, dictionary) for row in fact.value) or say("没有记录")
    return replace(line, value=rows)


def wrong_page(written: str, person: Person, as_of: datetime) -> WrongPage:
    """The form that says a fact is wrong. A derived fact leads to those it is computed from.

    Raises ConflictError `no_such_known_fact` for what is not known of the chosen subject.
    """
    dictionary = catalogue.root().dictionary
    known = registry.facts_of(person.subject.id, scope=person.scope, as_of=as_of) if person.subject else Facts()
    key = _held_key(written, known, dictionary)
    if key is None or person.subject is None:
        raise ConflictError("no_such_known_fact", f"{written!r} is not known", "choose one from what is known of you")
    note = ""
    attribute = dictionary.attributes.get(key.attribute)
    sources: tuple[FactLine, ...] = ()
    if attribute is not None and attribute.fact.expression is not None and not attribute.fact.supplied_wins:
        told = told_of(person.subject.id, dictionary)
        schema = Schema(dictionary.facts, {name: one.relation for name, one in dictionary.relations.items()})
        usage = usage_of([attribute.fact.expression], schema)
        sources = tuple(
            _line(one, known.known[one], dictionary, *told(one))
            for one in sorted(known)
            if one.attribute in usage.facts | usage.relations and stored(one, dictionary)
        )
    dispute = disputes_of(person.subject.id, scope=person.scope).get(str(key))
    return WrongPage(
        key=str(key),
        line=_line(key, known.known[key], dictionary, note),
        office=office_name(dictionary.owner_of(key.attribute)),
        is_derived=bool(sources),
        sources=sources,
        dispute=dispute,
        state=state_words(dispute) if dispute else "",
    )


def _held_key(written: str, known: Facts, dictionary: Dictionary) -> FactKey | None:
    try:
        asked = stored(FactKey.parse(written), dictionary)
    except InvariantBroken:
        return None
    if asked is None or asked in known.known:
        return asked
    day = asked.period.start if isinstance(asked.period, Span) else None
    spans = [key for key in known if key.attribute == asked.attribute and isinstance(key.period, Span)]
    return next((key for key in spans if day is not None and isinstance(key.period, Span) and day in key.period), None)
