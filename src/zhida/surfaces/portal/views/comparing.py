"""The same measure in several places, side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.surfaces.look.kept_pages import kept_page
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import comparing as presenter


@require_safe
@kept_page()
def compare(request: HttpRequest) -> HttpResponse:
    """Every measure that can be compared."""
    context = {"measures": presenter.measures(now()), "section": "policies"}
    return render(request, "portal/compare.html", context)


@require_safe
@kept_page()
def compared(request: HttpRequest, measure: str) -> HttpResponse:
    """One measure; the address says which places."""
    page = presenter.comparison(measure, request.GET.getlist("item"), now())
    if page is None:
        raise Http404
    return render(request, "portal/compared.html", {"page": page, "section": "policies"})
