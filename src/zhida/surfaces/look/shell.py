"""The frame of a page: who runs the site, where one can go, and who is looking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhida.domain.values import local_date
from zhida.kernel.offices import queries as offices
from zhida.kernel.ports import clock
from zhida.surfaces.look.language import Text, spoken
from zhida.surfaces.look.modes import Modes

HOTLINE = "12345"
_names: dict[str, Text] = {}


def shell(request: HttpRequest) -> dict[str, Any]:
    """For every template: `modes`, the site's own words, and whether this is a demonstration."""
    return {
        "modes": getattr(request, "modes", Modes()),
        "site_name": site_name(),
        "hotline": HOTLINE,
        "is_demo": getattr(settings, "ZHIDA_DEMO", False),
    }


def site_name() -> Text:
    """The name of the one region above all others, whose site this is; asked of the offices until there is one."""
    lang = spoken()
    if lang not in _names:
        top = _top_region(lang)
        if not top:
            return top
        _names[lang] = top
    return _names[lang]


def _top_region(lang: str) -> Text:
    tree = offices.region_tree(local_date(clock().now()))
    tops = [code for code, parent in tree.parents.items() if not parent]
    if len(tops) != 1:
        return Text("")
    name, chinese = offices.region_names(lang).get(tops[0], ""), offices.region_names("zh").get(tops[0], "")
    return Text(name, "zh" if name == chinese else lang)
