"""The supervisor's page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import watching as presenter


@require_safe
@for_duty("auditor", "operator", "author")
def supervision(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Entitled, claimed, granted, paid; late by office; where the ledger stands."""
    page = presenter.supervision(officer, as_of)
    return render(request, "desk/supervision.html", {"page": page, "section": "supervision"})
