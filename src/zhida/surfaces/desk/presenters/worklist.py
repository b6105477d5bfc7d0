"""What waits for an officer: by deadline and risk, narrowed by filters that count what they show; kinds to batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.errors import AccessError
from zhida.domain.process import WorkCalendar
from zhida.domain.values import local_date
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord, Waiting
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import PublishedItem
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.services.controls.kinship import apart_from
from zhida.services.inspection import urging
from zhida.services.worklists.batches import DECISION, waiting_batches
from zhida.services.worklists.filters import filters_of
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.records import UrgeLine, WorkLine, WorkList
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Facet, FacetGroup, Page
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.policies import title_of

PER_PAGE = 50
SOON = 3
MOST = 1_000
BATCH_FROM = 2
BY_PERSONS = ("evidenced", "judged")
STANDS: Mapping[str, str] = {"late": "超期", "soon": "三个工作日内", "urged": "督办", "risky": "有风险"}
RISKS: Mapping[str, str] = {"account": "换过账户", "objection": "有异议"}


@dataclass(frozen=True)
class Entry:
    """What waits, as much as orders, counts and narrows the list: a line is written of those that are shown alone."""

    waits: Waiting
    is_late: bool
    is_soon: bool
    is_urged: bool
    risks: tuple[str, ...]

    @property
    def batch(self) -> tuple[str, int, str]:
        """What is decided together: the item, the position of the step, the office."""
        return self.waits.item, DECISION if self.waits.position is None else self.waits.position, self.waits.office


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to: a text, a standing of `STANDS`, an item, a kind of step; "" is everything."""

    text: str = ""
    stand: str = ""
    item: str = ""
    step: str = ""

    def query(self, **change: str) -> str:
        """The address of the list narrowed so, with changes."""
        names = {"q": "text", "stand": "stand", "item": "item", "step": "step"}
        asked = {short: change.get(name, getattr(self, name)) for short, name in names.items()}
        return urlencode({name: value for name, value in asked.items() if value})

    def takes(self, entry: Entry, but: str = "") -> bool:
        """Whether an entry is wanted, one of the narrowings left out."""
        is_item = but == "item" or self.item in ("", entry.waits.item)
        is_step = but == "step" or self.step in ("", entry.waits.kind)
        return is_item and is_step and (but == "stand" or _stands(entry, self.stand))


def _stands(entry: Entry, stand: str) -> bool:
    is_so = {"late": entry.is_late, "soon": entry.is_soon, "urged": entry.is_urged, "risky": bool(entry.risks)}
    return is_so.get(stand, True)


def work_list(officer: Officer, wanted: Wanted, page: int, as_of: datetime) -> WorkList:
    """What waits for the officer's offices, by deadline, then risk; a text finds cases of the scope."""
    urges, named = _urges(officer), _named(wanted.text, officer) if wanted.text else None
    calendar = offices.calendar()
    waits = _waits(officer) if named is None else list(map(_standing, named.values()))
    entries = entries_of(officer, waits, {one.case for one in urges}, calendar, as_of)
    fit = [entry for entry in entries if wanted.takes(entry)]
    count = max(1, ceil(len(fit) / PER_PAGE))
    number = min(max(1, page), count)
    at = f"?{wanted.query()}&page=" if wanted.query() else "?page="
    before, after = (f"{at}{number - 1}" if number > 1 else "", f"{at}{number + 1}" if number < count else "")
    return WorkList(
        _lines(officer, fit[(number - 1) * PER_PAGE : number * PER_PAGE], named, calendar, as_of),
        len(fit),
        sum(entry.is_late for entry in fit),
        sum(entry.is_soon for entry in fit),
        tuple(_groups(entries, wanted)),
        Page(number, count, before, after),
        urges,
        wanted.query(),
        filters_of(officer.account),
        tuple(_batches(fit)),
        waiting_batches(officer.account),
        is_cut=named is None and not wanted.query() and _is_cut(waits),
    )


