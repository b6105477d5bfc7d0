"""Payments that need a hand: without an answer, come back, or to be recovered; every act asks for its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ConflictError, OutsideError
from zhida.domain.postings import RecallReason
from zhida.domain.values import Actor, Scope, local_date, once
from zhida.kernel.cases import actions as cases
from zhida.kernel.cases.payments import cases_of_grants
from zhida.kernel.funds import actions, sending
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.ports import channels, payees
from zhida.kernel.funds.records import DisbursementRecord
from zhida.kernel.registry import actions as registry_actions
from zhida.kernel.registry import queries as registry
from zhida.services.controls.asking import ask_again
from zhida.services.controls.lifting import Kept
from zhida.services.controls.offsetting import prepare_set_off
from zhida.services.controls.recalling import order_recall
from zhida.services.controls.recovering import order_recovery
from zhida.surfaces.desk.acts import Posted, amount_of, chosen_of, posted, refused, with_faults
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import payments, recalls
from zhida.surfaces.desk.presenters.finding import payment_list
from zhida.surfaces.desk.presenters.payment import payment_page
from zhida.surfaces.desk.views.lifting import is_lifting, lift
from zhida.surfaces.desk.walls import behind_wall
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.stepping_up import newly_known

LONGEST_NAME = 100


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def payments_found(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Payments by their number, line and state."""
    return render(request, "desk/payments.html", {"page": payment_list(request.GET, officer), "section": "funds"})


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def unknowns(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What the bank has not told: how old, what is known, what may be done."""
    context = {"page": payments.unknown_page(officer, as_of), "section": "unknowns"}
    return render(request, "desk/unknowns.html", context)


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def returns(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What came back, and what became of it."""
    return render(request, "desk/returns.html", {"page": payments.returns_page(officer), "section": "returns"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
@newly_known
def payment(request: HttpRequest, payment_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One payment; a POST is one of the acts that the page offers."""
    page = payment_page(payment_id, officer, as_of)
    context = {"page": page, "acts": page.acts, "section": page.section}
    if request.method == "POST":
        tried = posted(request, page.acts)
        if not tried.faults:
            tried = _do(_doing(request, tried, payment_id, officer, as_of))
        if not tried.faults:
            return redirect("desk:payment", payment_id)
        context |= {"acts": with_faults(page.acts, tried, request.POST), "faults": tried.faults}
    return render(request, "desk/payment.html", context)


@dataclass(frozen=True)
class Doing:
    """An act about to be done: what was posted, on which payment, by whom."""

    request: HttpRequest
    tried: Posted
    one: DisbursementRecord
    by: Actor
    as_of: datetime

    def done(self, words: str) -> Posted:
        """It is done; the next page says so."""
        messages.success(self.request, words)
        return self.tried

    def unanswered(self, words: str) -> Posted:
        """The bank was silent; the next page says so."""
        messages.warning(self.request, words)
        return self.tried


def _doing(request: HttpRequest, tried: Posted, payment_id: str, officer: Officer, as_of: datetime) -> Doing:
    one = funds.disbursement(payment_id, scope=officer.scope)
    office = funds.standing(one.line, scope=officer.scope).office
    return Doing(request, tried, one, officer.at(office), as_of)


def _do(act: Doing) -> Posted:
    if is_lifting(act.tried):
        return lift(act.request, act.tried, Kept.HOLD, act.by, act.as_of)
    return DOING[act.tried.act.name](act)


def _ask(act: Doing) -> Posted:
    try:
        word = ask_again(
            disbursement_id=act.one.id,
            treasury=channels().treasury(act.one.channel),
            by=act.by,
            as_of=act.as_of,
            record=cases.record_outcomes,
        )
    except OutsideError:
        return act.unanswered(say("银行没有答复，什么也没有变"))
    return act.done(say("银行说：{words}", words=say(payments.WORDS[str(word or "")])))


def _send(act: Doing) -> Posted:
    try:
        handle = sending.instruct_handler(payees=payees, by=act.by, record=cases.record_outcomes)
        handle({"disbursements": [act.one.id]}, act.as_of)
    except OutsideError:
        return act.unanswered(say("已送出，银行还没有明确答复"))
    return act.done(say("银行已有明确答复"))


def _release(act: Doing) -> Posted:
    finding = payments.absent_findings()[act.one.id]
    note = act.tried.reason
    cases.apply_finding(finding_id=finding.id, disbursement_id=act.one.id, note=note, by=act.by, as_of=act.as_of)
    return act.done(say("已放开，钱回到可用"))


def _recover(act: Doing) -> Posted:
    tried, amount = amount_of(act.tried, "recovered", act.request.POST.get("recovered", ""))
    if not tried.faults and not 0 < amount <= act.one.amount_fen - act.one.recovered_fen:
        tried = refused(tried, "recovered", say("要大于 0，不超过还没有追回的"))
    if tried.faults:
        return tried
    actions.recover(
        recovery_id=once("posting", act.tried.token), disbursement_id=act.one.id, amount_fen=amount,
        reason=act.tried.reason, by=act.by, as_of=act.as_of,
    )  # fmt: skip
    return act.done(say("追回已登记"))


def _order(act: Doing) -> Posted:
    tried, amount = amount_of(act.tried, "owed", act.request.POST.get("owed", ""))
    if not tried.faults and not 0 < amount <= act.one.amount_fen - act.one.recovered_fen:
        tried = refused(tried, "owed", say("要大于 0，不超过还没有追回的"))
    if tried.faults:
        return tried
    tried, chosen = chosen_of(act.request, tried)
    if tried.faults:
        return tried
    try:
        order_recovery(debt_id=once("debt", tried.token), disbursement_id=act.one.id, amount_fen=amount,
                       basis=tried.reason, obligation=chosen.get("obligation", ""), by=act.by,
                       as_of=act.as_of)  # fmt: skip
    except ConflictError as error:
        return refused(tried, "owed", words_of(error))
    return act.done(say("已提出追回，等复核确认"))


def _recall(act: Doing) -> Posted:
    tried, chosen = chosen_of(act.request, act.tried)
    if len(tried.reason) > recalls.LONGEST:
        tried = refused(tried, "recall-reason", say("不超过 {n} 字", n=recalls.LONGEST))
    if tried.faults:
        return tried
    try:
        order_recall(recall_id=once("recall", tried.token), disbursement_id=act.one.id, basis=tried.reason,
                     reason=RecallReason(chosen["recall_reason"]), by=act.by, as_of=act.as_of)  # fmt: skip
    except ConflictError as error:
        return refused(tried, "recall_reason", words_of(error))
    return act.done(say("已提出，等复核确认"))


def _offset(act: Doing) -> Posted:
    tried, chosen = chosen_of(act.request, act.tried)
    tried, amount = amount_of(tried, "taken", act.request.POST.get("taken", ""))
    if tried.faults:
        return tried
    try:
        prepare_set_off(set_off_id=once("setoff", tried.token), payment=act.one.id, debt=chosen["debt"],
                        amount_fen=amount, by=act.by, as_of=act.as_of)  # fmt: skip
    except ConflictError as error:
        return refused(tried, "taken", words_of(error))
    return act.done(say("已提出抵扣，等复核"))


def _again(act: Doing) -> Posted:
    owner = cases_of_grants([act.one.grant_id])[act.one.grant_id]
    cases.pay_again(case_id=owner.case_id, reason=act.tried.reason, by=act.by, as_of=act.as_of)
    return act.done(say("已重新占用预算，等放行"))


def _mend(act: Doing) -> Posted:
    number = "".join(act.request.POST.get("number", "").split())
    bank = act.request.POST.get("bank", "").strip()
    if not (number.isascii() and number.isdigit() and 8 <= len(number) <= 34):
        return refused(act.tried, "number", say("账号是 8 到 34 位数字"))
    if not 0 < len(bank) <= LONGEST_NAME:
        return refused(act.tried, "bank", say("请写开户银行"))
    scope, today = Scope.system(f"payment:{act.one.id}"), local_date(act.as_of)
    payee, account_id = registry.subject(act.one.subject_id, scope=scope), once("payee", act.tried.token)
    present = registry.bank_account(payee.id, scope=scope, on=today)
    if present is None or present.id != account_id:
        registry_actions.register_account(
            account_id=account_id, subject_id=payee.id, number=number, holder=payee.name, bank=bank, source="desk",
            valid_from=today, by=act.by, as_of=act.as_of,
        )  # fmt: skip
    return act.done(say("账户已换，由另一人复核再付"))


DOING = {
    "ask": _ask,
    "send": _send,
    "release": _release,
    "recover": _recover,
    "again": _again,
    "mend": _mend,
    "order": _order,
    "recall": _recall,
    "offset": _offset,
}
