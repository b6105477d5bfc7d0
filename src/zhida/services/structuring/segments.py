"""A condition's sentence in segments that each say one thing: at stops, and at words that join two demands."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ASIDE = re.compile(
    r"\((?:以下|下同|下称|以上|不包括|包括|含已|原件|复印件|详见|见附件|[一-龥]{1,4}除外)[^()]*\)|\(下同\)|〔以下[^〕]*〕"
)
_STOP = re.compile(
    r"[，；;。,\n]|(?<=[^年])且(?!不)|并且|以及(?=未|无|在|取得)|并(?=未|无|在|已|足额|取得|获得|具有|通过|实际|经)|同时(?=具|取|持|未|无)"
)
_VERBS = r"有|无|没有|未|具有|具备|实行|取得|不(?!低|少|超|高|满|足|动)|符合|依法|遵守|持有|拥护|支持|并|在本|经"
_LISTED = re.compile(rf"、(?=(?:{_VERBS}))")
NOUN = re.compile(
    r"(?<=[证籍照件上下])的(?=.{4,})|(?<=居住)的(?=\d)|的(?=本市户籍)|的(?=国家高新技术企业$)|的(?=[^，的]{2,14}(?:企业|机构)$)"
    r"|(?<=[人民者])(?=持[^续])|的(?=[^，的]{2,6}残疾人$|户籍)|(?<=[上籍])(?=居家老年人)"
)
_OPENER = re.compile(
    r"[，,]?\s*(?:[且并]?(?:应|须|需)?(?:同时)?(?:符合|满足|具备|需满足)[^，。；;]{0,14}(?:条件|标准|情形)(?:之一|、标准之一)?(?:的)?)[:：。]?\s*$"
)


@dataclass(frozen=True)
class Segment:
    """Some words and where they stand, [start, end), without the stops around them."""

    words: str
    start: int
    end: int


def masked(text: str) -> str:
    """The same text with asides in brackets blanked, every other character at its place."""
    return _ASIDE.sub(lambda match: " " * len(match.group(0)), text)


def without_opener(text: str) -> str:
    """The text without the words at its end that only open a list (且须满足以下条件之一：)."""
    return _OPENER.sub("", text)


def segments_of(text: str, start: int = 0) -> list[Segment]:
    """The segments of a masked text from a place on, in order."""
    cuts = sorted(
        {(each.start(), each.end()) for pattern in (_STOP, _LISTED) for each in pattern.finditer(text, start)}
    )
    found = []
    begin = start
    for left, right in [*cuts, (len(text), len(text))]:
        words = text[begin:left]
        bare = words.strip()
        if bare:
            offset = begin + len(words) - len(words.lstrip())
            found.append(Segment(bare, offset, offset + len(bare)))
        begin = right
    return found