def next_of(officer: Officer, case_id: str, as_of: datetime) -> str:
    """The case that comes after this one in the officer's list, the first where it is the last or not in it."""
    ids = [
        entry.waits.case_id for entry in entries_of(officer, _waits(officer), frozenset(), offices.calendar(), as_of)
    ]
    others = [number for number in ids if number != case_id]
    if not others:
        return ""
    place = ids.index(case_id) if case_id in ids else 0
    return others[place % len(others)]


def entries_of(
    officer: Officer,
    waits: Iterable[Waiting],
    urged: set[str] | frozenset[str],
    calendar: WorkCalendar,
    as_of: datetime,
) -> list[Entry]:
    """All that waits, in order, but what the officer stands aside from."""
    apart, today = apart_from(officer.account, as_of=as_of), local_date(as_of)
    found = [one for one in waits if one.subject_id not in apart]
    risks = _risks(officer, found, today)
    soon = _soon({one.due_on for one in found if one.due_on and one.due_on >= today}, today, calendar)
    entries = [
        Entry(one, one.kind != "closed" and bool(one.due_on and one.due_on < today), one.due_on in soon,
              one.case_id in urged, risks.get(one.case_id, ()))
        for one in found
    ]  # fmt: skip
    return sorted(entries, key=lambda one: (one.waits.due_on or date.max, -len(one.risks), one.waits.case_id))


def _waits(officer: Officer) -> list[Waiting]:
    """What waits for the officer's offices, at most MOST steps and MOST decisions an office."""
    each = (cases.waiting(office=office, scope=officer.scope, limit=MOST) for office in officer.offices)
    return [one for part in each for one in part]


def _is_cut(waits: Iterable[Waiting]) -> bool:
    """Whether an office may have more steps or decisions than were read."""
    return max(Counter((one.office, one.position is None) for one in waits).values(), default=0) >= MOST


def _named(text: str, officer: Officer) -> dict[str, CaseRecord]:
    """The case of this number, or the latest ones of those in whose name the text stands, at most 500 of 100 names."""
    try:
        found = [cases.case(text, scope=officer.scope)]
    except AccessError:
        names = [one.id for one in registry.find_by_name(text, scope=officer.scope, limit=100)]
        found = list(cases.cases(scope=officer.scope, subject_id=names, limit=500)) if names else []
    return {case.id: case for case in found}


def _standing(case: CaseRecord) -> Waiting:
    """A case that was looked up: its state stands for the kind of its step."""
    return Waiting(case.id, case.item, case.revision_id, case.subject_id, case.due_on, case.office, None, case.state)


def _soon(days: Iterable[date], today: date, calendar: WorkCalendar) -> frozenset[date]:
    """Those of some days to come that are no more than three working days away."""
    return frozenset(day for day in days if calendar.working_days_between(today, day) <= SOON)


def _risks(officer: Officer, found: Sequence[Waiting], today: date) -> dict[str, tuple[str, ...]]:
    """Why a case wants a second look: its account is not the first one known, or somebody objects."""
    changed = registry.with_changed_account(list({one.subject_id for one in found}), on=today)
    objected = {
        one.case_id for office in officer.offices for one in cases.objections(office=office, scope=officer.scope)
    }
    told = {}
    for one in found:
        is_so = {"account": one.subject_id in changed, "objection": one.case_id in objected}
        told[one.case_id] = tuple(say(RISKS[name]) for name, holds in is_so.items() if holds)
    return told


def _groups(entries: Sequence[Entry], wanted: Wanted) -> Iterable[FacetGroup]:
    """Ways to narrow the list, each with the count of what it would show."""
    stands = [
        Facet(say(words), f"?{wanted.query(stand='' if wanted.stand == name else name)}",
              sum(wanted.takes(entry, "stand") and _stands(entry, name) for entry in entries), wanted.stand == name)
        for name, words in STANDS.items()
    ]  # fmt: skip
    if first := tuple(facet for facet in stands if facet.count or facet.is_chosen):
        yield FacetGroup(say("先看哪些"), first)
    if entries:
        yield _group(say("事项"), "item", entries, wanted, lambda entry: entry.waits.item, _title)
        yield _group(say("到哪一步"), "step", entries, wanted, lambda entry: entry.waits.kind, _kind)


