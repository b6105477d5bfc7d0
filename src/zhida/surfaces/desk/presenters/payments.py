"""Payments one by one: what became of each, what is known of those without an answer, and which came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import OutsideError
from zhida.domain.postings import Proposal, State
from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.cases.payments import cases_of_grants
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.ports import treasury
from zhida.kernel.funds.records import DisbursementRecord, FindingRecord
from zhida.kernel.ledger import queries as ledger
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry
from zhida.kernel.registry.records import AccountRecord
from zhida.services.controls.asking import ASKED
from zhida.surfaces.desk.finance_records import Payment, ReturnLine, ReturnsPage, UnknownLine, UnknownPage
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.lines import names_of_lines
from zhida.surfaces.look.language import say

STATES = {
    State.PLANNED: ("near", "已安排"),
    State.RESERVED: ("near", "已占，待放行"),
    State.INSTRUCTED: ("near", "在途"),
    State.UNKNOWN: ("stop", "结果未知"),
    State.SETTLED: ("yes", "已到账"),
    State.VOIDED: ("no", "没有付成"),
    State.RETURNED: ("stop", "已退回"),
}
WORDS = {
    "paid": "已付",
    "pending": "已受理，钱还没有动",
    "refused": "拒付",
    "returned": "已退回",
    "absent": "查无此笔，不等于没付",
    "": "没有答复",
}
REASONS = {
    "returned_by_statement": "对账单上退回",
    "absent_from_statement": "对账单上没有，已由人放开",
    "account_closed": "账户已销户",
    "name_mismatch": "户名不符",
    "recalled": "应请求退回",
    "payee_refuses": "收款人不同意退回",
    "nothing_to_give_back": "没有可以退回的钱",
    "no_such_payment": "银行查无这笔付款",
}
FAILED = (State.RETURNED, State.VOIDED)
OLD_HOURS = 24
_MOST = 200


def reason_words(reason: str) -> str:
    """Why a payment stands as it does; what a bank wrote is shown as it wrote it."""
    return say(REASONS[reason]) if reason in REASONS else reason


def payment_lines(found: Iterable[DisbursementRecord], scope: Scope) -> tuple[Payment, ...]:
    """Payments as a table shows them."""
    rows = list(found)
    names, accounts = names_of_payees(rows, scope), account_words(rows)
    return tuple(
        Payment(
            one.reference,
            names[one.subject_id],
            accounts[one.id],
            one.amount_fen,
            say(STATES[one.state][1]),
            reverse("desk:payment", args=[one.id]),
        )
        for one in rows
    )


def account_words(rows: Iterable[DisbursementRecord]) -> dict[str, str]:
    """Where each payment went, or would go now: the account on record, where none is written on the payment yet."""
    given = list(rows)
    unsent = [one for one in given if not one.account_tail]
    now = _on_record(unsent)
    found = {one.id: tail_words(one.account_tail) for one in given}
    for one in unsent:
        account = now.get(one.subject_id)
        if not one.account_ref:
            found[one.id] = say("留作抵扣，不付出")
        elif account is None:
            found[one.id] = say("没有登记账户")
        else:
            found[one.id] = tail_words(account.tail) if account.id == one.account_ref else say("账户已经换了")
    return found


def _on_record(rows: Sequence[DisbursementRecord]) -> Mapping[str, AccountRecord]:
    subjects = sorted({one.subject_id for one in rows})
    scope = Scope.system("payment:desk")
    return registry.bank_accounts(subjects, scope=scope, on=local_date(clock().now())) if subjects else {}


def accounts_agree(rows: Sequence[DisbursementRecord]) -> str:
    """Whether the accounts on record are still those that were there when the payments were reserved."""
    now = _on_record(rows)
    paid = [one for one in rows if one.account_ref]
    other = sum(one.subject_id not in now or now[one.subject_id].id != one.account_ref for one in paid)
    if other:
        return say("{n} 笔的账户换了或没有了，送出前会扣住", n=other)
    return say("{n} 笔都是登记的账户", n=len(paid))


def names_of_payees(rows: Iterable[DisbursementRecord], scope: Scope) -> dict[str, str]:
    """What to call each payee; its id where the scope does not show it."""
    ids = {one.subject_id for one in rows}
    found = registry.subjects(list(ids), scope=replace(scope, subjects=None))
    return {subject: found[subject].name if subject in found else subject for subject in ids}


def tail_words(tail: str) -> str:
    """An account by its last digits."""
    return say("尾号 {tail}", tail=tail) if tail else ""


def age_words(since: datetime, as_of: datetime) -> str:
    """How long ago, in hours and then in days."""
    hours = int((as_of - since).total_seconds() // 3600)
    return say("{n} 天前", n=hours // 24) if hours >= 2 * OLD_HOURS else say("{n} 小时前", n=hours)


def deduplicates() -> bool | None:
    """Whether the bank pays one reference once however often it is sent; None while it does not say."""
    try:
        return treasury().deduplicates
    except OutsideError:
        return None


def bank_words(is_deduplicating: bool | None) -> str:
    """What the kind of bank allows."""
    if is_deduplicating is None:
        return say("银行现在没有答复，不知道它是否去重：按不去重处理，不重发。")
    if is_deduplicating:
        return say("这家银行按付款号去重：同一付款号再送，也只付一次。")
    return say("这家银行不去重：不能重发，等日终对账单；对账单上没有的，由第二人放开。")


def last_word(disbursement_id: str) -> str:
    """What the bank said when it was last asked, with the moment; empty where nobody asked."""
    asked = [fact for fact in ledger.entries_about(disbursement_id) if fact.kind == ASKED]
    if not asked:
        return ""
    return say(WORDS.get(str(asked[-1].fields.get("word", "")), "没有答复"))


def unknown_lines(officer: Officer, as_of: datetime, named: Mapping[str, str]) -> tuple[UnknownLine, ...]:
    """Every payment of the officer's lines without an answer, the longest waiting first."""
    found = funds.disbursements(scope=officer.scope, states=[State.UNKNOWN], limit=_MOST)
    absent = absent_findings()
    is_deduplicating = deduplicates() if found else None
    waiting = sorted(found, key=lambda one: one.changed_at)
    return tuple(_unknown(one, as_of, named, one.id in absent, is_deduplicating) for one in waiting)


