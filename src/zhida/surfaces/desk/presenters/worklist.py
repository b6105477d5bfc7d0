"""What waits for an officer: by deadline and risk, narrowed by filters that count what they show; kinds to batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse

from zhida.domain.process import WorkCalendar
from zhida.domain.values import local_date
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord, StepRecord
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
BATCH_FROM = 2
BY_PERSONS = ("evidenced", "judged")
STANDS: Mapping[str, str] = {"late": "超期", "soon": "三个工作日内", "urged": "督办", "risky": "有风险"}
RISKS: Mapping[str, str] = {"account": "换过账户", "objection": "有异议"}


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

    def takes(self, line: WorkLine, but: str = "") -> bool:
        """Whether a line is wanted, one of the narrowings left out."""
        is_item = but == "item" or self.item in ("", line.kind[0])
        is_step = but == "step" or self.step in ("", line.kind[2])
        return is_item and is_step and (but == "stand" or _stands(line, self.stand))


def _stands(line: WorkLine, stand: str) -> bool:
    is_so = {"late": line.is_late, "soon": line.is_soon, "urged": line.is_urged, "risky": bool(line.risks)}
    return is_so.get(stand, True)


def work_list(officer: Officer, wanted: Wanted, page: int, as_of: datetime) -> WorkList:
    """What waits for the officer's offices, by deadline, then risk; a text finds cases of the scope."""
    urges = _urges(officer)
    lines = all_lines(officer, wanted.text, {one.case for one in urges}, as_of)
    fit = [line for line in lines if wanted.takes(line)]
    count = max(1, ceil(len(fit) / PER_PAGE))
    number = min(max(1, page), count)
    at = f"?{wanted.query()}&page=" if wanted.query() else "?page="
    before, after = (f"{at}{number - 1}" if number > 1 else "", f"{at}{number + 1}" if number < count else "")
    shown = fit[(number - 1) * PER_PAGE : number * PER_PAGE]
    return WorkList(
        tuple(shown),
        len(fit),
        sum(line.is_late for line in fit),
        sum(line.is_soon for line in fit),
        tuple(_groups(lines, wanted)),
        Page(number, count, before, after),
        urges,
        wanted.query(),
        filters_of(officer.account),
        tuple(_batches(fit)),
        waiting_batches(officer.account),
    )


def next_of(officer: Officer, case_id: str, as_of: datetime) -> str:
    """The case that comes after this one in the officer's list, the first where it is the last or not in it."""
    ids = [line.number for line in all_lines(officer, "", frozenset(), as_of)]
    others = [number for number in ids if number != case_id]
    if not others:
        return ""
    place = ids.index(case_id) if case_id in ids else 0
    return others[place % len(others)]


def all_lines(officer: Officer, text: str, urged: set[str] | frozenset[str], as_of: datetime) -> list[WorkLine]:
    """Every line, in order, but those the officer stands aside from; at most a thousand an office."""
    today, calendar = local_date(as_of), offices.calendar()
    found: list[tuple[CaseRecord, StepRecord | None]]
    if text:
        found = [(case, None) for case in cases.cases(scope=officer.scope, limit=500)]
    else:
        each = (cases.worklist(office=office, scope=officer.scope, limit=1000) for office in officer.offices)
        found = [one for part in each for one in part]
    apart = apart_from(officer.account, as_of=as_of)
    found = [one for one in found if one[0].subject_id not in apart]
    names = registry.subjects([case.subject_id for case, _ in found], scope=officer.scope)
    if text:
        found = [one for one in found if text in one[0].id or text in name_of(names, one[0])]
    risks = _risks(officer, [case for case, _ in found], today)
    lines = [
        _line(case, step, names, today, calendar, risks.get(case.id, ()), case.id in urged) for case, step in found
    ]
    return sorted(lines, key=lambda line: (line.due_on or date.max, -len(line.risks), line.number))


