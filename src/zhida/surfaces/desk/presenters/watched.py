"""The list behind a number of the supervisor's pages: exactly what the number counts, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil

from zhida.domain.values import Scope, local_date
from zhida.kernel.cases import queries as cases
from zhida.kernel.cases.records import CaseRecord
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.catalogue.records import ItemCard
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.notices import queries as notices
from zhida.kernel.offices import queries as offices
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import SubjectRecord
from zhida.services.inspection.urging import LONGEST, UrgeRecord, is_running, latest_urges
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.standing import (
    ALSO,
    POLICY,
    STAGES,
    Narrowed,
    Places,
    cards,
    cells,
    narrowed_scope,
)
from zhida.surfaces.desk.presenters.watching import where_of
from zhida.surfaces.desk.watch_records import StandingLine, StandingList
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import Page
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import office_name, region_name
from zhida.surfaces.look.telling.policies import in_words, item_href, policy_href, state_of, window_of
from zhida.surfaces.look.telling.subjects import masked

PER_PAGE = 50
NAMES = {**STAGES, **ALSO}
Listed = tuple[int, int, tuple[StandingLine, ...]]
"""How many there are in all, which page of them, and its lines."""


def standing_list(officer: Officer, stage: str, narrowed: Narrowed, number: int, as_of: datetime) -> StandingList:
    """One page of what stands at a stage of `NAMES`; its total is the number that led here."""
    scope = narrowed_scope(officer, Places(officer, narrowed, as_of))
    titles = {card.item_id: in_words(card.title_zh, card.title_en) for card in catalogue.item_cards(as_of=as_of)}
    if stage in POLICY:
        total, here, lines = _policies(stage, scope, narrowed, number, as_of)
    elif stage in ("matched", "told"):
        total, here, lines = _entitled(stage, scope, narrowed, number, titles, as_of)
    else:
        total, here, lines = _cases(stage, scope, narrowed, number, titles, as_of)
    count = max(1, ceil(total / PER_PAGE))
    at = narrowed.href(stage)
    before, after = (f"{at}&page={here - 1}" if here > 1 else "", f"{at}&page={here + 1}" if here < count else "")
    return StandingList(
        stage=stage,
        name=say(NAMES[stage]),
        total=total,
        where=where_of(narrowed, titles),
        lines=lines,
        page=Page(here, count, before, after),
        back=narrowed.href(),
        urge=urge_act() if stage in ("running", "late") and lines and officer.role == "supervisor" else None,
    )


def urge_act() -> Act:
    """Urging the offices over the cases that are ticked."""
    hint = say("承办部门在待办里看到，并要答复；督办记入账本。")
    return Act("urge", say("督办选中的"), hint, "act", say("督办的理由，不超过 {n} 字", n=LONGEST))


def _turned(number: int, total: int) -> int:
    """The page that is there."""
    return min(max(1, number), max(1, ceil(total / PER_PAGE)))


def _policies(stage: str, scope: Scope, narrowed: Narrowed, number: int, as_of: datetime) -> Listed:
    mine, today = cards(scope, narrowed, as_of), local_date(as_of)
    if stage == "open":
        mine = tuple(card for card in mine if state_of(window_of(card), today)[0] == "yes")
    if stage == "issued":
        mine = tuple({card.pack_id: card for card in reversed(mine)}.values())
    here = _turned(number, len(mine))
    shown = mine[(here - 1) * PER_PAGE : here * PER_PAGE]
    return len(mine), here, tuple(_policy_line(card, stage, as_of) for card in shown)


def _policy_line(card: ItemCard, stage: str, as_of: datetime) -> StandingLine:
    if stage == "issued":
        record = catalogue.revision_record(card.revision_id)
        title, href = in_words(record.title_zh, record.title_en), policy_href(card.pack_id)
    else:
        title, href = in_words(card.title_zh, card.title_en), item_href(card.item_id)
    state = state_of(window_of(card), local_date(as_of))[1]
    names = (office_name(card.owner_office), region_name(card.region))
    return StandingLine(card.item_id, title, href, "", *names, state, None, "", False, "")


def _entitled(
    stage: str, scope: Scope, narrowed: Narrowed, number: int, titles: Mapping[str, Text], as_of: datetime
) -> Listed:
    """Subjects by item: each item's page is read only where this page meets it."""
    per_item: dict[str, int] = {}
    owners: dict[str, str] = {}
    for cell in cells(scope, narrowed, as_of):
        per_item[cell.item] = per_item.get(cell.item, 0) + cell.counts.get(stage, 0)
        owners[cell.item] = cell.office
    total = sum(per_item.values())
    here = _turned(number, total)
    first, last, reached = (here - 1) * PER_PAGE, here * PER_PAGE, 0
    pairs: list[tuple[str, str]] = []
    for item, count in sorted(per_item.items()):
        start, end = max(0, first - reached), min(count, last - reached)
        if start < end:
            pairs += [(item, subject) for subject in _subjects(stage, item, scope, end)[start:end]]
        reached += count
    known = registry.subjects([subject for _, subject in pairs], scope=scope)
    lines = tuple(
        StandingLine(
            "", titles.get(item, Text(item, "en")), item_href(item), _who(known.get(subject)),
            office_name(owners[item]), region_name(known[subject].region) if subject in known else "",
            say(NAMES[stage]), None, "", False, "",
        )
        for item, subject in pairs
    )  # fmt: skip
    return total, here, lines


def _subjects(stage: str, item: str, scope: Scope, limit: int) -> Sequence[str]:
    if stage == "told":
        return notices.told_of(item, scope=scope)
    run = entitlements.latest_run()
    found = entitlements.results_of_item(run.id, item, scope=scope, only_entitled=True, limit=limit) if run else ()
    return [result.subject_id for result in found]


def _cases(
    stage: str, scope: Scope, narrowed: Narrowed, number: int, titles: Mapping[str, Text], as_of: datetime
) -> Listed:
    only = {name: value for name, value in (("item", narrowed.item), ("office", narrowed.office)) if value}
    today = local_date(as_of)
    start = (max(1, number) - 1) * PER_PAGE
    total, found = cases.at_stage(stage, scope=scope, today=today, start=start, limit=PER_PAGE, **only)
    here = _turned(number, total)
    if not found and total:
        _, found = cases.at_stage(stage, scope=scope, today=today, start=(here - 1) * PER_PAGE, limit=PER_PAGE, **only)
    known = registry.subjects([case.subject_id for case in found], scope=scope)
    urged = latest_urges([case.id for case in found])
    lines = (_case_line(case, known.get(case.subject_id), titles, urged.get(case.id), as_of) for case in found)
    return total, here, tuple(lines)


def _case_line(
    case: CaseRecord, who: SubjectRecord | None, titles: Mapping[str, Text], urged: UrgeRecord | None, as_of: datetime
) -> StandingLine:
    today = local_date(as_of)
    due = case.due_on if is_running(case) else None
    return StandingLine(
        case.id,
        titles.get(case.item, Text(case.item, "en")),
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
