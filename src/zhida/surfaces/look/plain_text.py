"""What people send, without the one character that no text of ours can hold.

PostgreSQL keeps no NUL in a text. Nobody types one: it comes from programs that probe, and it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

_NUL = "\x00"
_FORM = "application/x-www-form-urlencoded"
_UPLOAD = "multipart/form-data"


def plain_text(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: leaves NUL characters out of the address, the query and the form."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.path_info = request.path_info.replace(_NUL, "")
        query = request.META.get("QUERY_STRING", "")
        request.META["QUERY_STRING"] = query.replace("%00", "")
        if request.method == "POST" and _holds_nul(request):
            request.POST = _without(request.POST)
        return get_response(request)

    return answer


def _holds_nul(request: HttpRequest) -> bool:
    if request.content_type == _FORM:
        return "%00" in str(request.body)
    if request.content_type != _UPLOAD:
        return False
    return any(_NUL in f"{name}{value}" for name, values in request.POST.lists() for value in values)


def _without(sent: QueryDict) -> QueryDict:
    plain = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        plain.setlist(name.replace(_NUL, ""), [str(value).replace(_NUL, "") for value in values])
    return plain
