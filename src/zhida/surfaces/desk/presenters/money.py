"""Budget lines that close: all of an officer's on one page, and one with every movement on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.urls import reverse

from zhida.domain.postings import Kind, State
from zhida.domain.values import Scope, local_date, yuan
from zhida.kernel.funds import history
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.history import Movement
from zhida.kernel.funds.records import DisbursementRecord, Line
from zhida.services.controls.lifting import Kept
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import BudgetPage, BudgetRow, Funds, MovementLine, ReadyLine
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters import payments, signing
from zhida.surfaces.desk.presenters.lifting import lifting_acts
from zhida.surfaces.desk.presenters.lines import ledger_row, line_name
from zhida.surfaces.look.charts import bar
from zhida.surfaces.look.language import Text, say
from zhida.surfaces.look.parts import LedgerRow
from zhida.surfaces.look.telling.offices import office_name

MOVES = {
    (Kind.BUDGET, Kind.AVAILABLE): "拨入指标",
    (Kind.AVAILABLE, Kind.BUDGET): "核减指标",
    (Kind.AVAILABLE, Kind.COMMITTED): "占用",
    (Kind.COMMITTED, Kind.AVAILABLE): "取消占用",
    (Kind.COMMITTED, Kind.IN_FLIGHT): "送出",
    (Kind.IN_FLIGHT, Kind.PAID): "到账",
    (Kind.IN_FLIGHT, Kind.AVAILABLE): "没有付成",
    (Kind.RETURNED, Kind.AVAILABLE): "退票",
    (Kind.RECOVERED, Kind.AVAILABLE): "追回",
}
FIGURES = {
    Kind.BUDGET: "总额",
    Kind.AVAILABLE: "可用",
    Kind.COMMITTED: "已占",
    Kind.IN_FLIGHT: "在途",
    Kind.PAID: "已付",
    Kind.RETURNED: "退回",
    Kind.RECOVERED: "退回",
}
PER_PAGE, FEW, MOST_READY = 50, 10, 5_000


def _row(line: Line) -> BudgetRow:
    ledger = ledger_row(line)
    parts = [("ink", line.paid - line.returned), ("accent", line.in_flight), ("hatch", line.committed)]
    segments = bar(line.total, [*parts, ("free", line.available)])
    return BudgetRow(ledger, segments, office_name(line.office), line.frozen_reason)


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
    named = {line.id: str(line_name(line)) for line in lines}
    batches = signing.batch_lines(officer, named, is_open=True)
    releases = tuple(one for line in lines for one in signing.release_lines(line.id, named[line.id], officer, as_of))
    unknown = payments.unknown_lines(officer, as_of, named)
    return Funds(
        year=year,
        as_of=as_of,
        headline=_headline(lines, total),
        lead=_lead(total, sum(one.is_mine for one in (*batches, *releases)), len(unknown)),
        rows=tuple(_row(line) for line in lines),
        total=total if len(lines) > 1 else None,
        batches=batches,
        releases=releases,
        unknowns=unknown,
        ready=_ready(officer, named) if officer.role == "maker" else (),
        ways=_ways(officer),
    )


def _ready(officer: Officer, named: Mapping[str, str]) -> tuple[ReadyLine, ...]:
    """The lines on which payments wait for the maker to put them into a batch."""
    found = funds.disbursements(scope=officer.scope, states=[State.RESERVED], limit=MOST_READY)
    by_line: dict[str, list[int]] = {}
    for one in found:
        if not one.batch and not one.release and one.line in named:
            by_line.setdefault(one.line, []).append(one.amount_fen)
    return tuple(
        ReadyLine(named[line], reverse("desk:line", args=[line]), len(amounts), sum(amounts))
        for line, amounts in sorted(by_line.items())
    )


def _ways(officer: Officer) -> tuple[tuple[str, str], ...]:
    """What else is done with budgets, and for the auditor the pages that money officers have above."""
    names: tuple[tuple[str, str], ...] = (
        ("payments", "查付款"),
        ("transfers", "预算划转"),
        ("limits", "签字限额"),
        ("recoveries", "追回和抵扣"),
        ("recalls", "请银行退回"),
        ("obligations", "付款后的义务"),
    )
    if officer.role == "auditor":
        names += (("batches", "付款批次"), ("unknowns", "在途未明"), ("returns", "退票"), ("stops", "停付"))
    return tuple((say(label), reverse(f"desk:{name}")) for name, label in names)


def _lead(total: LedgerRow, waiting: int, unknown: int) -> str:
    lead = say("总额 {total}，还可用 {available}。", total=yuan(total.total), available=yuan(total.available))
    lead += say("有 {n} 件等您签。", n=waiting) if waiting else ""
    return lead + (say("{n} 笔银行结果未知。", n=unknown) if unknown else "")


def _headline(lines: tuple[Line, ...], total: LedgerRow) -> str:
    if not lines:
        return say("您的部门没有预算")
    rows = [ledger_row(line) for line in lines]
    open_ones = [row for row in rows if not row.is_balanced]
    if open_ones or not total.is_balanced:
        return say("{n} 条预算不平，请马上停下", n=len(open_ones))
    return say("{n} 条预算全部结平", n=len(lines))


def line_page(line_id: str, officer: Officer, as_of: datetime, *, before: str = "") -> BudgetPage:
    """One line, its movements from `before` on. Raises AccessError out of the officer's scope."""
    line = funds.standing(line_id, scope=officer.scope)
    ready = ready_payments(line_id, officer.scope)
    found = funds.disbursements(scope=officer.scope, line=line_id, limit=FEW)
    many = PER_PAGE if before else FEW
    moved = history.movements(line_id, scope=officer.scope, before=before, limit=many)
    name = str(line_name(line))
    return BudgetPage(
        row=_row(line),
        office=office_name(line.office),
        office_id=line.office,
        payments=payments.payment_lines(found, officer.scope),
        ready=len(ready),
        ready_fen=sum(one.amount_fen for one in ready),
        may_make=officer.role == "maker",
        releases=signing.release_lines(line_id, name, officer, as_of),
        batches=signing.batch_lines(officer, {line_id: name}, is_open=False),
        movements=tuple(movement_line(one) for one in moved),
        earlier=moved[-1].id if len(moved) == many else "",
        acts=_acts(line, officer),
    )


