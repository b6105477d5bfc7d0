"""Letting go what was kept back, as acts on whichever page shows it: propose, confirm by another person, take back."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.domain.values import new_id
from zhida.services.controls.lifting import CONFIRMERS, PROPOSERS, Kept, waiting_lifting
from zhida.surfaces.desk.acts import Act
from zhida.surfaces.desk.officers import Officer
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import ROLE_NAMES

PROPOSE, CONFIRM, WITHDRAW = "propose-", "confirm-", "withdraw-"
_WORDS: Mapping[Kept, tuple[str, str, str, str]] = {
    Kept.LINE: ("提出解冻", "确认解冻", "撤回解冻", "解冻的理由"),
    Kept.STOP: ("提出恢复拨付", "确认恢复拨付", "撤回恢复", "为什么恢复"),
    Kept.HOLD: ("提出放开这一笔", "确认放开", "撤回这次放开", "怎么查清的"),
}


def lifting_acts(kind: Kept, key: str, officer: Officer, effect: str) -> tuple[Act, ...]:
    """What the officer may do towards letting something go; `effect` says what happens once it is confirmed."""
    propose, confirm, withdraw, why = (say(words) for words in _WORDS[kind])
    if officer.role not in PROPOSERS:
        return ()
    who = say("、").join(say(ROLE_NAMES[duty]) for duty in CONFIRMERS[kind])
    waiting = waiting_lifting(kind, key)
    if waiting is None:
        hint = say("提出之后不变，等{who}的另一个人确认。", who=who)
        return (Act(f"{PROPOSE}{key}", propose, hint, "", why, token=new_id("lifting")),)
    acts = []
    if officer.role in CONFIRMERS[kind] and officer.account != waiting.maker:
        hint = say("理由：{reason}。", reason=waiting.reason) + effect
        acts.append(Act(f"{CONFIRM}{waiting.id}", confirm, hint, "act"))
    hint = say("已经有人提出，等{who}的另一个人确认。", who=who)
    return (*acts, Act(f"{WITHDRAW}{waiting.id}", withdraw, hint))
