"""The auditor's pages: searching the ledger with a proof for each line, checking it whole, running decisions again."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ConflictError
from zhida.kernel.ledger import queries
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import auditing, verifying
from zhida.surfaces.desk.presenters import sampling as samples
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault


@require_safe
@for_duty("auditor")
def ledger(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Facts by kind, by what they are about, by who acted, by office and by day."""
    page, faults = auditing.ledger_desk(request.GET)
    return render(request, "desk/ledger.html", {"page": page, "faults": faults, "section": "ledger"})


@require_safe
@for_duty("auditor")
def facts(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The same search as a table file."""
    return _file(auditing.facts_file(request.GET).encode("utf-8-sig"), "text/csv; charset=utf-8", "facts.csv")


@require_safe
@for_duty("auditor")
def proof(request: HttpRequest, entry_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The file that proves one fact: its fields, its place, the path to the root, and the signed head."""
    return _file(queries.receipt(entry_id), "application/json", f"{entry_id}.json")


@require_safe
@for_duty("auditor")
def checkpoint(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """The newest signed head with its cosignatures, to be kept outside."""
    note = queries.newest_checkpoint()
    if note is None:
        raise ConflictError("not_sealed_yet", "the log has no signed head yet", "it is there after the next seal")
    return _file(note.encode(), "text/plain; charset=utf-8", "checkpoint.txt")


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty("auditor")
def verify(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Where the log stands and who watches it; a POST reads it whole, or checks one receipt."""
    faults: tuple[Fault, ...] = ()
    receipt = None
    if request.POST.get("what") == "receipt":
        file = request.FILES.get("file")
        receipt = file.read(verifying.LARGEST + 1) if file else request.POST.get("paste", "").strip().encode()
        if not receipt:
            faults, receipt = (Fault("file", say("请上传凭证文件，或贴上它的内容")),), None
    page = verifying.verify_desk(as_of, reads_all=request.POST.get("what") == "log", receipt=receipt)
    return render(request, "desk/verify.html", {"page": page, "faults": faults, "section": "verify"})


@require_safe
@for_duty("auditor")
def sampling(request: HttpRequest, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """Decided cases drawn by a seed in the address, each run again."""
    context = {"page": samples.sampling_desk(request.GET, officer), "section": "sampling"}
    return render(request, "desk/sampling.html", context)