def _acts(line: Line, officer: Officer) -> tuple[Act, ...]:
    """Anybody of the three may stop a line; two persons let it pay again. Each says what it would change."""
    if officer.role not in signing.SIGNS:
        return ()
    committed, available, flying = yuan(line.committed), yuan(line.available), yuan(line.in_flight)
    if not line.frozen_reason:
        hint = say("当时生效：已占的 {committed} 元不再送出，可用的 {available} 元不再预留。", committed=committed,
                   available=available)  # fmt: skip
        hint += say("在途的 {value} 元不受影响。", value=flying)
        return (Act("freeze", say("冻结这条预算"), hint, "stop", say("冻结的理由")),)
    effect = say("当时生效：可用的 {available} 元又可以预留，等着的付款接着送出。", available=available)
    return lifting_acts(Kept.LINE, line.id, officer, effect)


def movement_line(one: Movement) -> MovementLine:
    """A movement in words: what it was, and between which two figures of the line."""
    href = reverse("desk:payment", args=[one.disbursement_id]) if one.disbursement_id else ""
    words = say(MOVES.get((one.source, one.target), "划转"))
    source, target = say(FIGURES[one.source]), say(FIGURES[one.target])
    return MovementLine(one.at, words, source, target, one.reference, href, one.amount_fen)


def ready_payments(line_id: str, scope: Scope) -> tuple[DisbursementRecord, ...]:
    """What is reserved on a line and lies in no batch and under no standing release."""
    found = funds.disbursements(scope=scope, line=line_id, states=[State.RESERVED], limit=5000)
    return tuple(one for one in found if not one.batch and not one.release)
