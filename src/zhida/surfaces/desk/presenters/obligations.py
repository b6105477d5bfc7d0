"""What payees promised for the time after payment: what ends soon, what was found broken, what runs."""

from __future__ import annotations

from datetime import datetime
from math import ceil

from django.urls import reverse

from zhida.domain.values import local_date, yuan
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.services.controls.obligations import Owed, obligations
from zhida.surfaces.desk.control_records import ObligationLine, ObligationPage
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.payments import names_of_payees
from zhida.surfaces.look.language import say, spoken
from zhida.surfaces.look.parts import Page
from zhida.surfaces.look.telling.policies import title_of

SOON_DAYS, A_YEAR = 60, 366
PER_PAGE = 50


def obligation_page(officer: Officer, as_of: datetime, page: int = 1) -> ObligationPage:
    """The obligations of payments of the officer's lines, one page of them: the broken first, then what ends first."""
    found, today = obligations(scope=officer.scope, as_of=as_of), local_date(as_of)
    broken = [one for one in found if one.is_broken]
    running = [one for one in found if not one.is_broken]
    soon = [one for one in running if one.days_left(today) <= SOON_DAYS]
    count = max(1, ceil(len(found) / PER_PAGE))
    number = min(max(1, page), count)
    shown = [*broken, *running][(number - 1) * PER_PAGE : number * PER_PAGE]
    paid = funds.disbursements_by_id({one.disbursement_id for one in shown}, scope=officer.scope)
    payees = names_of_payees(paid, officer.scope)

    def lines(some: list[Owed]) -> tuple[ObligationLine, ...]:
        here = {*map(_key, some)}
        return tuple(_line(one, payees[one.subject_id], today.toordinal()) for one in shown if _key(one) in here)

    return ObligationPage(
        headline=_headline(len(soon), len(broken), len(found)),
        soon=lines(soon),
        broken=lines(broken),
        running=lines([one for one in running if one.days_left(today) > SOON_DAYS]),
        page=Page(
            number,
            count,
            f"?page={number - 1}" if number > 1 else "",
            f"?page={number + 1}" if number < count else "",
        ),
        soon_days=SOON_DAYS,
    )


def _key(one: Owed) -> tuple[str, str]:
    return one.disbursement_id, one.name


def _headline(soon: int, broken: int, count: int) -> str:
    if soon:
        return say("{n} 项义务快到期，先核实再过期", n=soon)
    if broken:
        return say("{n} 项义务认定没有履行", n=broken)
    return say("{n} 项义务在履行", n=count) if count else say("没有付款后的义务")


def obligation_words(revision_id: str, name: str) -> str:
    """What an obligation says, in the language of the page; its name where the pack has no words for it."""
    wording = catalogue.revision(revision_id).words
    told = wording.get("en" if spoken() == "en" else "zh")
    return (told.obligations.get(name, "") if told else "") or name


def _line(one: Owed, payee: str, today: int) -> ObligationLine:
    left, pack = one.ends_on.toordinal() - today, catalogue.revision(one.revision_id)
    ahead = say("还有 {n} 天", n=left) if left else say("今天到期")
    when = say("{n} 天前到期", n=-left) if left < 0 else ahead if left <= A_YEAR else ""
    return ObligationLine(
        payee=payee,
        words=obligation_words(one.revision_id, one.name),
        item=title_of(pack, catalogue.item_of(one.revision_id, one.item_id)),
        ends_on=one.ends_on,
        when=when,
        held_fen=one.held_fen,
        href=reverse("desk:payment", args=[one.disbursement_id]),
        reference=one.reference,
        found=_found(one),
    )


def _found(one: Owed) -> str:
    if one.debt is None:
        return ""
    if one.debt.waits_for:
        return say("等复核确认追回")
    if one.debt.open_fen:
        return say("还有 {value} 元没有追回", value=yuan(one.debt.open_fen))
    return say("已追回")
