"""Orders to recover and set-offs: what a payee owes, what a later payment gives for it, and who signs next."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from zhida.domain.postings import State
from zhida.domain.values import yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.entitlements import queries as entitlements
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.services.controls.offsetting import SetOffRecord, set_offs
from zhida.services.controls.recovering import DebtRecord, debts
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card, Past, RecoveryPage
from zhida.surfaces.desk.officers import MONEY, Officer
from zhida.surfaces.desk.presenters.facts import hrefs_naming, latest_href
from zhida.surfaces.desk.presenters.lines import names_of_lines
from zhida.surfaces.desk.presenters.obligations import obligation_words
from zhida.surfaces.desk.presenters.payments import names_of_payees
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Told, told

CONFIRM, WITHDRAW, SETTLE = "confirm-", "withdraw-", "settle-"
_KINDS = ("funds.recovery_withdrawn", "funds.recovery_confirmed", "funds.recovery_ordered")
_SETTLERS = ("checker", "releaser")


def recovery_page(officer: Officer) -> RecoveryPage:
    """Every order to recover and every set-off of the officer's lines."""
    owed, taken = debts(scope=officer.scope, is_open=False), set_offs(scope=officer.scope, is_open=False)
    named = {each for one in taken for each in (one.payment, one.debt, one.rest, one.part) if each}
    payments = {one.id: one for one in funds.disbursements_by_id(
        named | {one.disbursement_id for one in owed}, scope=officer.scope)}  # fmt: skip
    payees = names_of_payees(payments.values(), officer.scope)
    people = accounts.names_of({one.maker for one in (*owed, *taken)})
    facts = hrefs_naming("debt", _KINDS, officer)
    lines = names_of_lines(officer.scope)
    waiting = [one for one in owed if one.waits_for or (one.open_fen and not one.withdrawn_at)]
    moving = [one for one in taken if one.waits_for]
    return RecoveryPage(
        headline=_headline(waiting, moving),
        debts=tuple(_debt(one, payments, payees, lines, people, facts, officer) for one in waiting),
        set_offs=tuple(_set_off(one, payments, payees, people, officer) for one in moving),
        past=(
            *(_past_debt(one, payees, people, facts) for one in owed if one not in waiting),
            *(_past_set_off(one, payments, payees, people, officer) for one in taken if one not in moving),
        ),
    )


def _headline(waiting: list[DebtRecord], moving: list[SetOffRecord]) -> str:
    owed = sum(one.open_fen for one in waiting if one.checker)
    if owed:
        return say("{value} 元还没有追回", value=yuan(owed))
    return say("有等签的追回和抵扣") if waiting or moving else say("没有要追回的")


def _payment(name: str, one: DisbursementRecord | None) -> Told:
    """A payment in a row: its amount and number, and the way to it."""
    if one is None:
        return Told(name, say("别的部门的付款"))
    words = say("{amount} 元，付款号 {reference}", amount=yuan(one.amount_fen), reference=one.reference)
    return Told(name, words, reverse("desk:payment", args=[one.id]))


def _debt(
    one: DebtRecord,
    payments: Mapping[str, DisbursementRecord],
    payees: Mapping[str, str],
    lines: Mapping[str, str],
    people: Mapping[str, str],
    facts: Mapping[str, str],
    officer: Officer,
) -> Card:
    acts = []
    if one.waits_for == officer.role and officer.account != one.maker:
        acts.append(Act(f"{CONFIRM}{one.id}", say("确认追回"), say("确认之后才算欠款，可以登记收回或抵扣。"), "act"))
    if one.waits_for and officer.role in MONEY:
        acts.append(Act(f"{WITHDRAW}{one.id}", say("撤回这份决定")))
    step = say("钱回到国库之后，由复核在付款页登记；或由制单从以后的付款里抵扣。")
    return Card(
        title=say("{name}，应追回 {value} 元", name=payees[one.subject_id], value=yuan(one.amount_fen)),
        rows=told(
            _payment(say("哪一笔"), payments.get(one.disbursement_id)),
            (say("预算"), lines.get(one.line, "")),
            (say("还没有回来"), say("{value} 元", value=yuan(one.open_fen)) if one.checker else ""),
            (say("依据"), one.basis),
            (say("没有履行哪项义务"), _obligation(one, payments.get(one.disbursement_id))),
            (say("谁提的"), people.get(one.maker, "")),
        ),
        acts=tuple(acts),
        next_words=say("等复核确认，不能是提出的人。") if one.waits_for else step,
        fact=facts.get(one.id, ""),
    )


