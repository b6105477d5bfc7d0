"""The stop buttons: for everything, a line, an item, a policy; pressed by any one, lifted by two."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from zhida.domain.values import Actor, new_id
from zhida.kernel.funds import actions
from zhida.kernel.funds import queries as funds
from zhida.services.controls.lifting import Kept
from zhida.services.controls.stops import StopKind, press_stop
from zhida.surfaces.desk.acts import Posted, answer_page, refused
from zhida.surfaces.desk.officers import MONEY, Officer, for_duty
from zhida.surfaces.desk.presenters import stopping as presenter
from zhida.surfaces.desk.views.lifting import is_lifting, lift
from zhida.surfaces.look.language import say
from zhida.surfaces.look.stepping_up import ask_again


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*MONEY, "auditor")
def stops(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What is stopped, frozen and held; a POST presses a stop, or proposes or confirms that one is lifted."""
    page = presenter.stop_desk(officer, as_of)
    return answer_page(request, "stops", {"page": page, "section": "stops"}, acts=page.acts,
                       of_cards=(act for line in page.stops for act in line.acts),
                       do=lambda tried: _do(request, tried, officer, as_of))  # fmt: skip


def _do(request: HttpRequest, tried: Posted, officer: Officer, as_of: datetime) -> Posted:
    """Pressing is for at once; letting go asks for the password again where it was typed too long ago."""
    name, by = tried.act.name, officer.at(officer.offices[0])
    if is_lifting(tried):
        ask_again(request)
        return lift(request, tried, Kept.STOP, by, as_of)
    key = request.POST.get(f"stop-{name}", "") if name != "all" else ""
    if name != "all" and key not in {choice.value for choice in tried.act.questions[0].choices if choice.value}:
        return refused(tried, f"stop-{name}", say("请从列出的里面选一个"))
    _press(name, key, tried.reason, officer, by, as_of)
    messages.success(request, say("已停下，当时生效"))
    return tried


def _press(name: str, key: str, reason: str, officer: Officer, by: Actor, as_of: datetime) -> None:
    if name == "line":
        office = funds.standing(key, scope=officer.scope).office
        actions.freeze_line(line=key, reason=reason, by=officer.at(office), as_of=as_of)
        return
    press_stop(stop_id=new_id("stop"), kind=StopKind(name), key=key, reason=reason, by=by, as_of=as_of)
