"""Acts that need a reason: who is offered which, how each asks for its reason, and what a POST of one came to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zhida.domain.errors import AccessError
from zhida.domain.rules import FactType
from zhida.surfaces.look.asking import NotTaken, taken
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault, Question

LONGEST = 200
AMOUNT = FactType("amount_fen", "number", unit="fen", scale=0)


@dataclass(frozen=True)
class Act:
    """One thing an officer may do here: its name in the form, the words on its button, and what it asks for.

    `look` is "act" for the one expected next, "stop" for what halts money, "" for the rest. `token` comes back with the
    form: what was shown when it was pressed.
    """

    name: str
    words: str
    hint: str = ""
    look: str = ""
    reason: str = ""
    questions: tuple[Question, ...] = ()
    typed: str = ""
    fault: str = ""
    token: str = ""


@dataclass(frozen=True)
class Posted:
    """The act that was posted and its reason; `faults` where it cannot be done yet."""

    act: Act
    reason: str
    faults: tuple[Fault, ...]
    token: str = ""


def posted(request: HttpRequest, offered: Iterable[Act]) -> Posted:
    """What was asked for. Raises AccessError for an act that is not offered to this officer here."""
    name = request.POST.get("act", "")
    act = next((one for one in offered if one.name == name), None)
    if act is None:
        raise AccessError("act_not_offered", f"{name!r} is not yours to do here", "ask whoever holds the duty")
    reason = request.POST.get(f"{name}-reason", "").strip()
    faults: tuple[Fault, ...] = ()
    if act.reason and not 0 < len(reason) <= LONGEST:
        faults = (Fault(f"{name}-reason", say("请写明理由，不超过 {n} 字", n=LONGEST)),)
    return Posted(act, reason, faults, request.POST.get("token", ""))


def refused(tried: Posted, field: str, words: str) -> Posted:
    """The same, with one thing to mend."""
    return replace(tried, faults=(*tried.faults, Fault(field, words)))


def answer_page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, Any],
    *,
    acts: tuple[Act, ...] = (),
    of_cards: Iterable[Act] = (),
    do: Callable[[Posted], Posted],
) -> HttpResponse:
    """The page `desk:NAME`; a POST does one of its acts, or one of its cards', and comes back to it.

    `do` gives the act back, with faults where something is to be mended: then the page is shown again with them.
    """
    shown = {**context, "acts": acts}
    if request.method == "POST":
        tried = posted(request, (*acts, *of_cards))
        tried = tried if tried.faults else do(tried)
        if not tried.faults:
            return redirect(f"desk:{name}")
        shown |= {"acts": with_faults(acts, tried, request.POST), "faults": tried.faults}
    return render(request, f"desk/{name}.html", shown)


def with_faults(offered: Iterable[Act], tried: Posted, given: Mapping[str, str]) -> tuple[Act, ...]:
    """The acts as the page shows them again: what was typed stays, what is wrong stands beside it."""
    wrong = {fault.field: fault.words for fault in tried.faults}
    return tuple(_again(one, tried, given, wrong) if one.name == tried.act.name else one for one in offered)


def _again(one: Act, tried: Posted, given: Mapping[str, str], wrong: Mapping[str, str]) -> Act:
    questions = tuple(_asked_again(asked, given.get(asked.name, ""), wrong) for asked in one.questions)
    return replace(one, typed=tried.reason, fault=wrong.get(f"{one.name}-reason", ""), questions=questions)


def _asked_again(asked: Question, given: str, wrong: Mapping[str, str]) -> Question:
    choices = tuple(replace(choice, is_chosen=choice.value == given) for choice in asked.choices)
    return replace(asked, value=given, choices=choices, fault=wrong.get(asked.name, ""))


def chosen_of(request: HttpRequest, tried: Posted) -> tuple[Posted, dict[str, str]]:
    """What was chosen of each list that the act asks with; a fault where it is not on the list."""
    found: dict[str, str] = {}
    for asked in tried.act.questions:
        if asked.kind != "select":
            continue
        found[asked.name] = request.POST.get(asked.name, "")
        if found[asked.name] not in _offered(asked):
            tried = refused(tried, asked.name, say("请从列出的里面选一个"))
    return tried, found


def _offered(asked: Question) -> set[str]:
    """The values that may be chosen: a blank only says that nothing was, unless no choice is marked as that."""
    return {choice.value for choice in asked.choices if not (choice.is_chosen and choice.value == "")}


def amount_of(tried: Posted, field: str, text: str) -> tuple[Posted, int]:
    """An amount in fen, not below 0; a fault where what was typed is none."""
    try:
        amount = taken(text, AMOUNT)
    except NotTaken as problem:
        return refused(tried, field, problem.words), 0
    return (tried, amount) if amount >= 0 else (refused(tried, field, say("要大于 0")), 0)
