"""The frame of a page: who runs the site, where one can go, and who is looking."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhida.surfaces.look.modes import Modes


def shell(request: HttpRequest) -> dict[str, Any]:
    """For every template: `modes`, the site's own words, and whether this is a demonstration."""
    return {
        "modes": getattr(request, "modes", Modes()),
        "site_name": getattr(settings, "ZHIDA_SITE_NAME", ""),
        "hotline": getattr(settings, "ZHIDA_HOTLINE", "12345"),
        "is_demo": getattr(settings, "ZHIDA_DEMO", False),
    }
