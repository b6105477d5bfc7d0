"""The operator's pages: what must run and whether it does, who may do what, and the words of notices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from django.urls import reverse

from zhida.domain.values import Scope, local_date
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.notices.templates import TEMPLATES
from zhida.kernel.offices import queries as offices
from zhida.kernel.offices.queries import HeldDuty
from zhida.kernel.outbox import queries as outbox
from zhida.kernel.registry import queries as registry
from zhida.services.feedback import desk as feedback
from zhida.surfaces.desk.officers import PAGES, Officer
from zhida.surfaces.desk.operating_records import (
    DutyLine,
    Light,
    Operations,
    People,
    PersonLine,
    SourceLine,
    TemplateLine,
)
from zhida.surfaces.desk.presenters.parked import parked
from zhida.surfaces.desk.sealing import sealing_notice
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.notices import GAPS, KINDS
from zhida.surfaces.look.telling.offices import ROLE_NAMES, office_name
from zhida.surfaces.look.telling.policies import AUDIENCES
from zhida.surfaces.look.telling.spans import age

OLD = timedelta(days=60)
SLOW = timedelta(minutes=15)
ENDS_SOON = timedelta(days=30)
SMS = 67
"""Signs of one part of a long text message (GSM 03.38, UCS-2)."""


def operations(as_of: datetime) -> Operations:
    """All that must run, the worst first."""
    sources = tuple(sorted(_sources(as_of), key=lambda one: (-one.quarantined, not one.is_old, one.name)))
    queue = outbox.standing(as_of)
    waits = as_of - queue.oldest_due if queue.oldest_due else timedelta()
    lights = [_sealing(as_of), _queue(queue.waiting, waits), _parked(queue.parked), _data(sources), _heard(as_of)]
    wrong = sum(light.mark == "stop" for light in lights)
    headline = say("{n} 处要马上看", n=wrong) if wrong else say("都在正常运行")
    order = {"stop": 0, "near": 1, "yes": 2}
    return Operations(headline, tuple(sorted(lights, key=lambda one: order[one.mark])), sources, parked(as_of))


def _sealing(as_of: datetime) -> Light:
    notice = sealing_notice(as_of)
    if notice is None:
        return Light(say("账本签名"), "yes", say("跟得上"))
    return Light(say("账本签名"), "stop" if notice.stops_paying else "near", notice.headline)


def _queue(waiting: int, waits: timedelta) -> Light:
    words = say("{n} 条等着送出", n=waiting)
    if waits > SLOW:
        return Light(
            say("消息队列"), "stop", words + say("，最早的等了 {since}", since=age(int(waits.total_seconds() // 60)))
        )
    return Light(say("消息队列"), "yes", words)


def _parked(count: int) -> Light:
    mark = "stop" if count else "yes"
    return Light(say("送不出去的"), mark, say("{n} 条", n=count), "#stuck" if count else "", say("去处理"))


def _data(sources: Iterable[SourceLine]) -> Light:
    every = list(sources)
    old, wrong = sum(one.is_old for one in every), sum(one.quarantined for one in every)
    mark = "near" if old or wrong else "yes"
    words = say("{n} 个来源，{old} 个超过 60 天没有报，{wrong} 行没有收下", n=len(every), old=old, wrong=wrong)
    return Light(say("数据来源"), mark if every else "near", words, "#sources" if every else "", say("看来源"))


def _heard(as_of: datetime) -> Light:
    waiting = feedback.messages_at(None, is_open=True, limit=200)
    late = sum(one.due_on < local_date(as_of) for one in waiting)
    mark = "stop" if late else "near" if waiting else "yes"
    words = say("{n} 条等答复，{late} 条超期", n=len(waiting), late=late)
    return Light(say("意见反馈"), mark, words, reverse("desk:feedback"), say("去答复"))


def _sources(as_of: datetime) -> Iterable[SourceLine]:
    """The latest batch of each source and kind of subject."""
    seen: set[tuple[str, str]] = set()
    for fact in ledger.entries_of_kind("attributes.received", limit=500):
        key = (str(fact.fields.get("source", "")), str(fact.fields.get("subjects", "")))
        if key in seen:
            continue
        seen.add(key)
        observed = str(fact.fields.get("observed_on", ""))
        old = local_date(as_of) - date.fromisoformat(observed) if observed else OLD
        report = registry.batch_report(fact.about)
        yield SourceLine(
            office_name(key[0]), say(AUDIENCES.get(key[1], key[1])), observed, say("{n} 天前", n=old.days), old > OLD,
            report.read, report.quarantined, fact.about,
        )  # fmt: skip


def people(officer: Officer, as_of: datetime) -> People:
    """The scope's duties by account; accounts of the installation that hold no duty and no mandate."""
    held = offices.duties_at(officer.scope, as_of)
    by_account: dict[str, list[HeldDuty]] = {}
    for duty in held:
        by_account.setdefault(duty.account, []).append(duty)
    every = accounts.active_accounts()
    logins = {one.id: one for one in every}
    today = local_date(as_of)
    lines = [
        PersonLine(
            logins[account].login_name if account in logins else account,
            logins[account].name if account in logins else "",
            tuple(_duty(one, officer, today) for one in duties),
        )
        for account, duties in by_account.items()
    ]
    everywhere = {one.account for one in offices.duties_at(Scope.system("orphan accounts"), as_of)}
    orphans = [one for one in every if one.id not in everywhere and not offices.mandates(one.id, as_of)]
    roles = tuple(ROLE_NAMES)
    matrix = tuple((say(label), tuple(role in needed for role in roles)) for _, label, needed in PAGES)
    return People(
        tuple(sorted(lines, key=lambda line: line.login)),
        tuple(say(ROLE_NAMES[role]) for role in roles),
        matrix,
        tuple((one.login_name, one.name) for one in orphans[:50]),
        len(orphans),
    )


def _duty(one: HeldDuty, officer: Officer, today: date) -> DutyLine:
    soon = one.valid_to is not None and one.valid_to - today <= ENDS_SOON
    may_end = one.account != officer.account and one.valid_from is not None and one.valid_from < today
    return DutyLine(
        one.id, office_name(one.office), say(ROLE_NAMES.get(one.role, one.role)), one.valid_to, soon, may_end
    )


def templates() -> tuple[TemplateLine, ...]:
    """Every notice in the order of a claim's way, its gaps in square brackets."""
    return tuple(
        TemplateLine(
            say(KINDS[name]),
            *(_gapped(text, GAPS) for text in (words.title_zh, words.body_zh)),
            *(_gapped(text, {}) for text in (words.title_en, words.body_en)),
            -(-len(words.body_zh) // SMS),
        )
        for name, words in TEMPLATES.items()
    )


def _gapped(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda gap: f"〔{names.get(gap[1], gap[1].replace('_', ' '))}〕", text)
