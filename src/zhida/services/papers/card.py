"""A licence on one page: what it says, the code that anybody checks it by, and the signed licence itself attached."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import segno

from zhida.services.papers.pdf import Line, Squares, page, wrapped

_LEFT, _TOP, _CODE_SIDE, _QUIET = 56.0, 56.0, 170.0, 4
_HOW = "扫码核验真假；签发的原件附在这份 PDF 中。 Scan to check; the signed licence is attached to this PDF."


def card_pdf(title: str, rows: Sequence[tuple[str, str]], address: str, token: str) -> bytes:
    """The page of a licence: its rows, `address` as a QR code (left out where it is too long for one), its token as
    `licence.json`. The same input gives the same bytes."""
    attached = json.dumps({"token": token}, separators=(",", ":")).encode()
    return page(_drawn(title, rows, address), name="licence.json", attached=attached, title=title)


def _drawn(title: str, rows: Sequence[tuple[str, str]], address: str) -> Iterator[Line | Squares]:
    top = _TOP
    for size, text in ((18.0, title), *((11.0, f"{name}：{value}") for name, value in rows), (9.0, _HOW)):
        for piece in wrapped(text, size):
            yield Line(_LEFT, top, size, piece)
            top += size * 1.6
    try:
        matrix = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=_QUIET)]
    except segno.DataOverflowError:
        return
    yield Squares(_LEFT, top + 12, _CODE_SIDE / len(matrix), matrix)
