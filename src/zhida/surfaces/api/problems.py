"""Refusals as problem details, RFC 9457: a status, a stable code, plain words, and who mends it how.

Title, detail and hint are Chinese, or English where `Accept-Language` asks for it first; type and code never change.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from zhida.domain.errors import (
    AccessError,
    ApplicantError,
    AuthorError,
    ConflictError,
    InvariantBroken,
    OutsideError,
    ZhidaError,
)
from zhida.surfaces.api.refusing import refusal, shape, title
from zhida.surfaces.look.language import spoken
from zhida.surfaces.look.telling.problems import told as in_problems

_LOG = logging.getLogger(__name__)
_STATUS: dict[type[ZhidaError], int] = {
    ApplicantError: 422,
    AuthorError: 422,
    AccessError: 403,
    ConflictError: 409,
    OutsideError: 503,
    InvariantBroken: 500,
}
_ABSENT = "no_such_"
_REFUSED = 400
_JSON, _PROBLEM_JSON = "application/json", "application/problem+json"
_NOT_PUBLISHED = "not_published"


class Problem(Schema):
    """Why a request was refused (RFC 9457). `code` is stable; `hint` says who mends it and how. `title`, `detail` and
    `hint` are in Chinese, or in English where Accept-Language asks for it first."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str = ""
    instance: str
    field: str = ""
    words: dict[str, str] = {}
    problems: list[dict[str, Any]] = []


REFUSALS = {frozenset({400, 401, 403, 404, 409, 422, 429, 503}): Problem}
"""What any operation may answer besides its own."""


def answer_problems(api: NinjaAPI) -> None:
    """Every error of the house, of the framework and of a request's shape becomes a problem."""
    api.add_exception_handler(ZhidaError, _of_house)
    api.add_exception_handler(ValidationError, _of_shape)
    api.add_exception_handler(HttpError, _of_framework)
    api.add_exception_handler(DataError, _of_text)
    api.add_exception_handler(RawPostDataException, _of_form)
    api.add_exception_handler(Http404, lambda request, error: no_such_address(request))


def as_problems(contract: OpenAPISchema) -> OpenAPISchema:
    """The contract with the media type of RFC 9457 on every refusal; the framework writes that of all JSON.

    An address that is too long is refused by the server before the API sees it, and not as a problem.
    """
    for operation in (one for methods in contract["paths"].values() for one in methods.values()):
        operation["responses"][414] = {"description": "The address is longer than 4,094 characters"}
        for status, answer in operation["responses"].items():
            if int(status) >= _REFUSED and _JSON in answer.get("content", {}):
                answer["content"] = {_PROBLEM_JSON: answer["content"][_JSON]}
    return contract


def problem(
    request: HttpRequest, status: int, code: str, detail: str, *, hint: str = "", more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """One problem as a response, in the language that the caller asked for; `detail` and `hint` are its English."""
    words = refusal(code, detail, hint)
    told = {
        "type": f"urn:zhida:problem:{code}",
        "title": title(status),
        "status": status,
        "code": code,
        "detail": words.detail,
        "hint": words.hint,
        "instance": request.path,
        **(more or {}),
    }
    return JsonResponse(told, status=status, content_type=_PROBLEM_JSON, json_dumps_params={"ensure_ascii": False})


def no_such_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """What every address says that the API does not have."""
    return problem(request, 404, "no_such_address", request.path, hint="GET /api/v1/openapi.json lists what there is")


def _of_form(request: HttpRequest, error: RawPostDataException) -> HttpResponse:
    """A form of several parts, which was read as one before the API asked for JSON."""
    hint = "send application/json"
    return problem(request, 400, "unreadable_request", "a form was sent where JSON is asked for", hint=hint)


def _of_text(request: HttpRequest, error: DataError) -> HttpResponse:
    """A text that no column can hold, such as one with a NUL character."""
    return problem(request, 400, "unreadable_text", "a text holds a character that cannot be kept", hint="leave it out")


def _of_house(request: HttpRequest, error: ZhidaError) -> HttpResponse:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    if isinstance(error, ConflictError) and (error.code.startswith(_ABSENT) or error.code == _NOT_PUBLISHED):
        status = 404
    if isinstance(error, InvariantBroken):
        _LOG.error("%s %s", request.method, request.path, exc_info=error)
        return problem(request, status, error.code, "")
    if isinstance(error, AuthorError):
        told = [
            {"code": one.code, "words": in_problems(one.words, spoken()), "hint": in_problems(one.hint, spoken())}
            for one in error.problems
        ]
        words = f"{len(told)} of the facts cannot be taken"
        return problem(request, status, "facts_not_taken", words, more={"problems": told})
    if isinstance(error, ApplicantError):
        both = {"zh": error.zh, "en": error.en}
        more = {"field": error.field, "words": both, "detail": both[spoken()]}
        return problem(request, status, error.code, error.en, hint=error.hint, more=more)
    return problem(request, status, error.code, error.words, hint=error.hint)


def _of_shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    told = [
        {"code": str(one["type"]), "words": shape(one["type"], ".".join(map(str, one["loc"])), one["msg"]), "hint": ""}
        for one in error.errors
    ]
    return problem(
        request, 422, "malformed_request", "the request has not the shape it should", more={"problems": told}
    )


def _of_framework(request: HttpRequest, error: HttpError) -> HttpResponse:
    codes = {400: "unreadable_request", 401: "not_logged_in", 403: "forged_request"}
    hints = {401: "log in at /account/login/", 403: "send X-CSRFToken with the token that GET /api/v1/my/session gives"}
    code = codes.get(error.status_code, "refused")
    return problem(request, error.status_code, code, str(error), hint=hints.get(error.status_code, ""))
