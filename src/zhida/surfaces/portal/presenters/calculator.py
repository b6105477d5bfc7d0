"""The calculator: what a firm known by name, or somebody who only answers questions, may have.

Whoever has not logged in as the firm sees it assessed on public facts alone, and on what they answer; nothing is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.errors import InvariantBroken
from zhida.domain.packs import Dictionary, FieldClass
from zhida.domain.rules import AmountState, Answer, Assessment, FactType, Unknown, assess
from zhida.domain.rules.engines import questions
from zhida.domain.values import Fact, FactKey, Facts, Scope, SubjectKind, local_date
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.kernel.search import queries as search
from zhida.surfaces.look.asking import NotTaken, can_be_asked, question_of, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Facet, FactLine
from zhida.surfaces.look.parts import Question as Asked
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.offices import region_name
from zhida.surfaces.portal.answering import Answered, considered
from zhida.surfaces.portal.presenters import advice, whatif
from zhida.surfaces.portal.presenters.entries import entry_of
from zhida.surfaces.portal.presenters.paging import page_of
from zhida.surfaces.portal.records import CalculatorStart, Entries, Result, SubjectHead

AT_MOST = 3
FIRMS = 12
PUBLIC = Scope.system("calculator")
PLACES = {Answer.ENTITLED: "yes", Answer.POSSIBLE: "near", Answer.NOT: "no"}
"""Each group's place on the page, and the field of the address that numbers its pages."""
Answereds = Sequence[Answered]


@dataclass(frozen=True)
class Answers:
    """What was typed into the calculator: facts, faults by field, and the keys that were left blank."""

    facts: dict[FactKey, Fact]
    typed: dict[str, str]
    faults: dict[str, str]
    skipped: frozenset[str]


def start(text: str, as_of: datetime) -> CalculatorStart:
    """Where one begins; a text finds firms by name or credit code."""
    found = search.search("", as_of=as_of, facets={"kind": ("item",)}, limit=1)
    counts: Mapping[str, int] = found.facets.get("audience", {})
    if not found.total:
        counts = Counter(card.audience for card in catalogue.item_cards(as_of=as_of))
    told = tuple((str(kind), counts[kind]) for kind in SubjectKind if counts.get(kind))
    return CalculatorStart(text, firms(text), bool(text), told)


def firms(text: str) -> tuple[Facet, ...]:
    """Firms whose name holds the text, or whose credit code it is."""
    text = text.strip()
    if len(text) < 2:
        return ()
    by_code = registry.find_by_credit_code(text.upper(), scope=PUBLIC)
    found = (
        (by_code,) if by_code else registry.find_by_name(text, scope=PUBLIC, kind=SubjectKind.ORGANISATION, limit=FIRMS)
    )
    page = reverse("portal:result")
    return tuple(
        Facet(say("{name}（{place}）", name=one.name, place=region_name(one.region)), f"{page}?firm={one.credit_code}")
        for one in found
        if one.credit_code
    )


def result(query: Mapping[str, str], as_of: datetime) -> Result:
    """The answer for a firm (`firm`, its credit code) or for anybody (`audience`), with the answers given so far."""
    subject = registry.find_by_credit_code(query["firm"], scope=PUBLIC) if query.get("firm") else None
    audience = subject.kind if subject else _audience(query.get("audience", ""))
    dictionary, today = catalogue.root().dictionary, local_date(as_of)
    held, known = _public_facts(subject, dictionary, as_of) if subject else Facts(), dictionary.facts
    first = held.with_facts(_answers(query, known).facts)
    wished, _ = whatif.wished(query, known)
    items = considered(audience, (first, first.with_facts(wished)) if wished else (first,), as_of)
    types = {**known, **{name: fact for one in items for name, fact in one.pack.schema.facts.items()}}
    answers = _answers(query, types)
    real = held.with_facts(answers.facts)
    now = [(one, assess(one.item.program, real, today)) for one in items]
    wishes, wrong = whatif.wished(query, types)
    facts = real.with_facts(wishes)
    found = [(one, assess(one.item.program, facts, today)) for one in items] if wishes else now
    groups = {answer: [(one, each) for one, each in found if each.answer is answer] for answer in Answer}
    groups[Answer.ENTITLED].sort(key=lambda pair: -_fen(pair[1]))
    entries = {
        answer: _entries(groups[answer], name, query, facts, today, dictionary) for answer, name in PLACES.items()
    }
    asked = _asked([(one, each) for one, each in found if _is_open(each)], answers, dictionary)
    sure = groups[Answer.ENTITLED]
    automatic = [(one, each) for one, each in sure if str(one.item.claim) == "automatic"]
    return Result(
        subject=_head(subject) if subject else None,
        audience=audience,
        as_of=today,
        entitled=entries[Answer.ENTITLED],
        possible=entries[Answer.POSSIBLE],
        refused=entries[Answer.NOT],
        total_fen=(total := sum(each.amount_fen or 0 for _, each in sure)),
        together=advice.together([one for one, _ in sure], facts, today, total),
        unknown_amounts=sum(each.amount is AmountState.UNKNOWN for _, each in sure),
        automatic=len(automatic),
        automatic_fen=sum(each.amount_fen or 0 for _, each in automatic),
        questions=asked,
        answered=_used(found, facts, dictionary),
        hidden=_hidden(query, asked),
        again_href=reverse("portal:calculator"),
        act_href=reverse("portal:mine"),
        whatif=whatif.what_if(now, found, real, query, wrong, dictionary),
        kept=_kept(query),
        real_href=f"{reverse('portal:result')}?{urlencode(_kept(query))}",
    )


