"""Limits of signing: what holds now, what somebody proposed and would change, and what became of earlier proposals."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.domain.values import new_id, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import queries as funds
from zhida.services.controls.limits import (
    DAY,
    DUTIES,
    SIGNATURE,
    LimitChangeRecord,
    LimitRecord,
    limit_changes,
    limits_in_force,
)
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card, LimitLine, LimitPage, Past
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.facts import hrefs_naming
from zhida.surfaces.desk.presenters.lines import names_of_lines
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question, told
from zhida.surfaces.look.telling.offices import ROLE_NAMES

PROPOSERS, CONFIRMERS = (*DUTIES, "operator"), ("checker", "releaser")
CONFIRM, WITHDRAW = "confirm-", "withdraw-"
PER = {SIGNATURE: "一次签的", DAY: "一人一天签的合计"}
_KINDS = ("funds.limit_set", "funds.limit_withdrawn", "funds.limit_proposed")


def limit_page(officer: Officer) -> LimitPage:
    """The limits of the officer's lines and of all lines, with what waits for a second person."""
    named = {"": say("没有单列的全部预算"), **names_of_lines(officer.scope)}
    in_force = [one for one in limits_in_force() if one.line in named]
    changes = [one for one in limit_changes(is_open=False) if one.line in named]
    people = accounts.names_of({one.maker for one in changes})
    facts = hrefs_naming("change", _KINDS, officer)
    waiting = [one for one in changes if one.checker is None and one.withdrawn_at is None]
    return LimitPage(
        headline=_headline(len(in_force), len(waiting)),
        limits=tuple(
            LimitLine(say(ROLE_NAMES[one.duty]), named[one.line], one.up_to_fen, say(PER[one.per])) for one in in_force
        ),
        cards=tuple(_card(one, in_force, named, people, facts, officer) for one in waiting),
        acts=(_proposing(named, officer),) if officer.role in PROPOSERS else (),
        past=tuple(_past(one, named, people, facts) for one in changes if one not in waiting),
    )


def _headline(count: int, waiting: int) -> str:
    if waiting:
        return say("{n} 项限额等第二人确认", n=waiting)
    return say("{n} 项签字限额", n=count) if count else say("还没有签字限额，签多少都可以")


def _card(
    one: LimitChangeRecord,
    in_force: list[LimitRecord],
    named: Mapping[str, str],
    people: Mapping[str, str],
    facts: Mapping[str, str],
    officer: Officer,
) -> Card:
    now = {(each.line, each.duty): each.up_to_fen for each in in_force if each.per == one.per}
    before = now.get((one.line, one.duty))
    stopped = _stopped(one, now, officer)
    stops = say("{n} 批等这项职责签的，会签不下去", n=stopped) if stopped else say("没有等签的受影响")
    return Card(
        title=say("{duty}，{line}", duty=say(ROLE_NAMES[one.duty]), line=named[one.line]),
        rows=told(
            (say("限什么"), say(PER[one.per])),
            (say("现在"), _amount(before)),
            (say("确认后"), _amount(one.up_to_fen)),
            (say("会拦住"), "" if one.per == DAY else stops),
            (say("理由"), one.reason),
            (say("谁提的"), people.get(one.maker, "")),
        ),
        acts=_acts(one, officer),
        next_words=say("等复核或放行确认：不能是提出的人，也不能是这项职责自己。"),
        fact=facts.get(one.id, ""),
    )


def _amount(fen: int | None) -> str:
    return say("不限") if fen is None else say("{value} 元", value=yuan(fen))


def _stopped(one: LimitChangeRecord, now: Mapping[tuple[str, str], int], officer: Officer) -> int:
    """How many open batches wait for this duty and would be above the limit."""
    if one.up_to_fen is None or one.per == DAY:
        return 0
    found = funds.batches(scope=officer.scope)
    of_duty = [each for each in found if one.duty == ("releaser" if each.checker else "checker")]
    meant = [each for each in of_duty if each.line == one.line or not (one.line or (each.line, one.duty) in now)]
    return sum(each.total_fen > one.up_to_fen for each in meant)


def _acts(one: LimitChangeRecord, officer: Officer) -> tuple[Act, ...]:
    acts = []
    if officer.role in CONFIRMERS and officer.role != one.duty and officer.account != one.maker:
        acts.append(Act(f"{CONFIRM}{one.id}", say("确认这个限额"), say("当时生效，账本记下两个人。"), "act"))
    if officer.role in PROPOSERS:
        acts.append(Act(f"{WITHDRAW}{one.id}", say("撤回这一项")))
    return tuple(acts)


def _proposing(named: Mapping[str, str], officer: Officer) -> Act:
    blank = Choice("", say("请选择"), is_chosen=True)
    duties = [Choice(duty, say(ROLE_NAMES[duty])) for duty in DUTIES if duty != officer.role]
    lines = [Choice(line, words) for line, words in named.items()]
    questions = (
        Question("duty", say("哪项职责"), "select", choices=(blank, *duties)),
        Question("line", say("哪条预算"), "select", choices=tuple(lines)),
        Question("per", say("限什么"), "select", choices=tuple(Choice(per, say(words)) for per, words in PER.items())),
        Question("up_to", say("最多签"), "number", say("空着表示不再限"), say("元"), is_optional=True),
    )
    hint = say("提出之后不变，等第二人确认才生效；自己的职责不能自己定。")
    return Act("propose", say("提出，等第二人确认"), hint, "", say("为什么"), questions, token=new_id("limit"))


def _past(
    one: LimitChangeRecord, named: Mapping[str, str], people: Mapping[str, str], facts: Mapping[str, str]
) -> Past:
    state, words = ("no", say("撤回了")) if one.withdrawn_at else ("yes", say("已生效"))
    what = say("{duty}，{line}，{per}", duty=say(ROLE_NAMES[one.duty]), line=named[one.line], per=say(PER[one.per]))
    return Past(what, one.up_to_fen, people.get(one.maker, ""), one.made_at, state, words, facts.get(one.id, ""))
