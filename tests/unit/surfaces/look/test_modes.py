"""The cookie and the address decide how a page looks; anything unknown changes nothing."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from zhida.surfaces.look.language import spoken
from zhida.surfaces.look.modes import COOKIE, Modes, look_middleware, modes_of


def asked(address: str, cookie: str = "", languages: str = "") -> HttpRequest:
    """A request with this cookie, from a browser that asks for these languages."""
    request = RequestFactory().get(address, headers={"Accept-Language": languages} if languages else {})
    if cookie:
        request.COOKIES[COOKIE] = cookie
    return request


@pytest.mark.parametrize("written", ["", "nonsense", "elder", "elder.high.dark.en.more", "x.y.z.w", "....", "elder.\n"])
def test_any_cookie_can_be_read(written: str) -> None:
    modes = Modes.parse(written)
    assert Modes.parse(str(modes)) == modes


def test_a_cookie_reads_as_it_was_written() -> None:
    modes = Modes("elder", "high", "dark", "en")
    assert Modes.parse(str(modes)) == modes


def test_the_address_is_laid_over_the_cookie() -> None:
    assert modes_of(asked("/?contrast=high&mode=huge", "elder.standard.dark.zh")) == Modes(
        "elder", "high", "dark", "zh"
    )


def test_what_the_address_chose_is_remembered_and_nothing_else_sets_a_cookie() -> None:
    answer = look_middleware(lambda request: HttpResponse(""))
    assert answer(asked("/?mode=elder")).cookies[COOKIE].value == "elder.standard.auto.zh"
    assert COOKIE not in answer(asked("/")).cookies
    assert COOKIE not in answer(asked("/?mode=elder", "elder.standard.auto.zh")).cookies


def test_the_page_is_spoken_in_the_chosen_language() -> None:
    heard = []

    def page(request: HttpRequest) -> HttpResponse:
        heard.append(spoken())
        return HttpResponse("")

    look_middleware(page)(asked("/?lang=en"))
    look_middleware(page)(asked("/"))
    assert heard == ["en", "zh"]


@pytest.mark.parametrize(
    ("languages", "lang"),
    [
        ("", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.8,zh;q=0.7", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.3,zh-CN;q=0.9", "zh"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        ("*", "zh"),
        ("nonsense;;q=zz", "zh"),
    ],
)
def test_the_first_visit_follows_the_browser(languages: str, lang: str) -> None:
    assert modes_of(asked("/", languages=languages)).lang == lang


def test_a_kept_choice_wins_over_the_browser() -> None:
    answer = look_middleware(lambda request: HttpResponse(""))
    assert modes_of(asked("/", "standard.standard.auto.zh", "en")).lang == "zh"
    assert modes_of(asked("/?lang=zh", "", "en")).lang == "zh"
    assert answer(asked("/?lang=zh", "", "en")).cookies[COOKIE].value == "standard.standard.auto.zh"
    first = answer(asked("/", "", "en"))
    assert COOKIE not in first.cookies
    assert first["Content-Language"] == "en"
    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}
