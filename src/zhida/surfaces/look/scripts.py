"""A page's Chinese in traditional characters, or with pinyin over each word: done on the server, so that it needs no
script and nothing flashes.

Only what people read is touched: text and the names of controls. What they typed and what a form sends back stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

PIECES = re.compile(r"(<!--.*?-->|<[^>]*>)", re.S)
NAME = re.compile(r"</?([a-zA-Z0-9]+)")
READ_ALOUD = re.compile(r'((?:aria-label|alt|title|data-k|content)=")([^"]*)(")')
HAN = re.compile(r"[\u3400-\u9fff]+")
LEFT_ALONE = frozenset({"script", "style", "textarea"})
WITHOUT_PINYIN = LEFT_ALONE | {"title", "option", "select", "svg", "rt", "head"}


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


def shown_in(response: HttpResponseBase, *, script: str, pinyin: bool) -> HttpResponseBase:
    """The response with its Chinese as wished, where it is a page; `script` is hans, hant or "" for a page of another
    language."""
    is_page = isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html")
    if not is_page or not script or (script == "hans" and not pinyin):
        return response
    html = response.content.decode()
    html = with_pinyin(html) if pinyin else html
    response.content = (traditional(html) if script == "hant" else html).encode()
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
    return response


def traditional(html: str) -> str:
    """The page in traditional characters (OpenCC's table from simplified to its own standard)."""
    convert = _to_traditional().convert

    def said(match: re.Match[str]) -> str:
        return f"{match[1]}{convert(match[2])}{match[3]}"

    return "".join(
        READ_ALOUD.sub(said, piece) if is_tag else piece if inside & LEFT_ALONE else convert(piece)
        for piece, is_tag, inside in _pieces(html)
    )


def with_pinyin(html: str) -> str:
    """The page with pinyin over the Chinese of its main part, hidden from those who listen."""
    found: list[str] = []
    is_main = False
    for piece, is_tag, inside in _pieces(html):
        if is_tag:
            is_main = piece.startswith("<main") or (is_main and not piece.startswith("</main"))
        is_read = is_main and not is_tag and not inside & WITHOUT_PINYIN
        found.append(HAN.sub(_ruby, piece) if is_read else piece)
    return "".join(found)


def _ruby(match: re.Match[str]) -> str:
    pairs = zip(match[0], lazy_pinyin(match[0], style=Style.TONE, errors=list), strict=True)
    return "".join(f'<ruby>{sign}<rt aria-hidden="true">{sound}</rt></ruby>' for sign, sound in pairs)


def _pieces(html: str) -> Iterator[tuple[str, bool, frozenset[str]]]:
    """The page cut into tags and texts; with each the watched elements that it stands in."""
    depth: dict[str, int] = {}
    for piece in PIECES.split(html):
        name = NAME.match(piece) if piece.startswith("<") else None
        tag = name.group(1).lower() if name else ""
        if tag in WITHOUT_PINYIN and not piece.endswith("/>"):
            depth[tag] = depth.get(tag, 0) + (-1 if piece.startswith("</") else 1)
        yield piece, piece.startswith("<"), frozenset(one for one, deep in depth.items() if deep > 0)