def _group(
    name: str,
    by: str,
    entries: Sequence[Entry],
    wanted: Wanted,
    key: Callable[[Entry], str],
    words: Callable[[Waiting], str],
) -> FacetGroup:
    counts = Counter(key(entry) for entry in entries if wanted.takes(entry, by))
    first = {key(entry): entry.waits for entry in reversed(entries)}
    chosen = getattr(wanted, by)
    facets = (
        Facet(words(first[value]), f"?{wanted.query(**{by: '' if value == chosen else value})}", count, value == chosen)
        for value, count in counts.most_common(12)
    )
    return FacetGroup(name, tuple(facets))


def _title(one: Waiting) -> str:
    published = catalogue.pinned_item(one.revision_id, one.item)
    return str(title_of(published.pack, published.item))


def _kind(one: Waiting) -> str:
    """What a kind of step is called, or where a case stands that has none open."""
    if one.position is not None:
        return case_words.step_name(one.kind)
    return say(case_words.STATES["in_review" if one.kind == "decide" else one.kind][1])


def _batches(entries: Sequence[Entry]) -> Iterable[Facet]:
    """The kinds of which several wait: same item, same step, same office."""
    counts = Counter(entry.batch for entry in entries)
    first = {entry.batch: entry.waits for entry in reversed(entries)}
    for kind, count in counts.most_common(6):
        if count >= BATCH_FROM:
            item, position, office = kind
            query = urlencode({"item": item, "position": position, "office": office})
            words = f"{_title(first[kind])}{say('，')}{_kind(first[kind])}"
            yield Facet(words, f"{reverse('desk:together')}?{query}", count)


def name_of(names: Mapping[str, SubjectRecord], subject_id: str) -> str:
    """Who a subject is; the id where the scope does not show them."""
    return names[subject_id].name if subject_id in names else subject_id


def _lines(
    officer: Officer,
    shown: Sequence[Entry],
    named: Mapping[str, CaseRecord] | None,
    calendar: WorkCalendar,
    as_of: datetime,
) -> tuple[WorkLine, ...]:
    """The lines of a page, in its order."""
    names = registry.subjects([entry.waits.subject_id for entry in shown], scope=officer.scope)
    today = local_date(as_of)
    cases_named = named or {}
    return tuple(_line(entry, cases_named.get(entry.waits.case_id), names, today, calendar) for entry in shown)


def _line(
    entry: Entry, named: CaseRecord | None, names: Mapping[str, SubjectRecord], today: date, calendar: WorkCalendar
) -> WorkLine:
    waits = entry.waits
    published = catalogue.pinned_item(waits.revision_id, waits.item)
    is_step = waits.position is not None
    stands = case_words.state_words(named)[1] if named else _kind(waits)
    return WorkLine(
        href=reverse("desk:case", args=[waits.case_id]),
        subject=name_of(names, waits.subject_id),
        item=title_of(published.pack, published.item),
        step=case_words.name_of_step(waits, published.pack.process) if is_step else stands,
        why=_why(published, waits) if waits.kind not in case_words.STATES else "",
        due_on=waits.due_on,
        due_words=case_words.due_words(waits.due_on, today, calendar),
        is_late=entry.is_late,
        is_urged=entry.is_urged,
        risks=entry.risks,
    )


def _why(published: PublishedItem, waits: Waiting) -> str:
    """Why a person has to look, in one sentence."""
    if waits.position is None:
        return say("审核已经做完，等您决定")
    left = cases.left_to(waits)
    by_persons = [one for one in published.item.program.requires if one.kind in BY_PERSONS]
    open_ones = [one for one in by_persons if not left or one.name in left]
    if waits.kind == "review" and open_ones:
        return say("{n} 条要由人判断", n=len(open_ones))
    return say("这一步由您的部门办")


def _urges(officer: Officer) -> tuple[UrgeLine, ...]:
    """What somebody above urges the officer's offices over, the oldest first."""
    found = urging.urges_waiting(officer.offices)
    names = accounts.names_of({one.urged_by for one in found})
    return tuple(
        UrgeLine(one.id, one.case_id, reverse("desk:case", args=[one.case_id]), one.office, one.reason,
                 names.get(one.urged_by, ""), one.urged_at)
        for one in found
    )  # fmt: skip