def _audience(text: str) -> SubjectKind:
    return SubjectKind(text) if text in set(SubjectKind) else SubjectKind.PERSON


def _is_open(found: Assessment) -> bool:
    return found.answer is not Answer.NOT and bool(found.missing)


def _fen(found: Assessment) -> int:
    return found.amount_fen or 0 if found.amount is AmountState.KNOWN else 0


def _entries(
    found: Answereds, name: str, query: Mapping[str, str], facts: Facts, today: date, dictionary: Dictionary
) -> Entries:
    """One page of a group; refusals come with the nearest change that would help."""
    own, page = page_of(found, name, query)
    shown = tuple(entry_of(one, each, facts, today) for one, each in own)
    if name == PLACES[Answer.NOT]:
        refused = [(one, entry) for (one, _), entry in zip(own, shown, strict=True)]
        shown = advice.with_ways(refused, facts, today, dictionary)
    return Entries(shown, len(found), page)


def _head(subject: SubjectRecord) -> SubjectHead:
    return SubjectHead(subject.name, subject.credit_code, (region_name(subject.region),))


def _public_facts(subject: SubjectRecord, dictionary: Dictionary, as_of: datetime) -> Facts:
    """What anybody may know of a firm."""
    held = registry.facts_of(subject.id, scope=PUBLIC, as_of=as_of)
    return Facts({key: fact for key, fact in held.known.items() if _is_public(dictionary, key)})


def _is_public(dictionary: Dictionary, key: FactKey) -> bool:
    entry = dictionary.attributes.get(key.attribute) or dictionary.relations.get(key.attribute)
    return entry is not None and entry.field_class is FieldClass.PUBLIC


def _answers(query: Mapping[str, str], types: Mapping[str, FactType]) -> Answers:
    found = Answers(
        {}, {}, {}, frozenset(name for name, text in query.items() if _is_answer(name) and not text.strip())
    )
    for name, text in query.items():
        fact = types.get(_key(name).attribute) if _is_answer(name) else None
        if fact is None or not text.strip():
            continue
        found.typed[name] = text
        try:
            found.facts[_key(name)] = Fact(taken(text, fact), say("您的回答"))
        except NotTaken as refused:
            found.faults[name] = refused.words
    return found


def _kept(query: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What of an address is so, and not wished: who, and the answers."""
    return tuple((name, value) for name, value in query.items() if name in ("firm", "audience") or _is_answer(name))


def _is_answer(name: str) -> bool:
    """Whether a field of the address names a fact; what somebody mistyped in the address is passed over."""
    try:
        return name.startswith("f.") and bool(_key(name).attribute)
    except InvariantBroken:
        return False


def _key(name: str) -> FactKey:
    return FactKey.parse(name.removeprefix("f."))


def _asked(found: Answereds, answers: Answers, dictionary: Dictionary) -> tuple[Asked, ...]:
    """At most three questions, the one that settles most first; those answered wrongly come back with their fault."""
    if not found:
        return ()
    packs = {name: one.pack for one, _ in found for name in one.pack.schema.facts}
    worth = questions.worth_asking(each for _, each in found)
    names = chain(answers.faults, (f"f.{each.key}" for each in worth if f"f.{each.key}" not in answers.faults))
    fields: list[Asked] = []
    for name in names:
        if len(fields) == AT_MOST:
            break
        key = _key(name)
        pack = packs.get(key.attribute)
        fact = fact_words.fact_type(dictionary, key.attribute, pack)
        if fact is None or name in answers.skipped or not can_be_asked(fact, dictionary):
            continue
        typed, fault = answers.typed.get(name, ""), answers.faults.get(name, "")
        fields.append(question_of(name, key, fact, dictionary, pack=pack, value=typed, fault=fault))
    return tuple(fields)


def _used(found: list[tuple[PublishedItem, Assessment]], facts: Facts, dictionary: Dictionary) -> tuple[FactLine, ...]:
    lines: dict[FactKey, FactLine] = {}
    for one, each in found:
        for use in (*(use for reason in each.reasons for use in reason.uses), *each.amount_uses):
            held = facts.get(use.key)
            if held is not None and use.key not in lines and not isinstance(use.value, Unknown):
                lines[use.key] = fact_words.line(use.key, held, dictionary, one.pack)
    return tuple(lines.values())


def _hidden(query: Mapping[str, str], asked: tuple[Asked, ...]) -> tuple[tuple[str, str], ...]:
    shown = {question.name for question in asked}
    return tuple((name, value) for name, value in _kept(query) if name not in shown)
