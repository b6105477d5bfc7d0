"""A receipt on one page: what it says in words, the code that carries all of it, and the file itself attached."""

from __future__ import annotations

import json
from collections.abc import Iterator

import segno

from zhida.domain.proofs import Receipt
from zhida.domain.proofs.paper import code_of
from zhida.services.papers.pdf import HEIGHT, WIDTH, Line, Squares, page, wrapped

_LEFT, _TOP, _LINE = 56.0, 56.0, 1.5
_CODE_SIDE, _QUIET = 270.0, 4
_TITLE = "直达 · 回执 Receipt"
_HOW = (
    "离线核验：扫下面的码，把读出的文字存成 code.txt；或直接用这份 PDF（证明文件附在其中）：",
    "python3 verify_receipt.py code.txt 或 receipt.pdf --key 〔官方公布的公钥〕",
    "Offline: save what a scanner reads from the code as code.txt, or take this PDF itself; then run the line above.",
)
_NO_CODE = "内容太长，放不进一个码；证明文件附在这份 PDF 中。 Too long for one code: the proof is attached to this PDF."


def receipt_pdf(receipt: bytes) -> bytes:
    """The page of a receipt's file, in Chinese and English. Raises InvariantBroken where the file is no receipt.

    All that it says is read out of the file. What does not fit on the page is left to the file, and the page says so.
    """
    read = Receipt.parse(receipt)
    return page(_drawn(read, receipt), name="receipt.json", attached=receipt, title=f"{_TITLE} {read.sealed.id}")


def _drawn(receipt: Receipt, file: bytes) -> Iterator[Line | Squares]:
    top, end = _TOP, HEIGHT - _TOP - _CODE_SIDE
    for size, text in _texts(receipt):
        for piece in wrapped(text, size):
            if top + size * _LINE > end - 12:
                yield Line(_LEFT, top, 9, "…… 其余见证明文件 the rest stands in the file")
                top = end
                break
            yield Line(_LEFT, top, size, piece)
            top += size * _LINE
        if top >= end:
            break
    try:
        rows = list(segno.make(code_of(file), error="l", micro=False).matrix_iter(border=_QUIET))
    except segno.DataOverflowError:
        yield Line(_LEFT, end, 9, _NO_CODE)
        return
    side = _CODE_SIDE / len(rows)
    yield Squares((WIDTH - _CODE_SIDE) / 2, HEIGHT - _TOP / 2 - _CODE_SIDE, side, [list(row) for row in rows])


def _texts(receipt: Receipt) -> Iterator[tuple[float, str]]:
    yield 18.0, _TITLE
    for words in (receipt.words["zh"], receipt.words["en"]):
        yield 9.5, words
    for name, (value, _) in sorted(receipt.disclosed.items()):
        yield 9.5, f"{name}: {json.dumps(value, ensure_ascii=False)}"
    yield 8.0, f"key {receipt.key}"
    for witness in receipt.witnesses:
        yield 8.0, f"witness {witness}"
    for how in _HOW:
        yield 8.0, how
