"""Budget lines that close, batches and releases that three hands sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.postings import State
from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.records import Batch, DisbursementRecord, Line, Release
from zhida.kernel.ports import clock
from zhida.kernel.registry import queries as registry
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.records import (
    BatchLine,
    BudgetPage,
    BudgetRow,
    Funds,
    Hand,
    Payment,
    ReleaseLine,
    Signing,
    UnknownLine,
)
from zhida.surfaces.look.charts import bar
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import LedgerRow
from zhida.surfaces.look.telling.offices import ROLE_NAMES, office_name
from zhida.surfaces.look.telling.policies import in_words

STATES = {
    State.PLANNED: "已安排",
    State.RESERVED: "已占，待放行",
    State.INSTRUCTED: "在途",
    State.UNKNOWN: "结果未知",
    State.SETTLED: "已到账",
    State.VOIDED: "已作废",
    State.RETURNED: "已退回",
}
SIGNS = ("maker", "checker", "releaser")


def ledger_row(line: Line, *, moved: int = 0) -> LedgerRow:
    """A line as a sum that closes; `moved` fen go from committed to in flight."""
    return LedgerRow(
        line_name(line), line.id, line.total, line.available, line.committed - moved, line.in_flight + moved,
        line.paid, line.returned, reverse("desk:line", args=[line.id]),
    )  # fmt: skip


def line_name(line: Line) -> Text:
    """What a line is called: by the dictionary, by whoever opened it, or after the items that are paid from it."""
    entry = catalogue.root().dictionary.budget_lines.get(line.id)
    if entry is not None:
        return in_words(entry.words["zh"], entry.words.get("en", ""))
    if line.name != line.id:
        return Text(line.name)
    as_of = clock().now()
    titles = [
        in_words(one.title_zh, one.title_en) for one in catalogue.item_cards(as_of=as_of) if one.budget_line == line.id
    ]
    return Text(say("、").join(str(one) for one in titles), titles[0].lang) if titles else Text(line.id, "en")


def _row(line: Line) -> BudgetRow:
    ledger = ledger_row(line)
    parts = [("ink", line.paid - line.returned), ("accent", line.in_flight), ("hatch", line.committed)]
    return BudgetRow(ledger, bar(line.total, [*parts, ("free", line.available)]), bool(line.frozen_reason))


def _total(lines: Iterable[Line]) -> LedgerRow:
    found = list(lines)
    names = ("total", "available", "committed", "in_flight", "paid", "returned")
    figures = {name: sum(getattr(line, name) for line in found) for name in names}
    return LedgerRow(Text(say("合计")), "", **figures)


def funds_page(officer: Officer, as_of: datetime) -> Funds:
    """Every line of the officer's offices, with what waits for a signature and what the bank has not told."""
    year = local_date(as_of).year
    lines = funds.lines(scope=officer.scope, year=year)
    total = _total(lines)
    batches = tuple(_batch_line(one, officer) for one in funds.batches(scope=officer.scope))
    releases = tuple(
        _release_line(one, line, officer) for line in lines for one in funds.releases(line.id, as_of=as_of)
    )
    unknown = funds.disbursements(scope=officer.scope, states=[State.UNKNOWN])
    waiting = sum(batch.state == "stop" for batch in batches) + sum(one.state == "stop" for one in releases)
    lead = say("总额 {total}，还可用 {available}。", total=yuan(total.total), available=yuan(total.available))
    lead += say("有 {n} 件等您签。", n=waiting) if waiting else say("没有等您签的。")
    lead += say("{n} 笔银行结果未知。", n=len(unknown)) if unknown else ""
    return Funds(
        year=year,
        as_of=as_of,
        headline=_headline(lines, total),
        lead=lead,
        rows=tuple(_row(line) for line in lines),
        total=total if len(lines) > 1 else None,
        batches=batches,
        releases=releases,
        unknowns=tuple(_unknown(one, as_of) for one in unknown),
        may_make=officer.role == "maker",
    )


