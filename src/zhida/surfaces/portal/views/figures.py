"""The open figures, as a page and as a file."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhida.domain.values import safe_cell
from zhida.surfaces.look.kept_pages import kept_page
from zhida.surfaces.look.language import say
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import figures as presenter

AS_OLD_AS_S = 30.0
"""The page says what instant its figures are of."""


@require_safe
@kept_page(AS_OLD_AS_S)
def open_figures(request: HttpRequest) -> HttpResponse:
    """How much has reached whom."""
    after = request.GET.get("after", "")[:200].replace("\x00", "")
    return render(request, "portal/figures.html", {"page": presenter.figures(now(), after), "section": "figures"})


@require_safe
def figures_file(request: HttpRequest) -> HttpResponse:
    """The same by item, as CSV (RFC 4180) with a byte order mark, so that a spreadsheet reads its Chinese."""
    lines = tuple(presenter.every_item(now()))
    told = StringIO()
    writer = csv.writer(told)
    writer.writerow([say("事项"), *(name for name, _ in lines[0].cells)] if lines else [say("事项")])
    for line in lines:
        writer.writerow([safe_cell(str(line.title)), *(safe_cell(words) for _, words in line.cells)])
    disposition = 'attachment; filename="zhida-open-figures.csv"'
    headers = {"Content-Disposition": disposition}
    return HttpResponse(told.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8", headers=headers)
