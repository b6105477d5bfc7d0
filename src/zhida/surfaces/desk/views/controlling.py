"""Limits of signing, transfers between lines, and recoveries: one proposes, another agrees, each act once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ConflictError
from zhida.domain.values import Actor, Scope, once
from zhida.services.controls import limits as limit_actions
from zhida.services.controls import offsetting, recalling, recovering
from zhida.services.controls import transfers as transfer_actions
from zhida.surfaces.desk.acts import Act, Posted, amount_of, answer_page, chosen_of, refused
from zhida.surfaces.desk.control_records import Card
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import limits as limit_presenter
from zhida.surfaces.desk.presenters import obligations as obligation_presenter
from zhida.surfaces.desk.presenters import recalls as recall_presenter
from zhida.surfaces.desk.presenters import recoveries as recovery_presenter
from zhida.surfaces.desk.presenters import transfers as transfer_presenter
from zhida.surfaces.desk.walls import behind_wall
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.language import say
from zhida.surfaces.look.stepping_up import newly_known


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "operator", "auditor")
@behind_wall
@newly_known
def limits(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What each duty signs for; a POST proposes a limit, confirms or withdraws one."""
    page, by = limit_presenter.limit_page(officer), officer.at(officer.offices[0])
    context = {"page": page, "section": "limits" if officer.role == "operator" else "funds"}
    return answer_page(request, "limits", context, acts=page.acts, of_cards=_of(page.cards),
                       do=lambda tried: _limit(request, tried, by, as_of))  # fmt: skip


def _of(cards: Iterable[Card]) -> Iterator[Act]:
    return (act for card in cards for act in card.acts)


