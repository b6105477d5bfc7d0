"""A draft's files as they are written, for whatever no form covers: the same bytes that the folder would hold."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhida.domain.errors import ConflictError
from zhida.services.authoring import working
from zhida.surfaces.desk.officers import Officer, for_duty
from zhida.surfaces.desk.presenters import editing as presenter
from zhida.surfaces.desk.presenters.drafts import places_of
from zhida.surfaces.desk.views.drafting import WRITERS
from zhida.surfaces.look.language import say
from zhida.surfaces.look.parts import Fault

_MOST = 256 * 1024


@require_http_methods(["GET", "HEAD", "POST"])
@for_duty(*WRITERS)
def draft_file(request: HttpRequest, draft_id: str, *, officer: Officer, as_of: datetime) -> HttpResponse:
    """One file of a draft with what is wrong in it, line by line; a POST writes it, also where something is wrong."""
    found = working.draft(draft_id, places_of(officer))
    name = request.GET.get("file", "pack.yaml")
    if f"{found.pack_id}/{name}" not in found.files and name not in presenter.MAY_BE_ADDED:
        raise ConflictError("no_such_file", f"{draft_id} has no file {name}", "choose one of the list")
    faults: list[Fault] = []
    if request.method == "POST":
        text = request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "")
        body = (text.rstrip("\n") + "\n").encode() if text.strip() else None
        if body is not None and len(body) > _MOST:
            faults = [Fault("text", say("一个文件不超过 256 KB"))]
        else:
            version = request.POST.get("version", "")
            working.write(
                draft_id=draft_id, version=int(version) if version.isdecimal() else 0,
                files={f"{found.pack_id}/{name}": body}, by=officer.at(found.office), as_of=as_of, why="draft.edited",
                told={"file": name},
            )  # fmt: skip
            messages.success(request, say("写好了"))
            return redirect(f"{reverse('desk:draft_file', args=[draft_id])}?file={name}")
    page = presenter.file_page(found, name)
    return render(request, "desk/draft_file.html", {"page": page, "faults": faults, "section": "drafts"})
