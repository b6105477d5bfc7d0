"""What is one's own: licences with their codes, consents, and who has looked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Dictionary
from zhida.domain.values import FactKey, Scope, local_date, new_id
from zhida.kernel.cases import queries as cases
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import AccessRecord, SubjectRecord
from zhida.services.consents import consenting
from zhida.services.consents.consenting import ConsentRecord
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Choice, Facet, Fault, Question
from zhida.surfaces.look.telling import facts as fact_words
from zhida.surfaces.look.telling.cases import short
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.portal.persons import Person
from zhida.surfaces.portal.presenters import wallet
from zhida.surfaces.portal.presenters.knowing import OWN_PAST
from zhida.surfaces.portal.presenters.permitting import platform_lines, platform_named
from zhida.surfaces.portal.records.answers import SubjectHead
from zhida.surfaces.portal.records.claims import ReadingLine
from zhida.surfaces.portal.records.mine import CardsPage, ConsentLine, ConsentsPage, ReadingsPage, SharedPage

SIGNER = Signer(salt="consent")
DAYS = {7: "7 天", 30: "30 天", 90: "90 天", 365: "一年"}
MOST = 1_000
MONTHS = {1: "最近一个月", 12: "最近一年"}


def _head(person: Person) -> SubjectHead | None:
    return SubjectHead(person.subject.name, person.subject.credit_code) if person.subject else None


def cards_page(person: Person, verify_page: str, as_of: datetime) -> CardsPage:
    """The licences of the chosen subject."""
    if person.subject is None:
        return CardsPage(None, ())
    scope = Scope.own(frozenset({person.subject.id}), "own")
    held = credentials.credentials_of(person.subject.id, scope=scope)
    faces = [wallet.face_of(one, verify_page, as_of) for one in held]
    return CardsPage(_head(person), tuple(sorted(faces, key=lambda face: not face.is_valid)))


def readings_page(person: Person, query: Mapping[str, str], as_of: datetime) -> ReadingsPage:
    """Who has looked at what is not public of the chosen subject: `office` and `months` narrow it."""
    notes = registry.access_notes(person.subject.id, scope=person.scope) if person.subject else ()
    office, months = query.get("office", ""), query.get("months", "")
    kept = [note for note in notes if _is_wanted(note, office, months, as_of)]
    page = reverse("portal:readings")
    places = sorted({note.office for note in notes if note.office})

    def narrowed(**change: str) -> str:
        chosen = {"office": office, "months": months} | change
        return f"{page}?{urlencode({name: value for name, value in chosen.items() if value})}"

    offices = [Facet(say("全部"), narrowed(office=""), len(notes), not office)]
    offices += [Facet(office_name(one), narrowed(office=one), None, one == office) for one in places]
    times = [Facet(say("不限时间"), narrowed(months=""), None, not months)]
    times += [Facet(say(words), narrowed(months=str(n)), None, months == str(n)) for n, words in MONTHS.items()]
    return ReadingsPage(
        _head(person), reading_lines(kept, _own_cases(person)), len(notes), tuple(offices), tuple(times),
        f"{reverse('portal:readings_file')}?{urlencode({'office': office, 'months': months})}",
    )  # fmt: skip


def _is_wanted(note: AccessRecord, office: str, months: str, as_of: datetime) -> bool:
    is_recent = months not in map(str, MONTHS) or note.read_at > as_of - timedelta(days=31 * int(months))
    return is_recent and (not office or note.office == office)


def _own_cases(person: Person) -> frozenset[str]:
    return frozenset(one.id for one in cases.cases(scope=person.scope, limit=MOST))


def reading_lines(notes: list[AccessRecord], own: Collection[str] = ()) -> tuple[ReadingLine, ...]:
    """Who has looked, in words; what somebody saw under a consent is what the consent names.

    A reading for one of the cases in `own` leads to it.
    """
    dictionary = catalogue.root().dictionary
    return tuple(_reading(note, dictionary, own) for note in notes)


PURPOSES = {
    "case": "办件 {about}",
    "outreach": "走访时告诉您：{about}",
    "screening": "比对谁符合条件",
    "duty": "部门日常办公",
}
"""What somebody looked for, by the first word of the purpose that the reading was noted with."""


def _reading(note: AccessRecord, dictionary: Dictionary, own: Collection[str]) -> ReadingLine:
    kind, _, about = note.purpose.replace("screening ", "screening:", 1).partition(":")
    if kind == "consent":
        found = consenting.consent(about)
        words, names = say("您授权的：{purpose}", purpose=found.purpose), _named(found.attributes, dictionary)
        return ReadingLine(note.read_at, found.receiver, words, names)
    if kind == "sign_on":
        return ReadingLine(note.read_at, platform_named(about), say("您用直达账号登录"), say("身份证号码"))
    purpose = say(PURPOSES[kind], about=short(about)) if kind in PURPOSES else note.purpose
    facts = say("、").join(fact_words.label(dictionary, FactKey.parse(one)) for one in note.facts)
    href = reverse("portal:case", args=[about]) if kind == "case" and about in own else ""
    return ReadingLine(note.read_at, office_name(note.office) or say("本人或系统"), purpose, facts, href)


def _named(attributes: tuple[str, ...], dictionary: Dictionary) -> str:
    return say("、").join(dictionary.named(one, spoken()) for one in attributes)


def consents_page(
    person: Person, sent: Mapping[str, str], chosen: frozenset[str], faults: Mapping[str, str], host: str
) -> ConsentsPage:
    """The consents of the chosen subject; `sent` and `chosen` are what was typed into the form that gives one."""
    if person.subject is None:
        return ConsentsPage(None, (), (), (), (), "", (), "", platform_lines(person))
    dictionary, as_of = catalogue.root().dictionary, person.as_of
    lines = [_line(one, person.subject, dictionary, host, as_of) for one in consenting.consents_of(person.subject.id)]
    days = sent.get("days", "30")
    choices = tuple(Choice(str(n), say(words), str(n) == days) for n, words in DAYS.items())
    questions = (
        Question("receiver", say("给谁看"), "text", say("单位或人的名称，比如哪家银行的哪个网点。"), "", (),
                 sent.get("receiver", ""), faults.get("receiver", "")),
        Question("purpose", say("做什么用"), "text", "", "", (), sent.get("purpose", ""), faults.get("purpose", "")),
        Question("days", say("看到哪天为止"), "choice", say("随时可以提前撤回。"), "", choices, days,
                 faults.get("days", "")),
    )  # fmt: skip
    return ConsentsPage(
        subject=_head(person),
        holding=tuple(one for one in lines if one.holds),
        ended=tuple(one for one in lines if not one.holds),
        questions=questions,
        facts=tuple((name, dictionary.named(name, spoken()), name in chosen) for name in shareable(person)),
        submission=new_id("consent"),
        faults=tuple(Fault(name, words) for name, words in faults.items()),
        facts_fault=faults.get("attributes", ""),
        platforms=platform_lines(person),
    )


def shareable(person: Person) -> tuple[str, ...]:
    """The attributes that are known of the chosen subject and can be shown to somebody."""
    if person.subject is None:
        return ()
    dictionary = catalogue.root().dictionary
    known = registry.facts_of(person.subject.id, scope=person.scope, as_of=person.as_of)
    names = {key.attribute for key in known if key.attribute in dictionary.attributes and key.attribute != OWN_PAST}
    return tuple(sorted(names, key=lambda name: dictionary.named(name, spoken())))


def _line(one: ConsentRecord, subject: SubjectRecord, words: Dictionary, host: str, as_of: datetime) -> ConsentLine:
    notes = registry.access_notes(subject.id, scope=Scope.own(frozenset({subject.id}), "own"))
    return ConsentLine(
        id=one.id,
        receiver=one.receiver,
        purpose=one.purpose,
        facts=_named(one.attributes, words),
        given_at=one.given_at,
        last_on=one.until_on - timedelta(days=1),
        holds=one.holds(as_of),
        withdrawn_at=one.withdrawn_at,
        address=host + reverse("portal:shared", args=[SIGNER.sign(one.id).replace(":", ".")]),
        looks=sum(note.purpose == f"consent:{one.id}" for note in notes),
    )


def shared_page(token: str, as_of: datetime) -> SharedPage:
    """What a consent lets somebody see. Raises ConflictError `no_such_consent` for a token that nobody gave,
    AccessError `consent_over` once the consent is."""
    name, _, seal = token.partition(".")
    try:
        consent_id = SIGNER.unsign(f"{name}:{seal}")
    except BadSignature as error:
        raise ConflictError("no_such_consent", "this address leads to no consent", "ask for it again") from error
    facts = consenting.read(consent_id, as_of=as_of)
    found, dictionary = consenting.consent(consent_id), catalogue.root().dictionary
    subject = registry.subject(found.subject_id, scope=Scope.own(frozenset({found.subject_id}), "own"))
    lines = tuple(fact_words.line(key, facts.known[key], dictionary) for key in sorted(facts.known))
    head = SubjectHead(subject.name, subject.credit_code)
    return SharedPage(head, found.receiver, found.purpose, found.until_on - timedelta(days=1), lines)


def today(as_of: datetime) -> str:
    """The day, for a file's name."""
    return local_date(as_of).isoformat()
