"""Transfers between budget lines: both lines before and after, the three hands, and what became of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from zhida.domain.values import new_id, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import Line
from zhida.services.controls.transfers import TransferRecord, transfers
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card, Past, TransferPage
from zhida.surfaces.desk.officers import MONEY, Officer
from zhida.surfaces.desk.presenters.facts import latest_href
from zhida.surfaces.desk.presenters.lines import ledger_row, line_name
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, LedgerRow, Question, told
from zhida.surfaces.look.telling.offices import ROLE_NAMES

SIGN, WITHDRAW, OUTSIDE = "sign-", "withdraw-", "*"


def transfer_page(officer: Officer) -> TransferPage:
    """The transfers out of or into the officer's lines: those that wait, then those that are over."""
    found = transfers(scope=officer.scope, is_open=False)
    lines = {line.id: line for line in funds.lines(scope=officer.scope)}
    signers = {each for one in found for each in (one.maker, one.checker, one.releaser) if each}
    people = accounts.names_of(signers)
    waiting = [one for one in found if one.waits_for]
    return TransferPage(
        headline=say("{n} 次划转等签", n=len(waiting)) if waiting else say("没有等签的划转"),
        cards=tuple(_card(one, lines, people, officer) for one in waiting),
        acts=(_proposing(lines),) if officer.role == "maker" and lines else (),
        past=tuple(_past(one, lines, people, officer) for one in found if not one.waits_for),
    )


def _name(line_id: str, lines: Mapping[str, Line]) -> str:
    """What a line is called; another office's line goes by its code, and what is no line by where money comes from."""
    if not line_id:
        return say("预算之外")
    return str(line_name(lines[line_id])) if line_id in lines else line_id


def _card(one: TransferRecord, lines: Mapping[str, Line], people: Mapping[str, str], officer: Officer) -> Card:
    source, target = _name(one.source, lines), _name(one.target, lines)
    figures: list[tuple[str, LedgerRow]] = []
    for line_id, change_fen in ((one.source, -one.amount_fen), (one.target, one.amount_fen)):
        if line_id in lines:
            row = ledger_row(lines[line_id])
            figures.append((say("现在"), row))
            after = replace(row, total=row.total + change_fen, available=row.available + change_fen)
            figures.append((say("划转后"), after))
    return Card(
        title=say("{amount} 元，从{source}到{target}", amount=yuan(one.amount_fen), source=source, target=target),
        rows=told(
            (say("理由"), one.reason),
            (say("制单"), people.get(one.maker, "")),
            (say("复核"), people.get(one.checker or "", "") or say("还没有人")),
        ),
        acts=_acts(one, officer),
        next_words=say("等{role}签；三人须是三个不同的人。", role=say(ROLE_NAMES[one.waits_for])),
        fact=latest_href(one.id, officer),
        figures=tuple(figures),
    )


def _acts(one: TransferRecord, officer: Officer) -> tuple[Act, ...]:
    acts = []
    if officer.role == one.waits_for and officer.account not in (one.maker, one.checker):
        words = say("复核这次划转") if one.waits_for == "checker" else say("放行，当时划转")
        acts.append(Act(f"{SIGN}{one.id}", words, say("签的是上面的金额和两条预算的前后。"), "act"))
    if officer.role in MONEY:
        acts.append(Act(f"{WITHDRAW}{one.id}", say("撤回这次划转")))
    return tuple(acts)


def _proposing(lines: Mapping[str, Line]) -> Act:
    blank = Choice("", say("请选择"), is_chosen=True)
    choices = [
        Choice(line.id, say("{name}，可用 {value} 元", name=line_name(line), value=yuan(line.available)))
        for line in lines.values() if not line.frozen_reason
    ]  # fmt: skip
    questions = (
        Question("source", say("从哪条预算"), "select", choices=(blank, *choices, Choice(OUTSIDE, say("新增指标")))),
        Question("target", say("到哪条预算"), "select", choices=(blank, *choices, Choice(OUTSIDE, say("交还指标")))),
        Question("amount", say("划转多少"), "number", say("不超过划出那条的可用"), say("元")),
    )
    hint = say("提出之后钱还不动：复核、放行都签过，才一边减、一边加，总额之和不变。")
    return Act("propose", say("提出，送复核"), hint, "", say("为什么划转"), questions, token=new_id("transfer"))


def _past(one: TransferRecord, lines: Mapping[str, Line], people: Mapping[str, str], officer: Officer) -> Past:
    state, words = ("yes", say("已划转")) if one.moved_at else ("no", say("撤回了"))
    what = say("从{source}到{target}", source=_name(one.source, lines), target=_name(one.target, lines))
    at = one.moved_at or one.withdrawn_at or one.made_at
    who = people.get(one.maker, "")
    return Past(what, one.amount_fen, who, at, state, words, latest_href(one.id, officer))
