"""The log as static files (c2sp.org/tlog-tiles), read-only: `/log/checkpoint` and `/log/tile/…`.

What stands there is open by design: heads of facts without a person's name or number, and salted digests.
"""

from __future__ import annotations

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from zhida.domain.proofs.tiles import CHECKPOINT, WIDTH, is_tile_path
from zhida.kernel.ledger.bulk import rows_between
from zhida.kernel.ledger.ports import tiles

_A_YEAR_S = 31_536_000


@require_safe
def payloads(request: HttpRequest, index: int) -> HttpResponse:
    """The fields of a block's entries, for a mirror that shows the token in the home's `keys/mirror.token`.

    404 to everybody else, and to all where there is no such file.
    """
    path = settings.HOME / "keys" / "mirror.token"
    token = path.read_text("utf-8").strip() if path.exists() else ""
    if not token or not compare_digest(f"Bearer {token}", request.headers.get("Authorization", "")):
        raise Http404(index)
    rows = rows_between(index * WIDTH, (index + 1) * WIDTH)
    answer = JsonResponse({row.entry_id: row.fields for row in rows if row.fields is not None})
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def log_file(request: HttpRequest, path: str) -> HttpResponse:
    """One file; 404 for whatever is not one. Only the checkpoint ever changes."""
    data = tiles().read(path)
    if data is None:
        raise Http404(path)
    kind = "text/plain; charset=utf-8" if path == CHECKPOINT else "application/octet-stream"
    answer = HttpResponse(data, content_type=kind)
    answer["Cache-Control"] = f"public, max-age={_A_YEAR_S}, immutable" if is_tile_path(path) else "no-cache"
    return answer
