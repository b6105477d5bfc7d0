"""Pages that say the same to everybody, kept as they were drawn: by address, language and modes, day and catalogue.

What is kept was drawn for somebody who is not logged in, carried no session and no token, and was given none; it is
shown to the like of them only. Everybody else's page is drawn for them. A browser that has the page already is told so
(RFC 9110, section 13.1.2).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from zhida.kernel.catalogue import queries as catalogue
from zhida.kernel.ports import clock
from zhida.kernel.search import queries as search
from zhida.surfaces.look.modes import Modes
from zhida.surfaces.look.recent import Recent
from zhida.surfaces.look.shell import site_name

MOST_BYTES = 48_000_000
LONGEST_S = 300.0
"""Words that no stamp knows of, as an office's new name, are told at most so much later."""
_LARGEST = 2_000_000
_PERSONAL = ("messages",)

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class KeptPage:
    """A page as it was drawn, packed, with its entity tag."""

    packed: bytes
    headers: tuple[tuple[str, str], ...]
    tag: str


pages: Recent[KeptPage] = Recent(MOST_BYTES)


def standing(as_of: datetime) -> Hashable:
    """The day, what is in force and which index answers: what shows nothing else stays the same while this does."""
    return (*catalogue.stamp(as_of), search.build())


def kept_page(longest_s: float = LONGEST_S) -> Callable[[View], View]:
    """The view's page is kept for at most so many seconds; it may show what is public only, whoever looks."""

    def keeping(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_anybody(request):
                return view(request, *args, **kwargs)
            key = _key(request)
            kept = pages.get(key)
            if kept is None:
                response = view(request, *args, **kwargs)
                if not _is_everybodys(request, response):
                    return response
                kept = _packed(key, response)
                pages.put(key, kept, size=len(kept.packed), for_s=longest_s)
            return _told(kept, request)

        return answer

    return keeping


def _is_anybody(request: HttpRequest) -> bool:
    """Whether nothing that came tells one visitor from another, but the modes."""
    carries = any(name in request.COOKIES for name in (settings.SESSION_COOKIE_NAME, *_PERSONAL))
    return request.method in ("GET", "HEAD") and not carries and not request.user.is_authenticated


def _is_everybodys(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a page that was drawn holds nothing made for this visit: no token, nonce, cookie or session.

    The token of a visit that brought one cannot be told from what is on the page: its page is not kept either.
    """
    made = "CSRF_COOKIE" in request.META or getattr(request, "_csp_nonce", None) or request.session.modified
    is_plain = response.status_code == 200 and not response.streaming and not response.cookies
    return is_plain and not made and len(response.content) <= _LARGEST


def _key(request: HttpRequest) -> Hashable:
    """All that the page depends on."""
    modes = getattr(request, "modes", Modes())
    address = (request.scheme, request.get_host(), request.get_full_path())
    return (*address, str(modes), str(site_name()), standing(clock().now()))


def _packed(key: Hashable, response: HttpResponse) -> KeptPage:
    seen = hashlib.sha256(repr(key).encode() + response.content).hexdigest()
    return KeptPage(zlib.compress(response.content, 1), tuple(response.headers.items()), f'W/"{seen[:32]}"')


def _told(kept: KeptPage, request: HttpRequest) -> HttpResponse:
    response = HttpResponse(zlib.decompress(kept.packed), headers=dict(kept.headers))
    response.headers["ETag"] = kept.tag
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=kept.tag, response=response) or response
