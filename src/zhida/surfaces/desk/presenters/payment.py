"""One payment whole: what is known of it, everything that happened to it, and what an officer may do."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from zhida.domain.postings import State
from zhida.domain.values import new_id, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases.payments import PaidCase, cases_of_grants
from zhida.kernel.funds import history
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import DisbursementRecord
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ledger.queries import RecordedFact
from zhida.services.controls.holds import HoldRecord, holds_open
from zhida.services.controls.lifting import Kept
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import PaymentEvent, PaymentPage
from zhida.surfaces.desk.interests import is_own
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters import money, owing, payments, recalls
from zhida.surfaces.desk.presenters.facts import account_of, fact_href
from zhida.surfaces.desk.presenters.lifting import lifting_acts
from zhida.surfaces.desk.presenters.lines import line_name
from zhida.surfaces.desk.presenters.stopping import hold_words
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Question, Told, told
from zhida.surfaces.look.telling import cases as case_words

_SECOND = ("checker", "releaser")


def payment_page(disbursement_id: str, officer: Officer, as_of: datetime) -> PaymentPage:
    """One payment. Raises AccessError out of the officer's scope."""
    one = funds.disbursement(disbursement_id, scope=officer.scope)
    line = funds.standing(one.line, scope=officer.scope)
    owner = cases_of_grants([one.grant_id]).get(one.grant_id)
    moved = history.movements(one.line, scope=officer.scope, disbursement=one.id)
    state, words = payments.STATES[one.state]
    return PaymentPage(
        reference=one.reference,
        headline=payments.headline_of(one),
        lead=_lead(one, owner, as_of),
        amount_fen=one.amount_fen,
        state=state,
        state_words=say(words),
        rows=_rows(one, owner, officer, as_of),
        events=_events(one.id, officer),
        movements=tuple(money.movement_line(each) for each in reversed(moved)),
        acts=acts_of(one, owner, officer, as_of),
        next_words=_next(one, owner),
        section="unknowns" if one.state is State.UNKNOWN else "returns" if one.state in payments.FAILED else "funds",
        line_href=reverse("desk:line", args=[one.line]),
        line_name=str(line_name(line)),
    )


def _lead(one: DisbursementRecord, owner: PaidCase | None, as_of: datetime) -> str:
    if one.state is State.UNKNOWN:
        return say(
            "{age}送出，银行没有明确答复。", age=payments.age_words(one.changed_at, as_of)
        ) + payments.bank_words(payments.deduplicates())
    if one.state in payments.FAILED:
        if is_unpaid(one, owner):
            return say("这笔待遇还欠着：改好账户，再付一次。")
        return say("这笔待遇已经另付，或者不再付。")
    return ""


def _next(one: DisbursementRecord, owner: PaidCase | None) -> str:
    """Who acts next, for those who do not."""
    if one.state is State.UNKNOWN:
        return say("再问银行三人都可以；按对账单放开，由复核或放行来做。")
    if one.state is State.RESERVED and not one.batch:
        return say("等制单编批。")
    if one.state is State.RESERVED:
        return say("在批次里，等签字放行。")
    if one.state is State.INSTRUCTED:
        return say("扣住的由一人提出、复核或放行的另一个人放开；没有扣住的，系统会接着送出。")
    if is_unpaid(one, owner):
        return say("换账户由制单做，再付由另一人复核。")
    return ""


def is_unpaid(one: DisbursementRecord, owner: PaidCase | None) -> bool:
    """Whether a payment failed and its grant is still owed."""
    is_latest = owner is not None and owner.disbursement == one.id and not owner.is_fulfilled
    return one.state in payments.FAILED and is_latest


def _rows(one: DisbursementRecord, owner: PaidCase | None, officer: Officer, as_of: datetime) -> tuple[Told, ...]:
    names = payments.names_of_payees([one], officer.scope)
    asked = payments.last_word(one.id)
    hold = hold_of(one.id) if one.state is State.INSTRUCTED else None
    owed = is_unpaid(one, owner)
    on_record, is_other = payments.account_on_record(one, as_of) if owed else ("", False)
    return told(
        (say("收款人"), names[one.subject_id]),
        (say("付到"), payments.account_words([one])[one.id]),
        (say("现在登记的账户"), on_record),
        (say("账户改过没有"), (say("改过了") if is_other else say("没有改，再付还是付到同一个账户")) if owed else ""),
        (say("用途"), one.purpose),
        Told(say("办件"), case_words.short(owner.case_id) if owner else "", is_code=True),
        _let_go_by(one),
        (say("要求付款日"), one.requested_on.isoformat() if one.requested_on else ""),
        (say("银行入账日"), one.booked_on.isoformat() if one.booked_on else ""),
        Told(say("银行流水号"), one.treasury_reference, is_code=True),
        (say("银行最后的话"), asked or payments.reason_words(one.reason)),
        (say("扣住的原因"), hold_words(hold.reason, hold.detail) if hold else ""),
        (say("已追回"), say("{value} 元", value=yuan(one.recovered_fen)) if one.recovered_fen else ""),
    )


