"""A QR code (ISO/IEC 18004) as inline SVG: one path, black on white whatever the theme, with a name to be read out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhida.domain.credentials import present

QUIET = 2


def verify_address(token: str, page: str) -> str:
    """`<page>?token=<token>` without disclosures, so that only what the issuer chose to show everyone travels."""
    return f"{page}?token={present(token, ()).rstrip('~')}"


def _runs(row: Iterable[int], line: int) -> str:
    commands, column = [], 0
    for dark, cells in groupby(row, key=bool):
        width = len(list(cells))
        if dark:
            commands.append(f"M{column} {line}h{width}v1h-{width}z")
        column += width
    return "".join(commands)


def qr_svg(text: str, label: str) -> SafeString:
    """The text as a QR code of error level M. Raises segno.DataOverflowError past 2,331 bytes."""
    rows = list(segno.make(text, error="m", micro=False).matrix_iter(border=QUIET))
    path = "".join(_runs(row, line) for line, row in enumerate(rows))
    return format_html(
        '<svg class="qr" viewBox="0 0 {size} {size}" role="img" aria-label="{label}" shape-rendering="crispEdges">'
        '<path fill="currentColor" d="{path}"/></svg>',
        size=len(rows), label=label, path=path,
    )  # fmt: skip