def _headline(lines: tuple[Line, ...], total: LedgerRow) -> str:
    if not lines:
        return say("您的部门没有预算")
    rows = [ledger_row(line) for line in lines]
    open_ones = [row for row in rows if not row.is_balanced]
    if open_ones or not total.is_balanced:
        return say("{n} 条预算不平，请马上停下", n=len(open_ones))
    return say("{n} 条预算全部结平", n=len(lines))


def _unknown(one: DisbursementRecord, as_of: datetime) -> UnknownLine:
    hours = int((as_of - one.changed_at).total_seconds() // 3600)
    return UnknownLine(one.reference, one.amount_fen, say("{n} 小时前", n=hours), one.reason or say("没有答复"), "")


def _next_hand(signed: Batch | Release) -> str:
    if signed.checker is None:
        return "checker"
    return "releaser" if signed.releaser is None else ""


def _state(signed: Batch | Release, officer: Officer) -> tuple[str, str]:
    hand = _next_hand(signed)
    if not hand:
        return "yes", say("已放行")
    is_mine = hand == officer.role and officer.account not in (signed.maker, signed.checker)
    words = say("等{role}", role=say(ROLE_NAMES[hand]))
    return ("stop", say("等您{role}", role=say(ROLE_NAMES[hand]))) if is_mine else ("near", words)


def _batch_line(one: Batch, officer: Officer) -> BatchLine:
    state, words = _state(one, officer)
    line = str(line_name(funds.standing(one.line, scope=officer.scope)))
    return BatchLine(one.id, reverse("desk:batch", args=[one.id]), line, one.payments, one.total_fen, state, words)


def _release_line(one: Release, line: Line, officer: Officer) -> ReleaseLine:
    state, words = _state(one, officer)
    if one.revoked_at is not None:
        state, words = "no", say("已撤销")
    elif state == "yes":
        words = say("有效") if one.is_in_force else say("不在有效期")
    return ReleaseLine(
        one.id, reverse("desk:release", args=[one.id]), str(line_name(line)), one.cap_fen, one.used_fen,
        say("{start} 至 {end}", start=one.valid_from.isoformat(), end=one.valid_to.isoformat()), state, words,
    )  # fmt: skip


def line_page(line_id: str, officer: Officer, as_of: datetime) -> BudgetPage:
    """One line. Raises AccessError out of the officer's scope."""
    line = funds.standing(line_id, scope=officer.scope)
    ready = ready_payments(line_id, officer.scope)
    payments = funds.disbursements(scope=officer.scope, line=line_id, limit=50)
    return BudgetPage(
        row=_row(line),
        office=office_name(line.office),
        office_id=line.office,
        payments=_payments(payments, officer.scope),
        ready=len(ready),
        ready_fen=sum(one.amount_fen for one in ready),
        may_make=officer.role == "maker",
        releases=tuple(_release_line(one, line, officer) for one in funds.releases(line_id, as_of=as_of)),
        batches=tuple(_batch_line(one, officer) for one in funds.batches(scope=officer.scope) if one.line == line_id),
    )


def ready_payments(line_id: str, scope: Scope) -> tuple[DisbursementRecord, ...]:
    """What is reserved on a line and lies in no batch and under no standing release."""
    found = funds.disbursements(scope=scope, line=line_id, states=[State.RESERVED], limit=5000)
    return tuple(one for one in found if not one.batch and not one.release)


def _payments(found: Iterable[DisbursementRecord], scope: Scope) -> tuple[Payment, ...]:
    rows = list(found)
    names = registry.subjects([one.subject_id for one in rows], scope=replace(scope, subjects=None))
    return tuple(
        Payment(
            one.reference,
            names[one.subject_id].name if one.subject_id in names else one.subject_id,
            say("尾号 {tail}", tail=one.account_tail) if one.account_tail else "",
            one.amount_fen,
            say(STATES[one.state]),
        )
        for one in rows
    )


def _hands(signed: Batch | Release, officer: Officer) -> tuple[Hand, ...]:
    signers = {"maker": signed.maker, "checker": signed.checker, "releaser": signed.releaser}
    names = accounts.names_of([one for one in signers.values() if one])
    waiting = _next_hand(signed)
    hands = []
    for role in SIGNS:
        account = signers[role]
        is_mine = account == officer.account or (role == waiting and officer.role == role)
        name = names.get(account or "", "") or (officer.name if is_mine else say("还没有人"))
        person = say("{name}，您", name=name) if is_mine else name
        hands.append(Hand(say(ROLE_NAMES[role]), person, bool(account), is_mine))
    return tuple(hands)


def _act(signed: Batch | Release, officer: Officer) -> str:
    hand = _next_hand(signed)
    return hand if hand == officer.role and officer.account not in (signed.maker, signed.checker) else ""


def batch_page(batch_id: str, officer: Officer) -> Signing:
    """A batch before the next hand. Raises ConflictError where there is none in the officer's scope."""
    batch = next((one for one in funds.batches(scope=officer.scope, is_open=False) if one.id == batch_id), None)
    if batch is None:
        raise ConflictError("no_such_batch", f"{batch_id} was never prepared", "look at the list of batches")
    line = funds.standing(batch.line, scope=officer.scope)
    payments = funds.disbursements(scope=officer.scope, batch=batch_id, limit=5000)
    act = _act(batch, officer)
    largest = max((one.amount_fen for one in payments), default=0)
    is_over = batch.releaser is not None
    rows = (
        (say("预算"), str(line_name(line))),
        (say("内容指纹"), batch.digest),
        (say("单笔最大"), say("{value} 元", value=yuan(largest))),
        (say("合计核对"), _agrees(sum(one.amount_fen for one in payments), batch.total_fen)),
    )
    return Signing(
        id=batch_id,
        office_id=line.office,
        title=say("付款批次"),
        headline=say("{n} 笔，已放行", n=batch.payments) if is_over else say("待放行：{name}", name=line_name(line)),
        amount_fen=batch.total_fen,
        amount_note=say("{n} 笔", n=batch.payments),
        rows=rows,
        hands=_hands(batch, officer),
        act=act,
        act_words=_sign_words(act, batch.payments, batch.total_fen),
        digest=batch.digest,
        payments=_payments(payments, officer.scope),
        before=None if is_over else ledger_row(line),
        after=None if is_over else ledger_row(line, moved=batch.total_fen),
    )


def _agrees(left: int, right: int) -> str:
    return say("明细与批次一致") if left == right else say("明细与批次不一致，不要放行")


def _sign_words(act: str, payments: int, total_fen: int) -> str:
    if act == "checker":
        return say("复核 {n} 笔，{amount} 元", n=payments, amount=yuan(total_fen))
    return say("放行 {n} 笔，{amount} 元", n=payments, amount=yuan(total_fen)) if act else ""


def release_page(release_id: str, officer: Officer, as_of: datetime) -> Signing:
    """A standing release before the next hand. Raises ConflictError where there is none in the officer's scope."""
    for line in funds.lines(scope=officer.scope):
        for one in funds.releases(line.id, as_of=as_of):
            if one.id == release_id:
                return _release_signing(one, line, officer)
    raise ConflictError("no_such_release", f"{release_id} was never prepared", "look at the line's releases")


def _release_signing(one: Release, line: Line, officer: Officer) -> Signing:
    act = _act(one, officer)
    verbs = {"checker": say("复核这份授权"), "releaser": say("签发这份授权")}
    rows = (
        (say("预算"), str(line_name(line))),
        (say("有效期"), say("{start} 至 {end}", start=one.valid_from.isoformat(), end=one.valid_to.isoformat())),
        (say("已用"), say("{value} 元", value=yuan(one.used_fen))),
        (
            say("它允许什么"),
            say("在上限和有效期内，符合条件的免申即享和即时办结，系统自动拨付，每一笔都写明这份授权。"),
        ),
    )
    return Signing(
        id=one.id,
        office_id=line.office,
        title=say("常设授权"),
        headline=say("常设授权：{name}", name=line_name(line)),
        amount_fen=one.cap_fen,
        amount_note=say("上限"),
        rows=rows,
        hands=_hands(one, officer),
        act=act,
        act_words=verbs.get(act, ""),
        digest="",
        payments=(),
        before=None,
        after=None,
    )
