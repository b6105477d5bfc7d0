"""Recalls: what banks are asked to give back, what they said, and who signs next."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse

from zhida.domain.postings import RecallReason, RecallState, State
from zhida.domain.values import local_date, new_id, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.services.controls.recalling import RecallRecord, recalls
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.control_records import Card, Past, RecallPage
from zhida.surfaces.desk.officers import MONEY, Officer
from zhida.surfaces.desk.presenters.facts import hrefs_naming
from zhida.surfaces.desk.presenters.lines import names_of_lines
from zhida.surfaces.desk.presenters.payments import names_of_payees, reason_words
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question, Told, told

CONFIRM, WITHDRAW = "confirm-", "withdraw-"
LONGEST = 105
REASONS = {
    RecallReason.DUPLICATE: "付了两次",
    RecallReason.WRONG_AMOUNT: "金额错了",
    RecallReason.WRONG_ACCOUNT: "账户错了",
    RecallReason.FRAUD: "骗领",
    RecallReason.MISTAKEN: "不该付",
}
STATES = {
    RecallState.PROPOSED: "等复核确认，不能是提出的人。",
    RecallState.ORDERED: "就要送出：后台马上去问银行。",
    RecallState.UNKNOWN: "银行还没有答复，后台隔一会儿再问；十五天没有答复就记为过期，仍然接着听。",
    RecallState.ACCEPTED: "银行答应退回；钱到了才记账。",
    RecallState.LAPSED: "十五天没有答复。可以改由收款人退回；银行晚退的也照样入账。",
}
ENDS = {
    RecallState.RETURNED: ("yes", "钱已退回"),
    RecallState.REFUSED: ("no", "银行没有同意"),
    RecallState.WITHDRAWN: ("no", "撤回了"),
}
_NAMES = ("returned", "lapsed", "refused", "withdrawn", "accepted", "sent", "confirmed", "ordered")
_KINDS = tuple(f"funds.recall_{name}" for name in _NAMES)


def recall_page(officer: Officer) -> RecallPage:
    """Every recall of a payment of the officer's lines."""
    found = recalls(scope=officer.scope, is_open=False)
    waiting = [one for one in found if not one.is_over]
    paid = {one.id: one for one in funds.disbursements_by_id(
        [one.disbursement_id for one in found], scope=officer.scope)}  # fmt: skip
    payees = names_of_payees(paid.values(), officer.scope)
    people = accounts.names_of({one.maker for one in found})
    facts, lines = hrefs_naming("recall", _KINDS, officer), names_of_lines(officer.scope)
    return RecallPage(
        headline=_headline(waiting),
        cards=tuple(_card(one, paid[one.disbursement_id], payees, lines, people, facts, officer) for one in waiting),
        past=tuple(_past(one, payees, people, facts) for one in found if one.is_over),
    )


def _headline(waiting: list[RecallRecord]) -> str:
    if not waiting:
        return say("没有要银行退回的")
    return say("请银行退回 {value} 元", value=yuan(sum(one.amount_fen for one in waiting)))


def _card(
    one: RecallRecord,
    payment: DisbursementRecord,
    payees: Mapping[str, str],
    lines: Mapping[str, str],
    people: Mapping[str, str],
    facts: Mapping[str, str],
    officer: Officer,
) -> Card:
    words = say("{amount} 元，付款号 {reference}", amount=yuan(one.amount_fen), reference=payment.reference)
    return Card(
        title=say("{name}，退回 {value} 元", name=payees[one.subject_id], value=yuan(one.amount_fen)),
        rows=told(
            Told(say("哪一笔"), words, reverse("desk:payment", args=[payment.id])),
            (say("预算"), lines.get(one.line, "")),
            (say("为什么"), say(REASONS[one.reason])),
            (say("对银行怎么说"), one.basis),
            (say("银行怎么说"), reason_words(one.told)),
            (say("送出"), local_date(one.sent_at).isoformat() if one.sent_at else ""),
            (say("谁提的"), people.get(one.maker, "")),
        ),
        acts=_acts(one, officer),
        next_words=say(STATES[one.state]),
        fact=facts.get(one.id, ""),
    )


def _acts(one: RecallRecord, officer: Officer) -> tuple[Act, ...]:
    acts = []
    if one.waits_for == officer.role and officer.account != one.maker:
        hint = say("确认之后就去问银行；钱真的退回来，账才动。")
        acts.append(Act(f"{CONFIRM}{one.id}", say("确认，请银行退回"), hint, "act"))
    if one.state in (RecallState.PROPOSED, RecallState.ORDERED) and officer.role in MONEY:
        acts.append(Act(f"{WITHDRAW}{one.id}", say("撤回这次请求")))
    return tuple(acts)


def _past(one: RecallRecord, payees: Mapping[str, str], people: Mapping[str, str], facts: Mapping[str, str]) -> Past:
    state, words = ENDS[one.state]
    what = say("请银行退回，{name}", name=payees[one.subject_id])
    return Past(
        what, one.amount_fen, people.get(one.maker, ""), one.changed_at, state, say(words), facts.get(one.id, "")
    )


def ordering(one: DisbursementRecord, officer: Officer) -> tuple[Act, ...]:
    """The recall of a payment that was sent, unless one is under way or some of it came back."""
    if one.state not in (State.UNKNOWN, State.SETTLED) or one.recovered_fen:
        return ()
    if recalls(scope=officer.scope, disbursement_id=one.id):
        return ()
    choices = (
        Choice("", say("请选择"), is_chosen=True),
        *(Choice(code, say(words)) for code, words in REASONS.items()),
    )
    question = Question("recall_reason", say("为什么要退回"), "select", choices=choices)
    hint = say("由复核确认之后才问银行；银行可以不同意，钱现在不动。")
    asked = say("对银行怎么说，不超过 {n} 字", n=LONGEST)
    return (Act("recall", say("请银行退回，送复核"), hint, "", asked, (question,), token=new_id("recall")),)
