"""The site as an installed app: its manifest, the worker that answers without a network, and what it then says.

The worker keeps the stylesheet, the script and one page that says nothing personal. A page of licences it keeps only
where its owner has pressed for it, and lets it go where they press again.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from zhida.surfaces.look.language import say
from zhida.surfaces.look.shell import site_name


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """The manifest (W3C Web Application Manifest)."""
    home = reverse("portal:home")
    told = {
        "id": home,
        "name": f"{say('直达')} {site_name()}{say('政策兑现服务')}".strip(),
        "short_name": say("直达"),
        "lang": "en" if getattr(request, "LANGUAGE_CODE", "") == "en" else "zh-CN",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [
            {"src": static("look/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": static("look/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": static("look/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ],
        "shortcuts": [
            {"name": say("我的证照"), "url": reverse("portal:cards")},
            {"name": say("查进度"), "url": reverse("portal:cases")},
            {"name": say("长辈版"), "url": f"{home}?mode=elder"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it names this version's files, so that a new version brings a new one."""
    return render(request, "portal/service_worker.js", content_type="text/javascript; charset=utf-8")


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is said where there is no network."""
    return render(request, "portal/offline.html", {"section": ""})
