"""What everybody may read: the front page, policies, items."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.surfaces.look.kept_pages import kept_page
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import asking, calculator, items, policies, searching
from zhida.surfaces.portal.presenters import home as front

NAME_OF_A_FIRM = re.compile(r"[\u3400-\u9fff]{2}|^[0-9A-Z]{18}$")
"""Firms are named in Chinese, or by their unified social credit code."""
A_MINUTE = 60.0
"""For pages on which something may change that the catalogue does not know of: firms, what became of claims."""


@require_safe
@kept_page()
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    return render(request, "portal/home.html", {"page": front.home(now())})


@require_safe
@kept_page(A_MINUTE)
def policy_list(request: HttpRequest) -> HttpResponse:
    """Policies found; every choice stands in the address."""
    page = searching.policy_list(request.GET.dict(), now())
    firms = calculator.firms(page.text) if NAME_OF_A_FIRM.search(page.text) else ()
    return render(request, "portal/policies.html", {"page": page, "firms": firms, "section": "policies"})


@require_safe
@kept_page()
def advanced(request: HttpRequest) -> HttpResponse:
    """Searching by the core metadata of documents (GB/T 21063.3); its form leads to the list."""
    page = asking.advanced(request.GET.dict(), now())
    return render(request, "portal/advanced.html", {"page": page, "section": "policies"})


@require_safe
@kept_page()
def policy(request: HttpRequest, region: str, slug: str) -> HttpResponse:
    """One policy with its text."""
    page = policies.policy_page(f"{region}/{slug}", now())
    return render(request, "portal/policy.html", {"page": page, "section": "policies"})


@require_safe
@kept_page(A_MINUTE)
def item(request: HttpRequest, region: str, slug: str, name: str) -> HttpResponse:
    """The guide of one item."""
    page = items.item_page(f"{region}/{slug}/{name}", now())
    return render(request, "portal/item.html", {"page": page, "section": "policies"})
