"""The list behind a number of the supervisor's pages: exactly what the number counts, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from zhida.domain.values import Scope, Span, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.services.figures import reading
from zhida.services.figures.keeping import Standing, current
from zhida.services.figures.reading import ItemFace
from zhida.services.inspection.urging import LONGEST, UrgeRecord, is_running, latest_urges
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.standing import (
    ALSO,
    POLICY,
    STAGES,
    Narrowed,
    Places,
    narrowed_scope,
)
from zhida.surfaces.desk.presenters.watching import title_of, where_of
from zhida.surfaces.desk.watch_records import StandingLine, StandingList
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Page
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import in_words, item_href, policy_href, state_of
from zhida.surfaces.look.telling.subjects import masked

PER_PAGE = 50
NAMES = {**STAGES, **ALSO}
Listed = tuple[tuple[StandingLine, ...], str]
"""The lines of a page, and what the page after it begins after ("" where there is none)."""


@dataclass(frozen=True)
class Asked:
    """What a list is read for: the tally whose number it stands behind, and what it is narrowed to."""

    stage: str
    tally: Standing
    scope: Scope
    narrowed: Narrowed
    after: str
    as_of: datetime


def standing_list(
    officer: Officer, stage: str, narrowed: Narrowed, number: int, as_of: datetime, after: str = ""
) -> StandingList:
    """One page of what stands at a stage of `NAMES`, after the entry that ended the page before it; its total is the
    number that led here, as of when it was counted."""
    tally, scope = current(as_of), narrowed_scope(officer, Places(officer, narrowed, as_of))
    asked = Asked(stage, tally, scope, narrowed, after, as_of)
    if stage in POLICY:
        lines, last = _policies(asked)
    elif stage in ("matched", "told"):
        lines, last = _entitled(asked)
    else:
        lines, last = _cases(asked)
    total = reading.total(reading.sums_by("office", tally, scope=scope, **narrowed.only).values())[stage]
    number = max(1, number) if after else 1
    return StandingList(
        as_of=tally.as_of,
        stage=stage,
        name=say(NAMES[stage]),
        total=total,
        where=where_of(narrowed, reading.faces(tally, [narrowed.item])),
        lines=lines,
        page=Page(
            number,
            max(number + bool(last), ceil(total / PER_PAGE)),
            narrowed.href(stage) if after else "",
            narrowed.href(stage, page=str(number + 1), after=last) if last else "",
        ),
        back=narrowed.href(),
        urge=urge_act() if stage in ("running", "late") and lines and officer.role == "supervisor" else None,
    )


def urge_act() -> Act:
    """Urging the offices over the cases that are ticked."""
    hint = say("承办部门在待办里看到，并要答复；督办记入账本。")
    return Act("urge", say("督办选中的"), hint, "act", say("督办的理由，不超过 {n} 字", n=LONGEST))


def _policies(asked: Asked) -> Listed:
    found = reading.faces_of(
        asked.stage, asked.tally, scope=asked.scope, **asked.narrowed.only, on=local_date(asked.as_of),
        after=asked.after, most=PER_PAGE + 1,
    )  # fmt: skip
    shown = found[:PER_PAGE]
    titles = {face.pack: in_words(face.title_zh, face.title_en) for face in shown}
    if asked.stage == "issued":
        named = catalogue.policies(as_of=asked.as_of, pack_ids=set(titles))
        titles |= {one.pack_id: in_words(one.title_zh, one.title_en) for one in named}
    return tuple(_policy_line(face, titles, asked) for face in shown), shown[-1].item if len(found) > PER_PAGE else ""


def _policy_line(face: ItemFace, titles: Mapping[str, Text], asked: Asked) -> StandingLine:
    is_policy = asked.stage == "issued"
    title = titles[face.pack] if is_policy else in_words(face.title_zh, face.title_en)
    href = policy_href(face.pack) if is_policy else item_href(face.item)
    state = state_of(Span(face.opens_on, face.closes_on), local_date(asked.as_of))[1]
    names = (office_name(face.office), region_name(face.region))
    return StandingLine(face.item, title, href, "", *names, state, None, "", False, "")


def _entitled(asked: Asked) -> Listed:
    """Subjects by item; `after` is an item and the subject of it."""
    start, _, subject = asked.after.partition("~")
    items = reading.items_with(
        asked.stage, asked.tally, scope=asked.scope, **asked.narrowed.only, since=start, most=PER_PAGE + 1
    )
    pairs: list[tuple[str, str]] = []
    for item in items:
        if len(pairs) <= PER_PAGE:
            wanted = PER_PAGE + 1 - len(pairs)
            pairs += [(item, one) for one in _subjects(asked, item, subject if item == start else "", wanted)]
    shown = pairs[:PER_PAGE]
    known = registry.subjects([one for _, one in shown], scope=asked.scope)
    faces = reading.faces(asked.tally, {item for item, _ in shown})
    lines = tuple(
        StandingLine(
            "", title_of(item, faces), item_href(item), _who(known.get(one)),
            office_name(faces[item].office if item in faces else ""),
            region_name(known[one].region) if one in known else "",
            say(NAMES[asked.stage]), None, "", False, "",
        )
        for item, one in shown
    )  # fmt: skip
    return lines, "~".join(shown[-1]) if len(pairs) > PER_PAGE else ""


def _subjects(asked: Asked, item: str, after: str, limit: int) -> Sequence[str]:
    if asked.stage == "told":
        return [one for one in notices.told_of(item, scope=asked.scope) if one > after][:limit]
    if (run := entitlements.latest_run()) is None:
        return ()
    found = entitlements.results_of_item(run.id, item, scope=asked.scope, only_entitled=True, after=after, limit=limit)
    return [result.subject_id for result in found]


def _cases(asked: Asked) -> Listed:
    only, today = {name: value for name, value in asked.narrowed.only.items() if value}, local_date(asked.as_of)
    found = cases.at_stage(asked.stage, scope=asked.scope, today=today, after=asked.after, limit=PER_PAGE + 1, **only)
    shown = found[:PER_PAGE]
    known = registry.subjects([case.subject_id for case in shown], scope=asked.scope)
    urged = latest_urges([case.id for case in shown])
    titles = reading.faces(asked.tally, {case.item for case in shown})
    lines = (_case_line(case, known.get(case.subject_id), titles, urged.get(case.id), asked.as_of) for case in shown)
    return tuple(lines), shown[-1].id if len(found) > PER_PAGE else ""


def _case_line(
    case: CaseRecord,
    who: SubjectRecord | None,
    titles: Mapping[str, ItemFace],
    urged: UrgeRecord | None,
    as_of: datetime,
) -> StandingLine:
    today = local_date(as_of)
    due = case.due_on if is_running(case) else None
    return StandingLine(
        case.id,
        title_of(case.item, titles),
        item_href(case.item),
        _who(who),
        office_name(case.office),
        region_name(case.region),
        case_words.state_words(case)[1],
        due,
        case_words.due_words(due, today, offices.calendar()) if due else "",
        bool(due and due < today),
        urge_words(urged),
    )


def urge_words(urged: UrgeRecord | None) -> str:
    """When a case was urged, and what was answered; empty where it was not."""
    if urged is None:
        return ""
    on = local_date(urged.urged_at).isoformat()
    return say("{date}答复：{answer}", date=on, answer=urged.answer) if urged.answer else say("{date}督办", date=on)


def _who(subject: SubjectRecord | None) -> str:
    return masked(subject) if subject else ""
