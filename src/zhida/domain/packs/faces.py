"""What a document shows without being read: its kind, from how its title ends, and the level it is issued at.

Kinds are those of the Regulations on Official Documents of Party and Government Organs (2012, article 8), and what
rules of lower rank are called. Levels are those of GB/T 2260 (province, city, county), and of GB/T 10114 below them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "实施细则": "details",
    "细则": "details",
    "实施办法": "measures",
    "办法": "measures",
    "规定": "provisions",
    "规则": "rules",
    "条例": "regulations",
    "方案": "plan",
    "规划": "plan",
    "计划": "plan",
    "措施": "steps",
    "标准": "standard",
    "目录": "list",
    "指南": "guide",
    "通知": "notice",
    "意见": "opinions",
    "决定": "decision",
    "决议": "resolution",
    "命令": "order",
    "令": "order",
    "公报": "bulletin",
    "公告": "announcement",
    "通告": "public-notice",
    "通报": "circular",
    "批复": "reply",
    "函": "letter",
    "纪要": "minutes",
}
"""How titles end, and the kind; every kind but `other`."""
LEVELS = ("nation", "province", "city", "county", "town")
_REMARK = re.compile(r"[（(【\[〔][^（()）】\]〕]*[）)】\]〕]\s*$")


def kind_of(title: str) -> str:
    """The kind of a document by its title: 《…实施细则（试行）》 is `details`; `other` where no known word ends it."""
    plain = title.strip().strip("《》")
    while _REMARK.search(plain):
        plain = _REMARK.sub("", plain).rstrip()
    found = (kind for ending, kind in KINDS.items() if plain.endswith(ending))
    return next(found, "other")


def level_of(region: str) -> str:
    """The level of a division code: XX0000 a province, XXXX00 a city, XXXXXX a county, longer ones a town."""
    code = region[:6]
    if len(region) > len(code):
        return LEVELS[4]
    return LEVELS[next((level for level in range(3) if code[2 * level :].strip("0") == ""), 3)]
