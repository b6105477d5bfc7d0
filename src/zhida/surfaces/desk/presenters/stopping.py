"""What keeps money from going: stop buttons that were pressed, frozen lines, and payments held one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from zhida.domain.postings import State
from zhida.domain.values import yuan
from zhida.kernel.accounts import queries as accounts
from zhida.kernel.cases.payments import cases_of_grants
from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.funds import queries as funds
from zhida.kernel.funds.ports import channels
from zhida.kernel.ledger import queries as ledger
from zhida.services.controls import holds
from zhida.services.controls.lifting import Kept
from zhida.services.controls.stops import StopKind, StopRecord, stops_in_force
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.finance_records import HeldLine, StopDesk, StopLine
from zhida.surfaces.desk.officers import MONEY, Officer
from zhida.surfaces.desk.presenters.facts import account_of, fact_href
from zhida.surfaces.desk.presenters.lifting import lifting_acts
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
    "list_source_down": "名单没有答复",
    "not_on_register": "登记里没有这个主体",
    "listed": "在名单上",
    "not_granted": "没有确定过这笔待遇",
    "payee_differs": "收款人不是确定待遇的那一个",
    "inputs_altered": "存下的事实和确定待遇时的不一样",
    "rule_differs": "按当时的规则重算，金额不一样",
    "account_shared": "很多收款人用同一个账户",
    "holder_differs": "户名和登记的名称不一样",
    "payee_burst": "同一收款人一天里付得太多",
    "payee_related": "收款人是经办部门的人，或是他们申报的亲属",
}
MOST = 5_000


def stop_desk(officer: Officer, as_of: datetime) -> StopDesk:
    """Every stop in force, every frozen line and held payment of the officer's, with what may be pressed."""
    items = {card.item_id: str(in_words(card.title_zh, card.title_en)) for card in catalogue.item_cards(as_of=as_of)}
    policies = {one.pack_id: str(in_words(one.title_zh, one.title_en)) for one in catalogue.policies(as_of=as_of)}
    stops = tuple(_stop(one, {**items, **policies}, officer) for one in stops_in_force())
    frozen = tuple(
        (str(line_name(line)), reverse("desk:line", args=[line.id]), line.frozen_reason)
        for line in funds.lines(scope=officer.scope) if line.frozen_reason
    )  # fmt: skip
    watched = _held(officer, as_of)
    has_all = any(one.kind is StopKind.ALL for one in stops_in_force())
    return StopDesk(
        stops=stops,
        frozen=frozen,
        held=tuple(one for one in watched if not one.is_over),
        flags=tuple(one for one in watched if one.is_over),
        acts=_acts(officer, items, policies, has_all=has_all),
        headline=_headline(len(stops) + len(frozen), has_all=has_all),
    )


def _headline(count: int, *, has_all: bool) -> str:
    if has_all:
        return say("全部拨付已经停下")
    return say("{n} 处停付", n=count) if count else say("没有停付，拨付照常")


def _stop(one: StopRecord, named: Mapping[str, str], officer: Officer) -> StopLine:
    pressed = ledger.entries_about(one.id)
    doers = accounts.names_of({account_of(pressed[0])}) if pressed else {}
    return StopLine(
        fact=fact_href(pressed[0].id, officer) if pressed else "",
        who=doers.get(account_of(pressed[0]), "") if pressed else "",
        kind=say(KINDS[str(one.kind)]),
        name=named.get(one.key, one.key),
        reason=one.reason,
        at=one.stopped_at,
        acts=lifting_acts(Kept.STOP, one.id, officer, say("恢复后，等着的付款会接着送出。")),
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
            reason=hold_words(each.reason, each.detail),
            since=each.held_at,
            until=each.until,
            is_over=each.until is not None and each.until <= as_of,
        )
        for each in found if each.disbursement_id in ours
    )  # fmt: skip


def hold_words(reason: str, detail: str = "") -> str:
    """Why a payment is held; what a list says is shown as it says it."""
    words = say(REASONS[reason]) if reason in REASONS else reason
    return f"{words}{say('：')}{detail}" if reason == "listed" and detail else words


def _acts(officer: Officer, items: Mapping[str, str], policies: Mapping[str, str], *, has_all: bool) -> tuple[Act, ...]:
    """Anybody of the three stops; a line is stopped by freezing it, on its own page or here."""
    if officer.role not in MONEY:
        return ()
    lines = names_of_lines(officer.scope)
    open_lines = {line.id: lines[line.id] for line in funds.lines(scope=officer.scope) if not line.frozen_reason}
    why, due = say("为什么停"), due_now(officer)
    now = say("当时生效：还没有送出的都不再送；已送出的等银行答复。")
    kinds = (
        ("line", say("冻结这条预算"), say("哪条预算"), open_lines),
        ("item", say("停这个事项"), say("哪个事项"), items),
        ("policy", say("停这项政策"), say("哪项政策"), policies),
        ("channel", say("停这个银行或通道"), say("哪个银行或通道"), {one: one for one in channels().names if one}),
    )
    acts = tuple(
        Act(kind, words, now, "stop", why, (_select(f"stop-{kind}", label, choices, due.get(kind, {})),))
        for kind, words, label, choices in kinds if choices
    )  # fmt: skip
    everything = Act("all", say("停止全部拨付"), f"{now}{due['all'].get('', _nothing())}", "stop", why)
    return acts if has_all else (everything, *acts)


def due_now(officer: Officer) -> dict[str, dict[str, str]]:
    """What each stop would hold back now, in words, by kind of stop and by key: reserved or released, never sent."""
    waiting = (State.RESERVED, State.INSTRUCTED)
    found = [
        one for one in funds.disbursements(scope=officer.scope, states=waiting, limit=MOST) if not one.requested_on
    ]
    owners = cases_of_grants([one.grant_id for one in found])
    sums: dict[str, dict[str, list[int]]] = {"all": {}}
    for one in found:
        item = owners[one.grant_id].item if one.grant_id in owners else ""
        keys = {"all": "", "line": one.line, "item": item, "policy": item.rpartition("/")[0]}
        keys["channel"] = channels().channel_of(one.line)
        for kind, key in keys.items():
            sums.setdefault(kind, {}).setdefault(key, []).append(one.amount_fen)
    return {kind: {key: _held_back(amounts) for key, amounts in of.items()} for kind, of in sums.items()}


def _held_back(amounts: list[int]) -> str:
    return say("会停下 {n} 笔，{value} 元", n=len(amounts), value=yuan(sum(amounts)))


def _nothing() -> str:
    return say("现在没有等送的")


def _select(name: str, label: str, choices: Mapping[str, str], due: Mapping[str, str]) -> Question:
    """A choice that says of each what stopping it would hold back."""
    told = {key: say("{name}：{due}", name=words, due=due.get(key, _nothing())) for key, words in choices.items()}
    given = [Choice("", say("请选择"), is_chosen=True), *(Choice(key, words) for key, words in told.items())]
    return Question(name, label, "select", choices=tuple(given))
