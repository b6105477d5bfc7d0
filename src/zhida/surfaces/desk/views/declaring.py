"""An officer's own page: whom they stand aside from."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from zhida.domain.values import local_date
from zhida.services.controls import kinship
from zhida.surfaces.desk.acts import Posted, answer_page, chosen_of, refused
from zhida.surfaces.desk.officers import OFFICERS, Officer, for_duty
from zhida.surfaces.desk.presenters import declaring as presenter
from zhida.surfaces.look.language import say
from zhida.surfaces.look.stepping_up import newly_known


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*OFFICERS)
@newly_known
def interests(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """What I declared; a POST declares one more."""
    context = {"page": presenter.declaration_desk(officer), "section": "interests"}
    return answer_page(request, "interests", context, acts=(presenter.declaring(),),
                       do=lambda tried: _declare(request, tried, officer, as_of))  # fmt: skip


def _declare(request: HttpRequest, tried: Posted, officer: Officer, as_of: datetime) -> Posted:
    tried, chosen = chosen_of(request, tried)
    given = {name: request.POST.get(name, "")[:200].replace("\x00", "") for name in ("name", "number")}
    tie = kinship.NewTie(chosen["relation"], given["name"], given["number"])
    if not tried.faults and (field := kinship.fault_of(tie, local_date(as_of))):
        tried = refused(tried, field, _words(field, tie.relation))
    if tried.faults:
        return tried
    ties, by = [(officer.account, tie)], officer.at(officer.offices[0])
    if kinship.declare_ties(ties=ties, source=kinship.OWN, by=by, as_of=as_of):
        messages.success(request, say("已申报"))
        if kinship.is_doubtful(tie):
            messages.warning(
                request,
                say("号码的最后一位（校验码）对不上，请对照证件再看一眼；写错了就再申报一次，错的请人事部门去掉。"),
            )
    else:
        messages.info(request, say("已经申报过"))
    return tried


def _words(field: str, relation: str) -> str:
    if field == "name":
        return say("请写姓名或名称，不超过 100 字，不带看不见的符号")
    if relation == kinship.FIRM:
        return say("统一社会信用代码是 18 位")
    return say("公民身份号码是 18 位，最后一位可以是 X；第 7 到 14 位是出生日期")
