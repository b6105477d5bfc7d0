"""A NUL character is left out of what people send, wherever it stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from zhida.surfaces.look.plain_text import plain_text


def heard(request: HttpRequest) -> list[str]:
    found: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.extend([request.path_info, request.GET.get("a", ""), request.POST.get("b", "")])
        return HttpResponse()

    plain_text(view)(request)
    return found


def test_no_nul_reaches_a_page() -> None:
    body = "b=z%00w"
    request = RequestFactory().post("/x%00y/?a=u%00v", body, content_type="application/x-www-form-urlencoded")
    assert heard(request) == ["/xy/", "uv", "zw"]


def test_what_is_plain_stays_as_it_is() -> None:
    request = RequestFactory().post("/x/?a=100%25", "b=%E7%9B%B4", content_type="application/x-www-form-urlencoded")
    assert heard(request) == ["/x/", "100%", "直"]