def _risks(officer: Officer, found: Sequence[CaseRecord], today: date) -> dict[str, tuple[str, ...]]:
    """Why a case wants a second look: its account is not the first one known, or somebody objects."""
    changed = registry.with_changed_account([case.subject_id for case in found], on=today)
    objected = {
        one.case_id for office in officer.offices for one in cases.objections(office=office, scope=officer.scope)
    }
    told = {}
    for case in found:
        is_so = {"account": case.subject_id in changed, "objection": case.id in objected}
        told[case.id] = tuple(say(RISKS[name]) for name, holds in is_so.items() if holds)
    return told


def _groups(lines: Sequence[WorkLine], wanted: Wanted) -> Iterable[FacetGroup]:
    """Ways to narrow the list, each with the count of what it would show."""
    stands = [
        Facet(say(words), f"?{wanted.query(stand='' if wanted.stand == name else name)}",
              sum(wanted.takes(line, "stand") and _stands(line, name) for line in lines), wanted.stand == name)
        for name, words in STANDS.items()
    ]  # fmt: skip
    if first := tuple(facet for facet in stands if facet.count or facet.is_chosen):
        yield FacetGroup(say("先看哪些"), first)
    if lines:
        yield _group(say("事项"), "item", lines, wanted, lambda line: (line.kind[0], str(line.item)))
        yield _group(say("到哪一步"), "step", lines, wanted, lambda line: (line.kind[2], line.step))


def _group(
    name: str, by: str, lines: Sequence[WorkLine], wanted: Wanted, key: Callable[[WorkLine], tuple[str, str]]
) -> FacetGroup:
    counts = Counter(key(line) for line in lines if wanted.takes(line, by))
    chosen = getattr(wanted, by)
    facets = (
        Facet(words, f"?{wanted.query(**{by: '' if value == chosen else value})}", count, value == chosen)
        for (value, words), count in counts.most_common(12)
    )
    return FacetGroup(name, tuple(facets))


def _batches(lines: Sequence[WorkLine]) -> Iterable[Facet]:
    """The kinds of which several wait: same item, same step, same office."""
    counts = Counter((line.kind[0], line.kind[1], line.office, str(line.item), line.step) for line in lines)
    for (item, position, office, title, step), count in counts.most_common(6):
        if count >= BATCH_FROM:
            query = urlencode({"item": item, "position": position, "office": office})
            yield Facet(f"{title}{say('，')}{step}", f"{reverse('desk:together')}?{query}", count)


def name_of(names: Mapping[str, SubjectRecord], case: CaseRecord) -> str:
    """Whose case it is; the id where the scope does not show them."""
    return names[case.subject_id].name if case.subject_id in names else case.subject_id


def _line(
    case: CaseRecord,
    step: StepRecord | None,
    names: Mapping[str, SubjectRecord],
    today: date,
    calendar: WorkCalendar,
    risks: tuple[str, ...],
    is_urged: bool,
) -> WorkLine:
    published = catalogue.pinned_item(case.revision_id, case.item)
    due = cases.due_of(case, step)
    is_late = bool(due and due < today and case.state != "closed")
    return WorkLine(
        number=case.id,
        href=reverse("desk:case", args=[case.id]),
        subject=name_of(names, case),
        item=title_of(published.pack, published.item),
        step=case_words.name_of_step(step, published.pack.process) if step else case_words.state_words(case)[1],
        why=_why(published, step),
        due_on=due,
        due_words=case_words.due_words(due, today, calendar),
        is_late=is_late,
        is_soon=bool(due and not is_late and calendar.working_days_between(today, due) <= SOON),
        is_urged=is_urged,
        risks=risks,
        kind=(case.item, step.position if step else DECISION, step.kind if step else "decide"),
        office=step.office if step else case.office,
    )


def _why(published: PublishedItem, step: StepRecord | None) -> str:
    """Why a person has to look, in one sentence."""
    if step is None:
        return say("审核已经做完，等您决定")
    by_persons = [one for one in published.item.program.requires if one.kind in BY_PERSONS]
    open_ones = [one for one in by_persons if step.may_find_on(one.name)]
    if step.kind == "review" and open_ones:
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