def _obligation(one: DebtRecord, payment: DisbursementRecord | None) -> str:
    """The obligation that was broken, in the words of the policy that the grant rests on."""
    grants = entitlements.grants_by_id([payment.grant_id]) if one.obligation and payment else ()
    return obligation_words(grants[0].revision_id, one.obligation) if grants else one.obligation


def _set_off(
    one: SetOffRecord,
    payments: Mapping[str, DisbursementRecord],
    payees: Mapping[str, str],
    people: Mapping[str, str],
    officer: Officer,
) -> Card:
    due, owed = payments[one.payment], payments.get(one.debt)
    left = owed.amount_fen - owed.recovered_fen - one.amount_fen if owed else None
    return Card(
        title=say("{name}，抵扣 {value} 元", name=payees[due.subject_id], value=yuan(one.amount_fen)),
        rows=told(
            _payment(say("从哪一笔扣"), due),
            (say("收款人得到"), say("{value} 元", value=yuan(due.amount_fen - one.amount_fen))),
            _payment(say("抵哪一笔"), owed),
            (say("抵后那一笔还有"), say("{value} 元在收款人处", value=yuan(left)) if left is not None else ""),
            (say("谁提的"), people.get(one.maker, "")),
        ),
        acts=tuple(_set_off_acts(one, payments, officer)),
        next_words=_set_off_next(one, payments),
        fact=latest_href(one.id, officer),
    )


def _is_released(one: SetOffRecord, payments: Mapping[str, DisbursementRecord]) -> bool:
    return one.part in payments and payments[one.part].state is State.INSTRUCTED


def _set_off_acts(one: SetOffRecord, payments: Mapping[str, DisbursementRecord], officer: Officer) -> list[Act]:
    acts = []
    if one.waits_for == "checker" and officer.role == "checker" and officer.account != one.maker:
        acts.append(Act(f"{CONFIRM}{one.id}", say("复核这次抵扣"), say("付款分成两份，都进批次由三人放行。"), "act"))
    if one.waits_for == "checker" and officer.role in MONEY:
        acts.append(Act(f"{WITHDRAW}{one.id}", say("撤回这次抵扣")))
    if _is_released(one, payments) and officer.role in _SETTLERS:
        acts.append(Act(f"{SETTLE}{one.id}", say("抵扣入账"), say("这一份记为已付，欠款同时记为收回。"), "act"))
    return acts


def _set_off_next(one: SetOffRecord, payments: Mapping[str, DisbursementRecord]) -> str:
    if one.waits_for == "checker":
        return say("等复核签，不能是提出的人。")
    if _is_released(one, payments):
        return say("已经放行，由复核或放行入账。")
    return say("两份都在等批次放行。")


def _past_debt(one: DebtRecord, payees: Mapping[str, str], people: Mapping[str, str], facts: Mapping[str, str]) -> Past:
    state, words = ("no", say("撤回了")) if one.withdrawn_at else ("yes", say("已追回"))
    what = say("追回，{name}", name=payees[one.subject_id])
    return Past(what, one.amount_fen, people.get(one.maker, ""), one.made_at, state, words, facts.get(one.id, ""))


def _past_set_off(
    one: SetOffRecord,
    payments: Mapping[str, DisbursementRecord],
    payees: Mapping[str, str],
    people: Mapping[str, str],
    officer: Officer,
) -> Past:
    state, words = ("no", say("撤回了")) if one.withdrawn_at else ("yes", say("已入账"))
    what = say("抵扣，{name}", name=payees[payments[one.payment].subject_id])
    at = one.settled_at or one.withdrawn_at
    return Past(what, one.amount_fen, people.get(one.maker, ""), at, state, words, latest_href(one.id, officer))
