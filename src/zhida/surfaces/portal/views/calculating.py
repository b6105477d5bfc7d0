"""The calculator: no log-in, nothing kept, every answer in the address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhida.surfaces.look.kept_pages import kept_page
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import calculator as presenter

A_MINUTE = 60.0
"""Firms are registered without the catalogue knowing."""


@require_safe
@kept_page(A_MINUTE)
def calculator(request: HttpRequest) -> HttpResponse:
    """Where one begins; the only firm of a name goes straight to its result."""
    page = presenter.start(request.GET.get("firm", "").strip(), now())
    if len(page.firms) == 1:
        return redirect(page.firms[0].query)
    return render(request, "portal/calculator.html", {"page": page, "section": "calculator"})


@never_cache
@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The three groups, and at most three questions."""
    page = presenter.result(request.GET.dict(), now())
    return render(request, "portal/result.html", {"page": page, "section": "calculator"})
