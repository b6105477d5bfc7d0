"""What keeps money from going: stop buttons that were pressed, frozen lines, and payments held one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.services.controls import holds
from zhida.services.controls.stops import StopKind, StopRecord, stops_in_force
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import HeldLine, StopDesk, StopLine
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.desk.presenters.lines import line_name, names_of_lines
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Choice, Question
from zhida.surfaces.look.telling.policies import in_words

KINDS: Mapping[str, str] = {"all": "全部拨付", "channel": "一条付款通道", "policy": "一项政策", "item": "一个事项"}
REASONS: Mapping[str, str] = {
    "account_changed": "账户刚改过",
    "account_superseded": "账户已经换了",
    "first_payment_to_account": "第一次付到这个账户",
    "grant_revoked": "待遇已经撤销",
    "amount_differs": "金额与确定的待遇不符",
    "list_silent": "名单没有答复",
}
LIFT = "lift-"


def stop_desk(officer: Officer, as_of: datetime) -> StopDesk:
    """Every stop in force, every frozen line and held payment of the officer's, with what may be pressed."""
    items = {card.item_id: str(in_words(card.title_zh, card.title_en)) for card in catalogue.item_cards(as_of=as_of)}
    policies = {one.pack_id: str(in_words(one.title_zh, one.title_en)) for one in catalogue.policies(as_of=as_of)}
    stops = tuple(_stop(one, {**items, **policies}, officer) for one in stops_in_force())
    frozen = tuple(
        (str(line_name(line)), reverse("desk:line", args=[line.id]), line.frozen_reason)
        for line in funds.lines(scope=officer.scope) if line.frozen_reason
    )  # fmt: skip
    has_all = any(one.kind is StopKind.ALL for one in stops_in_force())
    return StopDesk(
        stops=stops,
        frozen=frozen,
        held=_held(officer, as_of),
        acts=_acts(officer, items, policies, has_all=has_all),
        headline=_headline(len(stops) + len(frozen), has_all=has_all),
    )


def _headline(count: int, *, has_all: bool) -> str:
    if has_all:
        return say("全部拨付已经停下")
    return say("{n} 处停付", n=count) if count else say("没有停付，拨付照常")


def _stop(one: StopRecord, named: Mapping[str, str], officer: Officer) -> StopLine:
    lifting = Act(f"{LIFT}{one.id}", say("恢复拨付"), say("恢复后，等着的付款会接着送出。"), "", say("为什么恢复"))
    return StopLine(
        kind=say(KINDS[str(one.kind)]),
        name=named.get(one.key, one.key),
        reason=one.reason,
        at=one.stopped_at,
        acts=(lifting,) if officer.role == "releaser" else (),
    )


def _held(officer: Officer, as_of: datetime) -> tuple[HeldLine, ...]:
    found = holds.holds_open()
    ours = {
        one.id: one for one in funds.disbursements_by_id([each.disbursement_id for each in found], scope=officer.scope)
    }
    named = names_of_lines(officer.scope) if ours else {}
    return tuple(
        HeldLine(
            reference=ours[each.disbursement_id].reference,
            href=reverse("desk:payment", args=[each.disbursement_id]),
            line=named.get(ours[each.disbursement_id].line, ""),
            amount_fen=ours[each.disbursement_id].amount_fen,
            reason=hold_words(each.reason),
            since=each.held_at,
            until=each.until,
            is_over=each.until is not None and each.until <= as_of,
        )
        for each in found if each.disbursement_id in ours
    )  # fmt: skip


def hold_words(reason: str) -> str:
    """Why a payment is held; what a list says is shown as it says it."""
    return say(REASONS[reason]) if reason in REASONS else reason


def _acts(officer: Officer, items: Mapping[str, str], policies: Mapping[str, str], *, has_all: bool) -> tuple[Act, ...]:
    """Anybody of the three stops; a line is stopped by freezing it, on its own page or here."""
    lines = names_of_lines(officer.scope)
    open_lines = {line.id: lines[line.id] for line in funds.lines(scope=officer.scope) if not line.frozen_reason}
    why = say("为什么停")
    now = say("当时生效：还没有送出的都不再送；已送出的等银行答复。")
    acts = [
        Act("line", say("冻结这条预算"), now, "stop", why, (_select("stop-line", say("哪条预算"), open_lines),)),
        Act("item", say("停这个事项"), now, "stop", why, (_select("stop-item", say("哪个事项"), items),)),
        Act("policy", say("停这项政策"), now, "stop", why, (_select("stop-policy", say("哪项政策"), policies),)),
    ]
    everything = Act("all", say("停止全部拨付"), now, "stop", why)
    return (*acts,) if has_all else (everything, *acts)


def _select(name: str, label: str, choices: Mapping[str, str]) -> Question:
    given = [Choice("", say("请选择"), is_chosen=True), *(Choice(key, words) for key, words in choices.items())]
    return Question(name, label, "select", choices=tuple(given))
