"""The close of a day as two persons sign it: counts and sums under one digest, and what has not come to zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from django.urls import reverse

from zhida.domain.errors import ConflictError
from zhida.domain.postings import Clearing, DayBalance
from zhida.domain.values import new_id, yuan
from zhida.kernel.funds import queries as funds
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls import closing
from zhida.surfaces.desk.acts import Act, Posted
from zhida.surfaces.desk.finance_records import ClearingLine, ClosingPage
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters import reconciling
from zhida.surfaces.desk.presenters.signing import grouped
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Told, told


def closing_of(day: date, officer: Officer) -> ClosingPage | None:
    """How a day stands for its close; None where no statement of it was compared."""
    try:
        balance = closing.day_balance(day)
    except ConflictError:
        return None
    is_closed, prepared = closing.is_closed(day), closing.prepared_close(day)
    digest = _digest(prepared) if prepared else ""
    paths = _paths(balance)
    acts = () if is_closed else _acts(officer, digest)
    rows = told(
        (say("对账单条数"), f"{balance.lines:,}"),
        (say("已付"), say("{value} 元", value=yuan(balance.paid_fen))),
        (say("退回"), say("{value} 元", value=yuan(balance.returned_fen))),
        (say("在途没有答复"), say("{value} 元", value=yuan(balance.in_flight_fen))),
        (say("说不清的"), say("{value} 元", value=yuan(balance.unexplained_fen))),
        Told(say("内容指纹"), grouped(digest), is_code=True),
    )
    return ClosingPage(
        words=_words(balance, is_closed=is_closed, is_prepared=bool(prepared)),
        is_clean=balance.is_clean,
        rows=rows,
        in_flight=tuple(_clearing(one, paths) for one in balance.in_flight),
        unexplained=tuple(_clearing(one, paths) for one in balance.unexplained),
        acts=acts,
        next_words="" if acts or is_closed else _next(is_prepared=bool(digest)),
    )


def _next(*, is_prepared: bool) -> str:
    """Who acts next, for those who do not."""
    return say("等复核或放行的人签。") if is_prepared else say("等制单先核对，签过之后再由第二人签。")


def _paths(balance: DayBalance) -> dict[str, str]:
    """The way to the payment behind each reference that is ours."""
    named = {one.reference for one in (*balance.in_flight, *balance.unexplained)}
    return {one: reverse("desk:payment", args=[payment]) for one, payment in funds.ids_of(named).items()}


def _digest(close_id: str) -> str:
    """What the maker signed."""
    told = [fact for fact in ledger.entries_about(close_id) if fact.kind == "funds.day_prepared"]
    return str(told[-1].fields.get("digest", "")) if told else ""


def _words(balance: DayBalance, *, is_closed: bool, is_prepared: bool) -> str:
    if is_closed:
        return say("已日终，两人签过")
    if is_prepared:
        return say("制单已签，等第二人签")
    return say("两个过渡户都是 0，可以日终") if balance.is_clean else say("过渡户还没有归零，签的时候一并写明")


def _clearing(one: Clearing, paths: Mapping[str, str]) -> ClearingLine:
    names = {"unknown": say("结果未知"), "instructed": say("在途")}
    kinds = reconciling.KINDS
    name = names.get(one.name) or (say(kinds[one.name][0]) if one.name in kinds else one.name)
    return ClearingLine(name, one.reference, paths.get(one.reference, ""), one.amount_fen, one.since, one.age_days)


def _acts(officer: Officer, digest: str) -> tuple[Act, ...]:
    preparing = Act("prepare", say("我已核对，送第二人签"), say("签的是上面的条数、合计和没有归零的每一笔。"), "act")
    if officer.role == "maker":
        return (replace(preparing, words=say("重新核对，再送第二人签"), look=""),) if digest else (preparing,)
    if officer.role in ("checker", "releaser") and digest:
        hint = say("签过之后，这一天不再比对；后来的记到后来的日子。")
        return (Act("close", say("签字，日终"), hint, "act", token=digest),)
    return ()


def sign(day: date, tried: Posted, officer: Officer, as_of: datetime) -> str:
    """Gives one of the two signatures over the day as it was shown; the words for the page that follows."""
    by = officer.at(officer.offices[0])
    if tried.act.name == "prepare":
        closing.prepare_close(close_id=new_id("close"), day=day, by=by, as_of=as_of)
        return say("已签，等第二人签")
    closing.check_close(close_id=closing.prepared_close(day) or "", digest=tried.token, by=by, as_of=as_of)
    return say("已日终")
