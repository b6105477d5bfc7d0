"""The auditor's search: who did what, when, for which office, each line with its proof; the same as a table file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from zhida.domain.rules import FactType
from zhida.domain.values import CHINA, safe_cell
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.queries import RecordedFact
from zhida.kernel.ledger.search import LOOKED_AT, Found, Wanted, search
from zhida.surfaces.desk.audit_records import EntryLine, LedgerDesk
from zhida.surfaces.desk.presenters.fields import about_href, about_words, field_words
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Facet, FacetGroup, Fault, Question
from zhida.surfaces.look.telling import cases as case_words
from zhida.surfaces.look.telling.offices import ROLE_NAMES, office_name

PER_PAGE, MOST_ROWS, MOST_LOOKS, LONGEST = 50, 5_000, 10, 80
OFTEN = ("case.decided", "funds.instructed", "funds.settled", "funds.returned", "funds.batch_released",
         "funds.finding_closed", "facts.read", "account.registered", "pack.published")  # fmt: skip
DAY = FactType("day", "date")
_FIELDS = ("kind", "q", "who", "office", "since", "until")


def wanted_of(asked: QueryDict) -> tuple[Wanted, tuple[Fault, ...]]:
    """The search that an address asks for, and what in it cannot be."""
    faults: list[Fault] = []
    days: dict[str, date] = {}
    for name in ("since", "until"):
        try:
            if text := asked.get(name, "").strip():
                days[name] = taken(text, DAY)
        except NotTaken as refused:
            faults.append(Fault(name, refused.words))
    login = asked.get("who", "").strip()
    account = accounts.account_named(login) if login and not login.startswith("account_") else None
    if login and account is None and not login.startswith("account_"):
        faults.append(Fault("who", say("没有这个登录名")))
    wanted = Wanted(
        kind=asked.get("kind", ""),
        about=asked.get("q", "").strip(),
        account=account.id if account else login,
        office=asked.get("office", ""),
        since=_start(days.get("since")),
        until=_start(days["until"] + timedelta(days=1)) if "until" in days else None,
    )
    return wanted, tuple(faults)


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, CHINA) if day else None


def ledger_desk(asked: QueryDict) -> tuple[LedgerDesk, tuple[Fault, ...]]:
    """The facts that answer a search, with what cannot be searched."""
    wanted, faults = wanted_of(asked)
    is_searched = any(wanted) and not faults
    found, reached = search(wanted, before=asked.get("before", ""), limit=PER_PAGE) if is_searched else Found((), "")
    standing, page = ledger.standing(), reverse("desk:ledger")
    given = {name: asked[name] for name in _FIELDS if asked.get(name)}
    earlier = reached or (found[-1].id if len(found) == PER_PAGE else "")
    more = f"{page}?{urlencode({**given, 'before': earlier})}" if earlier else ""
    kinds = tuple(
        Facet(case_words.event_words(one), f"{page}?{urlencode({'kind': one})}", is_chosen=one == wanted.kind)
        for one in OFTEN
    )
    desk = LedgerDesk(
        entries=standing.entries,
        leaves=standing.leaves,
        sealed_at=standing.sealed_at,
        questions=_questions(asked, {fault.field: fault.words for fault in faults}),
        searched=is_searched,
        bound=_bound(reached),
        lines=entry_lines(found, standing.sealed_size or 0),
        kinds=FacetGroup(say("常查的"), kinds),
        earlier=more,
        export=f"{reverse('desk:facts_file')}?{urlencode(given)}" if found else "",
    )
    return desk, faults


def _bound(reached: str) -> str:
    """How far back a search looked that no index answers whole; empty where it looked through everything."""
    if not reached:
        return ""
    at = ledger.entry(reached).at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return say("经办人、部门和日期没有索引：这次看过 {n} 条，到 {at} 为止。", n=f"{LOOKED_AT:,}", at=at)


def _questions(asked: QueryDict, wrong: Mapping[str, str]) -> tuple[Question, ...]:
    offices = catalogue.root().dictionary.offices
    places = [Choice("", say("全部部门"), not asked.get("office"))]
    places += [Choice(slug, office_name(slug), asked.get("office") == slug) for slug in offices]
    kinds = [Choice("", say("全部"), not asked.get("kind"))]
    kinds += [Choice(one, say(words), asked.get("kind") == one) for one, words in sorted(case_words.EVENTS.items())]
    about = say("办件号、主体号、付款号或事实号")
    return (
        Question("q", say("关于"), "text", about, value=asked.get("q", "")),
        Question("kind", say("事实"), "select", choices=tuple(kinds)),
        Question("who", say("经办人"), "text", say("登录名"), value=asked.get("who", ""), fault=wrong.get("who", "")),
        Question("office", say("部门"), "select", choices=tuple(places)),
        Question("since", say("从哪天起"), "date", value=asked.get("since", ""), fault=wrong.get("since", "")),
        Question("until", say("到哪天为止"), "date", value=asked.get("until", ""), fault=wrong.get("until", "")),
    )


def entry_lines(found: Iterable[RecordedFact], sealed_size: int) -> tuple[EntryLine, ...]:
    """Facts as a table shows them; the proof is there once a signed head covers the fact."""
    facts = list(found)
    doers = {fact.id: doer_of(fact) for fact in facts}
    names = accounts.names_of({doer.get("account", "") for doer in doers.values()})
    return tuple(_line(fact, doers[fact.id], names, sealed_size) for fact in facts)


def doer_of(fact: RecordedFact) -> dict[str, str]:
    """Who acted: account, duty and office, as far as they are still there."""
    by = fact.fields.get("by")
    return {name: str(value) for name, value in by.items()} if isinstance(by, dict) else {}


def _line(fact: RecordedFact, doer: Mapping[str, str], names: Mapping[str, str], sealed_size: int) -> EntryLine:
    shown = {name: value for name, value in fact.fields.items() if name != "by"}
    is_sealed = fact.position is not None and fact.position < sealed_size
    account, duty = doer.get("account", ""), doer.get("duty", "")
    return EntryLine(
        id=fact.id,
        position=fact.position + 1 if fact.position is not None else None,
        kind=case_words.event_words(fact.kind),
        code=fact.kind,
        about=fact.about,
        about_kind=about_words(fact.about),
        page=about_href(fact.about),
        at=fact.at,
        who=names.get(account, "") or (say("系统") if account in ("", "system", "treasury") else account),
        duty=say(ROLE_NAMES[duty]) if duty in ROLE_NAMES else "",
        office=office_name(doer.get("office", "")),
        fields=tuple((name, field_words(name), _short(value)) for name, value in sorted(shown.items())),
        href=f"{reverse('desk:ledger')}?{urlencode({'q': fact.about})}",
        proof=reverse("desk:proof", args=[fact.id]) if is_sealed else "",
    )


def _short(value: object) -> str:
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"


def facts_file(asked: QueryDict) -> str:
    """The search as CSV, at most 5,000 lines, in which no cell can be taken for a formula."""
    wanted, _ = wanted_of(asked)
    facts, reached = _many(wanted)
    lines = entry_lines(facts, 0)
    file = io.StringIO()
    out = csv.writer(file)
    heads = ("位置", "时间", "事实", "关于", "经办人", "职责", "部门", "内容", "事实号")
    out.writerow([say(head) for head in heads])
    for line in lines:
        told = "; ".join(f"{name}={value}" for name, _, value in line.fields)
        moment = line.at.astimezone(CHINA).isoformat(timespec="seconds")
        cells = (line.position, moment, line.code, line.about, line.who, line.duty, line.office, told, line.id)
        out.writerow([safe_cell(cell) for cell in cells])
    if reached:
        out.writerow([safe_cell(_bound(reached))])
    return file.getvalue()


def _many(wanted: Wanted) -> tuple[list[RecordedFact], str]:
    """As many facts as a file holds, from at most MOST_LOOKS searches, and where the last of them stopped short."""
    facts: list[RecordedFact] = []
    reached = ""
    for _ in range(MOST_LOOKS):
        found, reached = search(wanted, before=reached, limit=MOST_ROWS - len(facts))
        facts += found
        if not reached:
            break
    return facts, reached