def _limit(request: HttpRequest, tried: Posted, by: Actor, as_of: datetime) -> Posted:
    name = tried.act.name
    if name.startswith(limit_presenter.CONFIRM):
        change_id = name.removeprefix(limit_presenter.CONFIRM)
        limit_actions.confirm_limit(change_id=change_id, by=by, as_of=as_of)
        messages.success(request, say("限额已生效"))
        return tried
    if name.startswith(limit_presenter.WITHDRAW):
        change_id = name.removeprefix(limit_presenter.WITHDRAW)
        limit_actions.withdraw_limit(change_id=change_id, by=by, as_of=as_of)
        messages.success(request, say("已撤回"))
        return tried
    tried, chosen = chosen_of(request, tried)
    up_to_fen, text = None, request.POST.get("up_to", "").strip()
    if text:
        tried, up_to_fen = amount_of(tried, "up_to", text)
    if tried.faults:
        return tried
    limit_actions.propose_limit(
        change_id=once("limit", tried.token), duty=chosen["duty"], line=chosen["line"], per=chosen["per"],
        up_to_fen=up_to_fen, reason=tried.reason, by=by, as_of=as_of,
    )  # fmt: skip
    messages.success(request, say("已提出，等第二人确认"))
    return tried


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
@newly_known
def transfers(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Money between lines; a POST proposes a transfer, signs or withdraws one."""
    page, by = transfer_presenter.transfer_page(officer), officer.at(officer.offices[0])
    return answer_page(request, "transfers", {"page": page, "section": "funds"}, acts=page.acts,
                       of_cards=_of(page.cards), do=lambda tried: _transfer(request, tried, by, as_of))  # fmt: skip


def _transfer(request: HttpRequest, tried: Posted, by: Actor, as_of: datetime) -> Posted:
    name = tried.act.name
    if name.startswith(transfer_presenter.SIGN):
        sign = transfer_actions.check_transfer if by.duty == "checker" else transfer_actions.release_transfer
        sign(transfer_id=name.removeprefix(transfer_presenter.SIGN), by=by, as_of=as_of)
        messages.success(request, say("已签"))
        return tried
    if name.startswith(transfer_presenter.WITHDRAW):
        transfer_id = name.removeprefix(transfer_presenter.WITHDRAW)
        transfer_actions.withdraw_transfer(transfer_id=transfer_id, by=by, as_of=as_of)
        messages.success(request, say("已撤回"))
        return tried
    tried, chosen = chosen_of(request, tried)
    tried, amount = amount_of(tried, "amount", request.POST.get("amount", ""))
    if not tried.faults and amount == 0:
        tried = refused(tried, "amount", say("要大于 0"))
    if not tried.faults and chosen["source"] == chosen["target"]:
        tried = refused(tried, "target", say("要选另一条预算"))
    return tried if tried.faults else _proposed(request, tried, chosen, amount, by, as_of)


def _proposed(
    request: HttpRequest, tried: Posted, chosen: dict[str, str], amount: int, by: Actor, as_of: datetime
) -> Posted:
    transfer_id = once("transfer", tried.token)
    source, target = (chosen[each].removeprefix(transfer_presenter.OUTSIDE) for each in ("source", "target"))
    scope = Scope.system("transfer")
    if any(one.id == transfer_id for one in transfer_actions.transfers(scope=scope, is_open=False)):
        return tried
    try:
        transfer_actions.prepare_transfer(
            transfer_id=transfer_id, source=source, target=target, amount_fen=amount, reason=tried.reason, by=by,
            as_of=as_of,
        )  # fmt: skip
    except ConflictError as error:
        return refused(tried, "amount", words_of(error))
    messages.success(request, say("已提出，等复核"))
    return tried


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
@newly_known
def recoveries(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What is owed and set off; a POST confirms, withdraws or ends one."""
    page, by = recovery_presenter.recovery_page(officer), officer.at(officer.offices[0])
    return answer_page(request, "recoveries", {"page": page, "section": "funds"},
                       of_cards=_of((*page.debts, *page.set_offs)),
                       do=lambda tried: _signed(request, tried, _recover, by, as_of))  # fmt: skip


def _signed(request: HttpRequest, tried: Posted, do: Callable[[str, Actor, datetime], None], by: Actor,
            as_of: datetime) -> Posted:  # fmt: skip
    do(tried.act.name, by, as_of)
    messages.success(request, say("已办：{words}", words=tried.act.words))
    return tried


def _recover(name: str, by: Actor, as_of: datetime) -> None:
    verb, _, what = name.partition("-")
    if what.startswith("debt_"):
        act = recovering.confirm_recovery if verb == "confirm" else recovering.withdraw_recovery
        act(debt_id=what, by=by, as_of=as_of)
    elif verb == "confirm":
        offsetting.confirm_set_off(set_off_id=what, by=by, as_of=as_of)
    elif verb == "withdraw":
        offsetting.withdraw_set_off(set_off_id=what, by=by, as_of=as_of)
    else:
        offsetting.settle_set_off(set_off_id=what, by=by, as_of=as_of)


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
@behind_wall
def recalls(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What banks are asked to give back; a POST confirms a recall or withdraws one."""
    page, by = recall_presenter.recall_page(officer), officer.at(officer.offices[0])
    return answer_page(request, "recalls", {"page": page, "section": "funds"}, of_cards=_of(page.cards),
                       do=lambda tried: _signed(request, tried, _recall, by, as_of))  # fmt: skip


def _recall(name: str, by: Actor, as_of: datetime) -> None:
    verb, _, recall_id = name.partition("-")
    act = recalling.confirm_recall if verb == "confirm" else recalling.withdraw_recall
    act(recall_id=recall_id, by=by, as_of=as_of)


@require_safe
@for_duty(*MONEY, "auditor")
@behind_wall
def obligations(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What payees promised for the time after payment."""
    asked = request.GET.get("page", "1")
    number = int(asked[:9]) if asked.isascii() and asked.isdigit() else 1
    page = obligation_presenter.obligation_page(officer, as_of, number)
    return render(request, "desk/obligations.html", {"page": page, "section": "funds"})
