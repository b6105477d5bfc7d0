"""My home: what I can get, what waits for me, what is running."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.packs import Claim
from zhida.domain.rules import Answer
from zhida.domain.values import CHINA, Facts, Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.credentials import queries as credentials
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.services.drafts import keeping
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import region_name
from zhida.surfaces.look.telling.policies import item_href, title_of
from zhida.surfaces.portal.answering import Answered, answers
from zhida.surfaces.portal.persons import Person, switches
from zhida.surfaces.portal.presenters.entries import entry_of
from zhida.surfaces.portal.presenters.paging import page_of
from zhida.surfaces.portal.records import CaseLine, Entries, MyHome, SubjectHead, ToDo

OPEN = ("draft", "submitted", "in_review", "returned", "decided", "fulfilled")
UNDER_WAY = ("submitted", "in_review", "returned", "decided")
TAKES_PART = (*UNDER_WAY, "fulfilled")


def my_home(person: Person, as_of: datetime, query: Mapping[str, str]) -> MyHome:
    """The page of one account acting for its chosen subject; the address says which page of a long group is shown."""
    unread = notices.unread_count(scope=person.scope, as_of=as_of, account_id=person.account)
    if person.subject is None:
        return MyHome(person.name, None, (), 0, 0, (), Entries(), Entries(), (), unread)
    scope = Scope.own(frozenset({person.subject.id}), "own")
    open_cases = cases.cases(scope=scope, states=OPEN)
    busy = {case.item for case in open_cases if case.state in TAKES_PART}
    facts = entitlements.facts_for(person.subject.id, scope=scope, as_of=as_of)
    found = [one for one in answers(person.subject, facts, as_of) if one.published.item.id not in busy]
    sure = [one for one in found if one.answer is Answer.ENTITLED]
    automatic = [one for one in sure if one.published.item.claim is Claim.AUTOMATIC]
    others = [one for one in sure if one.published.item.claim is not Claim.AUTOMATIC]
    possible = [one for one in found if one.answer is Answer.POSSIBLE]
    todo = (*_returned(open_cases), *_to_confirm(automatic), *_half_filled(person.subject.id, as_of))
    return MyHome(
        name=person.subject.name,
        subject=SubjectHead(person.subject.name, person.subject.credit_code, (region_name(person.subject.region),)),
        others=switches(person),
        count=len(sure),
        total_fen=sum(each.amount_fen or 0 for each in sure),
        todo=todo,
        entitled=_entries(others, "yes", query, facts, as_of),
        possible=_entries(possible, "near", query, facts, as_of),
        cases=tuple(case_line(case, as_of) for case in open_cases if case.state in TAKES_PART),
        unread=unread,
        cards=len(credentials.credentials_of(person.subject.id, scope=scope)),
    )


def _entries(found: Sequence[Answered], name: str, query: Mapping[str, str], facts: Facts, as_of: datetime) -> Entries:
    own, page = page_of(found, name, query)
    return Entries(tuple(entry_of(one.published, one.found, facts, local_date(as_of)) for one in own), len(found), page)


def _returned(open_cases: Iterable[CaseRecord]) -> Iterable[ToDo]:
    for case in open_cases:
        if case.state == "returned":
            yield ToDo(_title(case), say("部门请您补正，补好以后接着办"), reverse("portal:case", args=[case.id]),
                       say("去补正"), None, is_urgent=True)  # fmt: skip


def _half_filled(subject_id: str, as_of: datetime) -> Iterable[ToDo]:
    """Forms that somebody began and did not hand in; those of items that can no longer be claimed are left out."""
    for (_, item_id), kept_at in sorted(keeping.drafts_of([subject_id], as_of=as_of).items()):
        try:
            published = catalogue.item(item_id, as_of=as_of)
        except ConflictError:
            continue
        words = say("填到一半，存到了 {moment}", moment=f"{kept_at.astimezone(CHINA):%m-%d %H:%M}")
        title = title_of(published.pack, published.item)
        yield ToDo(title, words, item_href(item_id, "portal:claim"), say("接着填"))


def _to_confirm(found: Iterable[Answered]) -> Iterable[ToDo]:
    words = say("不用填表，不用材料，点一次确认")
    for one in found:
        item = one.published.item
        title = title_of(one.published.pack, item)
        yield ToDo(title, words, item_href(item.id, "portal:claim"), say("去确认"), one.amount_fen)


def _title(case: CaseRecord) -> Text:
    published = catalogue.pinned_item(case.revision_id, case.item)
    return title_of(published.pack, published.item)


def case_line(case: CaseRecord, as_of: datetime, subject: str = "") -> CaseLine:
    """One case in a list; `subject` says whose it is where the list is of several."""
    mark, words = case_words.state_words(case)
    today = local_date(as_of)
    due = case_words.due_words(case.due_on, today, offices.calendar()) if case.state in UNDER_WAY else ""
    next_words = say("承诺 {date} 办完，{due}", date=case.due_on.isoformat(), due=due) if case.due_on and due else ""
    return CaseLine(
        _title(case),
        reverse("portal:case", args=[case.id]),
        mark,
        words,
        next_words,
        case.submitted_at or case.opened_at,
        case.amount_fen,
        subject,
    )


def my_cases(person: Person, as_of: datetime) -> tuple[CaseLine, ...]:
    """Every case of the account's subjects but the drafts nobody has touched, the latest first."""
    found = cases.cases(scope=person.scope)
    return tuple(case_line(case, as_of, person.told_of(case.subject_id)) for case in found if case.state != "draft")
