"""What a refusal says, in the language that the caller asked for: Chinese, unless English is asked for first."""

from __future__ import annotations

from collections.abc import Mapping

from zhida.surfaces.look.language import spoken
from zhida.surfaces.look.telling.refusals import Refusal, in_chinese

_TITLES: Mapping[int, tuple[str, str]] = {
    400: ("请求读不出来", "The request cannot be read"),
    401: ("请先登录", "Log in first"),
    403: ("您不能这样办", "You may not do this"),
    404: ("没有这样东西", "There is no such thing"),
    409: ("情况已经变了：请再看一眼，重新决定", "The world moved: look again and decide anew"),
    422: ("请求里有要改的地方", "Something in the request has to be mended"),
    429: ("请求太多：请稍后再来", "Too many requests: wait and come back"),
    500: ("我们的一项承诺没有守住；什么也没有写下", "A promise of ours does not hold; nothing was written"),
    503: ("外面的系统没有办成；请稍后再试", "Something beyond our walls failed; try again later"),
}
_SHAPES: Mapping[str, str] = {
    "missing": "缺少",
    "extra_forbidden": "没有这一项",
    "string_type": "要写文字",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "string_pattern_mismatch": "写法不对",
    "int_type": "要写整数",
    "int_parsing": "要写整数",
    "int_from_float": "要写整数",
    "bool_type": "要写 true 或 false",
    "bool_parsing": "要写 true 或 false",
    "list_type": "要写一个列表",
    "too_long": "太多",
    "too_short": "太少",
    "dict_type": "要写一个对象",
    "model_attributes_type": "要写一个对象",
    "model_type": "要写一个对象",
    "enum": "要写列出的一种",
    "literal_error": "要写列出的一种",
    "date_from_datetime_parsing": "要写日期，如 2026-01-31",
    "date_parsing": "要写日期，如 2026-01-31",
    "datetime_parsing": "要写时间",
    "datetime_from_date_parsing": "要写时间",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "greater_than": "太小",
    "less_than": "太大",
}


def title(status: int) -> str:
    """What a status means."""
    zh, en = _TITLES.get(status, ("请求没有被接受", "The request was refused"))
    return en if spoken() == "en" else zh


def refusal(code: str, words: str, hint: str) -> Refusal:
    """The English of the kernel, or the Chinese of the code."""
    return Refusal(words, hint) if spoken() == "en" else in_chinese(code, words, hint)


def shape(kind: str, where: str, words: str) -> str:
    """What is wrong with one part of a request; `kind` is pydantic's."""
    return f"{where}：{_SHAPES[kind]}" if spoken() != "en" and kind in _SHAPES else f"{where}: {words}"
