"""Who may see what on the desk: deny by default. A view names the duties it is for; nobody else gets past its door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from zhida.domain.values import Actor, Scope, local_date
from zhida.kernel.offices import queries as offices
from zhida.kernel.offices.queries import HeldDuty
from zhida.kernel.ports import clock
from zhida.surfaces.desk.guarding import turned_away
from zhida.surfaces.desk.sealing import sealing_notice
from zhida.surfaces.look.language import say
from zhida.surfaces.look.telling.offices import ROLE_NAMES

MONEY = ("maker", "checker", "releaser")
OFFICERS = ("reviewer", "author", *MONEY, "auditor", "operator", "supervisor")
PAGES = (
    ("mine", "待办", ("reviewer",)),
    ("publicity", "公示与异议", ("reviewer",)),
    ("disputes", "数据异议", ("reviewer",)),
    ("feedback", "意见反馈", ("reviewer", "operator")),
    ("funds", "资金", (*MONEY, "auditor")),
    ("batches", "付款批次", MONEY),
    ("unknowns", "在途未明", MONEY),
    ("reconciliation", "对账", (*MONEY, "auditor")),
    ("returns", "退票", MONEY),
    ("stops", "停付", MONEY),
    ("limits", "签字限额", ("operator",)),
    ("supervision", "兑现情况", ("supervisor", "auditor", "operator", "author")),
    ("outreach", "应享未享", ("supervisor",)),
    ("visits", "走访", ("gridworker",)),
    ("drafts", "起草", ("author", "operator")),
    ("simulations", "推演", ("author", "operator")),
    ("operations", "运行", ("operator",)),
    ("people", "用户与职责", ("operator",)),
    ("templates", "通知模板", ("operator",)),
    ("ledger", "账本", ("auditor",)),
    ("verify", "核验", ("auditor",)),
    ("sampling", "抽查", ("auditor",)),
    ("interests", "回避申报", OFFICERS),
)


@dataclass(frozen=True)
class NavEntry:
    """One page of the desk that the officer may open."""

    name: str
    label: str
    href: str
    count: int | None = None


@dataclass(frozen=True)
class Officer:
    """An account acting in one role, at every office where it holds it; `scope` is what that role shows."""

    account: str
    name: str
    role: str
    offices: tuple[str, ...]
    scope: Scope

    def at(self, office: str) -> Actor:
        """The account acting at an office where it holds the role; at its first one where it does not."""
        return Actor(self.account, self.role, office=office if office in self.offices else self.offices[0])


def nav_of(held: tuple[HeldDuty, ...]) -> tuple[NavEntry, ...]:
    """The pages of the desk that these duties open."""
    roles = {one.role for one in held}
    return tuple(
        NavEntry(name, say(label), reverse(f"desk:{name}")) for name, label, needed in PAGES if roles & {*needed}
    )


def for_duty(*roles: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The view is for holders of one of these roles; it gets `officer` and `as_of`. Others see which duty is needed."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            as_of = clock().now()
            held = request.__dict__.pop("desk_held", None) or offices.duties_of(str(request.user.pk), as_of)
            request.desk_nav = nav_of(held)  # type: ignore[attr-defined]
            request.desk_search = _search_of(held)  # type: ignore[attr-defined]
            request.desk_sealing = SimpleLazyObject(lambda: sealing_notice(as_of))  # type: ignore[attr-defined]
            role = next((role for role in roles if any(one.role == role for one in held)), None)
            if role is None:
                needed = say("、").join(say(ROLE_NAMES[role]) for role in roles)
                return render(request, "desk/no_duty.html", {"needed": needed}, status=403)
            away = turned_away(request, role)
            return away or view(request, *args, officer=_officer(request, held, role, as_of), as_of=as_of, **kwargs)

        answer.duties = roles  # type: ignore[attr-defined]
        return answer

    return guard


def _search_of(held: tuple[HeldDuty, ...]) -> str:
    """What the search on every page looks for: cases, payments, or nothing for who may open neither."""
    roles = {one.role for one in held}
    if "reviewer" in roles:
        return "cases"
    return "payments" if roles & {*MONEY, "auditor"} else ""


def _officer(request: HttpRequest, held: tuple[HeldDuty, ...], role: str, as_of: datetime) -> Officer:
    account, name = str(request.user.pk), request.user.get_full_name() if request.user.is_authenticated else ""
    places = tuple(dict.fromkeys(one.office for one in held if one.role == role))
    scope = offices.scope_at(frozenset(places), on=local_date(as_of), purpose=f"duty:{role}")
    return Officer(account, name, role, places, scope)
