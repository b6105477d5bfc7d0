"""The log as static files (c2sp.org/tlog-tiles), read-only: `/log/checkpoint` and `/log/tile/…`.

What stands there is open by design: heads of facts without a person's name or number, and salted digests.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhida.domain.proofs.tiles import CHECKPOINT, is_tile_path
from zhida.kernel.ledger.ports import tiles

_A_YEAR_S = 31_536_000


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
