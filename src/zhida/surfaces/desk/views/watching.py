"""The supervisor's and the auditor's pages."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import watching as presenter


@require_safe
@for_duty("auditor", "operator", "author")
def supervision(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Entitled, claimed, granted, paid; late by office; where the ledger stands."""
    page = presenter.supervision(officer, as_of)
    return render(request, "desk/supervision.html", {"page": page, "section": "supervision"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("auditor")
def ledger(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Facts by what they are about; a POST reads the whole log and says whether it holds."""
    text, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page = presenter.ledger_desk(text, kind, verify=request.method == "POST")
    return render(request, "desk/ledger.html", {"page": page, "section": "ledger"})
