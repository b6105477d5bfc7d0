"""How a person wishes to see the site, kept in one cookie for the whole site: 长辈版, contrast, theme, language, size,
pointer, guide line, script, pinyin, keys and the bar of aids.

An address may carry a choice by its name (`mode`, `contrast`, …); what it says holds for this page and is kept, so a
link to the 长辈版 can be sent to somebody's mother. Nothing else is kept, and a value that is not listed is ignored.
Who has chosen nothing yet is spoken to in the language that the browser asks for (RFC 9110, section 12.5.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from zhida.surfaces.look.language import speaking
from zhida.surfaces.look.scripts import shown_in

COOKIE = "look"
A_YEAR = 365 * 24 * 3600
CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": ("standard", "elder"),
    "contrast": ("standard", "high"),
    "theme": ("auto", "light", "dark"),
    "lang": ("zh", "en"),
    "zoom": ("100", "125", "150", "175", "200"),
    "pointer": ("standard", "large"),
    "line": ("off", "on"),
    "script": ("hans", "hant"),
    "pinyin": ("off", "on"),
    "keys": ("on", "off"),
    "aids": ("off", "on"),
}
FIRST = 4
"""How many choices a cookie always names; those after them only up to the last that was changed."""
LOCALES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class Modes:
    """One choice of each list in CHOICES; the first of a list is where everybody begins."""

    mode: str = "standard"
    contrast: str = "standard"
    theme: str = "auto"
    lang: str = "zh"
    zoom: str = "100"
    pointer: str = "standard"
    line: str = "off"
    script: str = "hans"
    pinyin: str = "off"
    keys: str = "on"
    aids: str = "off"

    @classmethod
    def parse(cls, written: str) -> Modes:
        """Reads `elder.high.dark.en` as the cookie holds it; anything unknown falls back to the beginning."""
        pairs = zip(CHOICES.items(), written.split("."), strict=False)
        return cls(**{name: value for (name, allowed), value in pairs if value in allowed})

    def __str__(self) -> str:
        values = [(getattr(self, name), allowed[0]) for name, allowed in CHOICES.items()]
        last = max((place for place, (value, usual) in enumerate(values) if value != usual), default=0)
        return ".".join(value for value, _ in values[: max(FIRST, last + 1)])

    @property
    def html_lang(self) -> str:
        """The BCP 47 tag of the page."""
        if self.lang == "en":
            return "en"
        return "zh-Hant" if self.script == "hant" else "zh-CN"

    @property
    def has_aids(self) -> bool:
        """Whether the bar of aids is shown: in 长辈版, and where it was asked for."""
        return self.mode == "elder" or self.aids == "on"

    @property
    def larger(self) -> str:
        """The next size up; "" at the end."""
        return self._size(1)

    @property
    def smaller(self) -> str:
        """The next size down; "" at the end."""
        return self._size(-1)

    def _size(self, change: int) -> str:
        sizes = CHOICES["zoom"]
        place = sizes.index(self.zoom) + change
        return sizes[place] if 0 <= place < len(sizes) else ""


def modes_of(request: HttpRequest) -> Modes:
    """What the cookie says, without one the language that the browser asks for; the address laid over it."""
    written = request.COOKIES.get(COOKIE)
    kept = Modes(lang=_preferred(request)) if written is None else Modes.parse(written)
    return replace(kept, **_chosen(request))


def _chosen(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "") for name in CHOICES}
    return {name: value for name, value in asked.items() if value in CHOICES[name]}


def _preferred(request: HttpRequest) -> str:
    """The first language asked for that the site speaks; Chinese where it speaks none of them."""
    wishes = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    primary = (tag.partition("-")[0] for tag, weight in wishes if weight > 0)
    return next((tag for tag in primary if tag in CHOICES["lang"]), CHOICES["lang"][0])


def look_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Puts `request.modes` in place, speaks the chosen language, and remembers what an address chose."""

    def answer(request: HttpRequest) -> HttpResponse:
        modes = modes_of(request)
        request.modes = modes  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = LOCALES[modes.lang]
        with speaking(LOCALES[modes.lang]):
            response = shown_in(get_response(request), script=modes.script if modes.lang == "zh" else "",
                                pinyin=modes.pinyin == "on")  # fmt: skip
        if _chosen(request) and str(modes) != request.COOKIES.get(COOKIE):
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, str(modes), max_age=A_YEAR, samesite="Lax", secure=secure, httponly=True)
        response.headers.setdefault("Content-Language", modes.html_lang)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answer
