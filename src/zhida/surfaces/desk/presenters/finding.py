"""Finding payments: by number, by line, by state; the newest first."""

from __future__ import annotations

from django.http import QueryDict

from zhida.domain.postings import State
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.surfaces.desk.finance_records import PaymentList
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.lines import names_of_lines
from zhida.surfaces.desk.presenters.payments import STATES, payment_lines
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question

MOST, LONGEST = 100, 64


def payment_list(asked: QueryDict, officer: Officer) -> PaymentList:
    """The payments that an address asks for; one that is no longer there leaves an empty list."""
    number = (asked.get("number", "") or asked.get("q", "")).strip()[:LONGEST]
    named = names_of_lines(officer.scope)
    line = asked.get("line", "") if asked.get("line", "") in named else ""
    state = asked.get("state", "") if asked.get("state", "") in {str(one) for one in STATES} else ""
    found = _numbered(number, officer) if number else _listed(line, state, officer)
    shown = found[:MOST]
    return PaymentList(
        headline=_headline(len(shown), is_cut=len(found) > MOST),
        questions=_questions(number, line, state, named),
        payments=payment_lines(shown, officer.scope),
        total_fen=sum(one.amount_fen for one in shown),
        is_cut=len(found) > MOST,
    )


def _numbered(number: str, officer: Officer) -> tuple[DisbursementRecord, ...]:
    ids = {number, *funds.ids_of([number, number.upper()]).values()}
    return funds.disbursements_by_id(ids, scope=officer.scope)


def _listed(line: str, state: str, officer: Officer) -> tuple[DisbursementRecord, ...]:
    states = [State(state)] if state else []
    return funds.disbursements(scope=officer.scope, line=line, states=states, limit=MOST + 1)


def _headline(count: int, *, is_cut: bool) -> str:
    if is_cut:
        return say("最近的 {n} 笔付款", n=count)
    return say("{n} 笔付款", n=count) if count else say("没有这样的付款")


def _questions(number: str, line: str, state: str, named: dict[str, str]) -> tuple[Question, ...]:
    lines = [Choice("", say("全部"), not line), *(Choice(one, words, one == line) for one, words in named.items())]
    states = [Choice("", say("全部"), not state)]
    states += [Choice(str(one), say(words), str(one) == state) for one, (_, words) in STATES.items()]
    return (
        Question("number", say("付款号"), "text", value=number),
        Question("line", say("预算"), "select", choices=tuple(lines)),
        Question("state", say("状态"), "select", choices=tuple(states)),
    )