def _let_go_by(one: DisbursementRecord) -> Told:
    """The batch or the standing release that lets a payment go, and the way to it."""
    if one.batch:
        return Told(say("批次"), case_words.short(one.batch), reverse("desk:batch", args=[one.batch]), is_code=True)
    if one.release:
        return Told(
            say("授权"), case_words.short(one.release), reverse("desk:release", args=[one.release]), is_code=True
        )
    return Told(say("批次"), "")


def _events(disbursement_id: str, officer: Officer) -> tuple[PaymentEvent, ...]:
    facts = ledger.entries_about(disbursement_id)
    names = accounts.names_of({account_of(fact) for fact in facts})
    return tuple(
        PaymentEvent(
            at=fact.at,
            words=case_words.event_words(fact.kind),
            who=names.get(account_of(fact), "") or say("系统"),
            note=_note(fact),
            proof=fact_href(fact.id, officer),
        )
        for fact in facts
    )


def _note(fact: RecordedFact) -> str:
    word, told = fact.fields.get("word"), str(fact.fields.get("reason", ""))
    is_hold = fact.kind in ("funds.held", "funds.hold_lifted")
    reason = hold_words(told, str(fact.fields.get("detail", ""))) if is_hold else payments.reason_words(told)
    if isinstance(word, str):
        return say(payments.WORDS.get(word, "没有答复"))
    return reason


def acts_of(one: DisbursementRecord, owner: PaidCase | None, officer: Officer, as_of: datetime) -> tuple[Act, ...]:
    """What this officer may do with this payment now; nothing where it goes to a relative, or to whom one acts for."""
    if is_own(one.subject_id, officer, as_of):
        return ()
    if one.state is State.UNKNOWN:
        return (*_of_unknown(one, officer), *(recalls.ordering(one, officer) if officer.role == "maker" else ()))
    if one.state is State.INSTRUCTED and (hold := hold_of(one.id)):
        return lifting_acts(Kept.HOLD, hold.id, officer, say("当时放开，重新送出。"))
    if one.state is State.SETTLED and officer.role == "checker":
        return (_recovering(one),) if one.recovered_fen < one.amount_fen else ()
    if one.state is State.SETTLED and officer.role == "maker":
        return (*owing.ordering(one, officer), *recalls.ordering(one, officer))
    if one.state is State.RESERVED and officer.role == "maker":
        return owing.offsetting(one, officer)
    if is_unpaid(one, owner) and officer.role == "maker":
        return (_mending(),)
    if is_unpaid(one, owner) and officer.role == "checker" and officer.account != _mended_by(one.subject_id):
        _, is_other = payments.account_on_record(one, as_of)
        return (_paying_again(is_other=is_other),)
    return ()


def hold_of(disbursement_id: str) -> HoldRecord | None:
    """The oldest hold that keeps a payment from going."""
    return next((each for each in holds_open(limit=5_000) if each.disbursement_id == disbursement_id), None)


def _mended_by(subject_id: str) -> str:
    """Who put the payee's present account on record: another than who pays again."""
    registered = [fact for fact in ledger.entries_about(subject_id) if fact.kind == "account.registered"]
    return account_of(registered[-1]) if registered else ""


def _of_unknown(one: DisbursementRecord, officer: Officer) -> list[Act]:
    if officer.role not in ("maker", *_SECOND):
        return []
    acts = [Act("ask", say("再问银行"), say("只问不送：银行怎么答，账就怎么记。"), "act")]
    if payments.deduplicates():
        acts.append(Act("send", say("再送一次"), say("同一付款号，银行去重，不会付两次。")))
    if one.id in payments.absent_findings() and officer.role in _SECOND:
        hint = say("日终对账单上没有这一笔：放开后钱回到可用，可以重新付。")
        acts.append(Act("release", say("按对账单放开"), hint, "stop", say("怎么核实的")))
    return acts


def _recovering(one: DisbursementRecord) -> Act:
    left = one.amount_fen - one.recovered_fen
    question = Question(
        "recovered", say("收回的金额"), "number", say("还可以追回 {value} 元", value=yuan(left)), say("元")
    )
    hint = say("钱已经回到国库之后再登记；当时回到可用。")
    return Act("recover", say("登记追回"), hint, "", say("为什么追回"), (question,), token=new_id("posting"))


def _paying_again(*, is_other: bool) -> Act:
    hint = say("账户没有改过，再付可能再退。")
    if is_other:
        hint = say("付到现在登记的账户；仍要三人放行，或在常设授权之内。")
    return Act("again", say("再付一次"), hint, "act" if is_other else "", say("为什么再付"))


def _mending() -> Act:
    questions = (
        Question("bank", say("开户银行"), "text"),
        Question("number", say("账号"), "text", say("户名必须是收款人本人；空格可以照抄")),
    )
    hint = say("收款人书面确认之后再换；由另一人复核再付，账本记下是谁换的。")
    return Act("mend", say("换成这个账户"), hint, "", say("依据"), questions, token=new_id("payee"))