def absent_findings() -> dict[str, FindingRecord]:
    """The open findings that propose to release a payment its statement does not hold, by payment."""
    found = funds.findings(limit=5_000)
    return {one.disbursement_id: one for one in found if one.proposal is Proposal.RELEASE and one.disbursement_id}


def _unknown(
    one: DisbursementRecord, as_of: datetime, named: Mapping[str, str], is_absent: bool, is_deduplicating: bool | None
) -> UnknownLine:
    may = say("再问银行；等日终对账单")
    if is_absent:
        may = say("对账单上没有：第二人可以放开")
    elif is_deduplicating:
        may = say("再问银行，或再送一次")
    return UnknownLine(
        reference=one.reference,
        href=reverse("desk:payment", args=[one.id]),
        line=named.get(one.line, one.line),
        amount_fen=one.amount_fen,
        requested_on=one.requested_on,
        age=age_words(one.changed_at, as_of),
        is_old=(as_of - one.changed_at).total_seconds() > OLD_HOURS * 3600,
        last=last_word(one.id) or reason_words(one.reason) or say("没有答复"),
        may=may,
        id=one.id,
    )


def unknown_page(officer: Officer, as_of: datetime) -> UnknownPage:
    """All that the bank has not told."""
    lines = unknown_lines(officer, as_of, names_of_lines(officer.scope))
    total = sum(line.amount_fen for line in lines)
    oldest = lines[0].age if lines else ""
    return UnknownPage(lines, total, oldest, bank_words(deduplicates()) if lines else "")


def returns_page(officer: Officer) -> ReturnsPage:
    """What came back or was refused on the officer's lines: waiting to be paid again, and paid again."""
    found = funds.disbursements(scope=officer.scope, states=FAILED, limit=_MOST)
    named, payees = names_of_lines(officer.scope), names_of_payees(found, officer.scope)
    owners = cases_of_grants([one.grant_id for one in found])
    waiting, done = [], []
    for one in found:
        owner = owners.get(one.grant_id)
        is_waiting = owner is not None and owner.disbursement == one.id and not owner.is_fulfilled
        line = ReturnLine(
            reference=one.reference,
            href=reverse("desk:payment", args=[one.id]),
            payee=payees[one.subject_id],
            line=named.get(one.line, one.line),
            amount_fen=one.amount_fen,
            changed_at=one.changed_at,
            reason=reason_words(one.reason) or say("银行没有写原因"),
            account=tail_words(one.account_tail),
            state="stop" if is_waiting else "yes",
            state_words=say("等重付") if is_waiting else say("已重付") if owner else say("不再付"),
        )
        (waiting if is_waiting else done).append(line)
    return ReturnsPage(tuple(waiting), tuple(done), sum(one.amount_fen for one in waiting))


def headline_of(one: DisbursementRecord) -> str:
    """A payment in one line."""
    return say("{amount} 元，{state}", amount=yuan(one.amount_fen), state=say(STATES[one.state][1]))


def account_on_record(one: DisbursementRecord, as_of: datetime) -> tuple[str, bool]:
    """The account money for this payee goes to now, in words, and whether it is another than this payment's."""
    scope = Scope.system(f"payment:{one.id}")
    account = registry.bank_account(one.subject_id, scope=scope, on=local_date(as_of))
    if account is None:
        return say("没有登记账户"), False
    words = say("{bank}，{tail}，{since} 起", bank=account.bank, tail=tail_words(account.tail),
                since=account.valid_from.isoformat())  # fmt: skip
    return words, account.id != one.account_ref
