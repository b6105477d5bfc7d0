"""The calendar, as a page and as a file that calendar programs subscribe to."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.surfaces.look.kept_pages import kept_page
from zhida.surfaces.portal.ical import MEDIA_TYPE
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import dates as presenter

A_MINUTE = 60.0
"""Lists on public notice come and go without the catalogue knowing."""


@require_safe
@kept_page(A_MINUTE)
def calendar(request: HttpRequest) -> HttpResponse:
    """What opens, closes and ends in the year ahead."""
    page = presenter.calendar_page(request.GET.dict(), now(), request.get_host())
    return render(request, "portal/calendar.html", {"page": page, "section": "policies"})


@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """The same as iCalendar, for everything, one audience or one item."""
    base = f"{request.scheme}://{request.get_host()}"
    body = presenter.calendar_bytes(request.GET.dict(), now(), base)
    return HttpResponse(body, content_type=MEDIA_TYPE, headers={"Content-Disposition": 'inline; filename="zhida.ics"'})
