"""Receipts and their verification."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.services.papers.receipt import receipt_pdf
from zhida.surfaces.portal.persons import Person, now, signed_in
from zhida.surfaces.portal.presenters import receipts
from zhida.surfaces.portal.records import VerifyPage


@require_safe
@signed_in
def receipt(request: HttpRequest, entry_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """A receipt, and what it proves."""
    host = f"{request.scheme}://{request.get_host()}"
    page = receipts.receipt_page(entry_id, person, host)
    return render(request, "portal/receipt.html", {"page": page, "section": "mine"})


@require_safe
@signed_in
def receipt_file(request: HttpRequest, entry_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """The proof as a file."""
    body = receipts.receipt_file(entry_id, person)
    name = f'attachment; filename="{entry_id}.json"'
    return HttpResponse(body, content_type="application/json", headers={"Content-Disposition": name})


@require_safe
@signed_in
def receipt_paper(request: HttpRequest, entry_id: str, *, person: Person, as_of: datetime) -> HttpResponse:
    """The receipt as a page to print, which carries its proof in a code and as a file."""
    body = receipt_pdf(receipts.receipt_file(entry_id, person))
    name = f'attachment; filename="{entry_id}.pdf"'
    return HttpResponse(body, content_type="application/pdf", headers={"Content-Disposition": name})


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody checks a receipt or a credential; a code in the address comes from a scan."""
    file = request.FILES.get("file")
    body = file.read(receipts.LONGEST) if file else b""
    pasted = request.POST.get("paste", "") or request.GET.get("code", "") or request.GET.get("token", "")
    page = receipts.verdict(pasted, body, now()) if request.method == "POST" or pasted else VerifyPage()
    context = {"page": page, "faults": page.faults, "section": "verify"}
    return render(request, "portal/verify.html", context)
