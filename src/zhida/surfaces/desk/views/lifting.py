"""Doing what `presenters.lifting` offers, on the page of a line, of stops, or of a payment."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest

from zhida.domain.values import Actor, once
from zhida.services.controls.lifting import Kept, confirm_lifting, propose_lifting, withdraw_lifting
from zhida.surfaces.desk.acts import Posted
from zhida.surfaces.desk.presenters.lifting import CONFIRM, PROPOSE, WITHDRAW
from zhida.surfaces.look.language import say

_DONE = {Kept.LINE: "已解冻", Kept.STOP: "已恢复，等着的付款会接着送出", Kept.HOLD: "已放开，重新送出"}


def is_lifting(tried: Posted) -> bool:
    """Whether an act is one of the three."""
    return tried.act.name.startswith((PROPOSE, CONFIRM, WITHDRAW))


def lift(request: HttpRequest, tried: Posted, kind: Kept, by: Actor, as_of: datetime) -> Posted:
    """Proposes, confirms or takes back; the next page says which. Raises as `services.controls.lifting` does."""
    verb, _, what = tried.act.name.partition("-")
    if verb == "propose":
        propose_lifting(lifting_id=once("lifting", tried.token), kind=kind, key=what, reason=tried.reason, by=by,
                        as_of=as_of)  # fmt: skip
        messages.success(request, say("已提出，等第二人确认"))
    elif verb == "confirm":
        confirm_lifting(lifting_id=what, by=by, as_of=as_of)
        messages.success(request, say(_DONE[kind]))
    else:
        withdraw_lifting(lifting_id=what, by=by, as_of=as_of)
        messages.success(request, say("已撤回"))
    return tried
