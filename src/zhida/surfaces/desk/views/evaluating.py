"""Policies after a year: the list of them, each one's evaluation on a page, as JSON and on paper."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.domain.values import local_date
from zhida.services.evaluation.records import Evaluation
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import evaluating as presenter

_WHO = ("supervisor", "auditor", "operator", "author")


@require_safe
@for_duty(*_WHO)
def evaluations(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The policies that can be evaluated."""
    listed = presenter.policies(officer, as_of)
    return render(request, "desk/evaluations.html", {"policies": listed, "section": "supervision"})


@require_safe
@for_duty(*_WHO)
def evaluation(request: HttpRequest, pack_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One policy in one year."""
    page = presenter.evaluation_page(_found(request, pack_id, officer, as_of))
    return render(request, "desk/evaluation.html", {"page": page, "section": "supervision"})


@require_safe
@for_duty(*_WHO)
def evaluation_file(request: HttpRequest, pack_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The same as JSON, with the digest of it."""
    found = _found(request, pack_id, officer, as_of)
    record = {**found.record(), "digest": found.digest}
    return JsonResponse(record, json_dumps_params={"ensure_ascii": False, "indent": 2})


@require_safe
@for_duty(*_WHO)
def evaluation_paper(request: HttpRequest, pack_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The same on paper."""
    page = presenter.evaluation_page(_found(request, pack_id, officer, as_of))
    response = HttpResponse(presenter.paper(page), content_type="application/pdf")
    name = f"{pack_id.replace('/', '-')}-{page.year}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(request: HttpRequest, pack_id: str, officer: Officer, as_of: datetime) -> Evaluation:
    asked, today = request.GET.get("year", ""), local_date(as_of)
    is_year = len(asked) == 4 and asked.isascii() and asked.isdigit() and date.min.year < int(asked) <= today.year
    return presenter.evaluated(pack_id, int(asked) if is_year else today.year, officer, as_of)
