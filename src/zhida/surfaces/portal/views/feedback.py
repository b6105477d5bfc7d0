"""What somebody says of a page: written, shown once more with its numbers hidden, sent; then its ticket."""

from __future__ import annotations

import base64
import binascii

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from zhida.domain.errors import ApplicantError, ConflictError
from zhida.domain.values import Actor, new_id, once
from zhida.kernel.catalogue import queries as catalogue
from zhida.services.feedback import desk
from zhida.surfaces.look.answers import words_of
from zhida.surfaces.look.modes import modes_of
from zhida.surfaces.look.parts import Fault
from zhida.surfaces.look.telling.offices import office_name
from zhida.surfaces.portal.persons import now
from zhida.surfaces.portal.presenters import feedback as presenter

ANYBODY = Actor(account="anybody", duty="public")
"""The id that the check page was given, so that sending twice keeps one message."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """The form, then what will be kept, then the ticket; without log-in and without script."""
    given = request.POST if request.method == "POST" else request.GET
    said = desk.Said(
        page=_path(given.get("about", "")),
        kind=desk.Kind(kind) if (kind := given.get("kind", "")) in desk.OF_A_PAGE else desk.Kind.WRONG,
        words=given.get("words", "")[: 2 * desk.LONGEST],
        contact=given.get("contact", "").strip()[:120],
        shown_as=f"{modes_of(request)}",
        picture=_picture(given.get("picture", "")),
    )
    step = request.POST.get("step", "") if request.method == "POST" else ""
    faults: tuple[Fault, ...] = ()
    if step:
        try:
            said = desk.checked(said)
        except ApplicantError as refused:
            faults = (Fault("shot" if refused.field in ("picture", "file") else refused.field, words_of(refused)),)
    if step == "send" and not faults:
        return redirect("portal:ticket", _sent(said, request.POST.get("submission", "")))
    page = presenter.page(said, faults, is_check=step == "check" and not faults, submission=new_id("feedback"))
    return render(request, "portal/feedback.html", {"page": page, "faults": faults, "section": "help"})


def _picture(written: str) -> bytes:
    """A picture as the page sends it, in base64; nothing where it is none."""
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _path(written: str) -> str:
    """A path of this site, or its front page."""
    path = written.partition("?")[0].partition("#")[0]
    try:
        resolve(path)
    except Resolver404:
        return "/"
    return path[:300]


def _sent(said: desk.Said, submission: str) -> str:
    identity = once("feedback", submission)
    desk.receive(feedback_id=identity, said=said, office=_office(said.page), by=ANYBODY, as_of=now())
    return identity


def _office(path: str) -> str:
    """The office that answers for what a page shows; "" where it is the site itself."""
    told = resolve(path).kwargs
    if "region" not in told or "slug" not in told:
        return ""
    try:
        return catalogue.policy(f"{told['region']}/{told['slug']}", as_of=now()).owner_office
    except ConflictError:
        return ""


@never_cache
@require_safe
def ticket(request: HttpRequest, feedback_id: str) -> HttpResponse:
    """What was said, until when it is answered, and the answer."""
    found = desk.message(feedback_id)
    if found is None:
        raise Http404
    context = {"page": found, "office": office_name(found.office), "kind": presenter.kind_words(found.kind)}
    return render(request, "portal/ticket.html", {**context, "section": "help"})


@never_cache
@require_safe
def ticket_picture(request: HttpRequest, feedback_id: str) -> HttpResponse:
    """The picture of a message, for whoever holds its address."""
    found = desk.picture_of(feedback_id)
    if found is None:
        raise Http404
    return HttpResponse(found[1], content_type=found[0])
