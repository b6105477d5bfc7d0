"""Terms in a text: how many working or calendar days, months or years, for what, counted from what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.characters import NUMERALS, number

_TERM = re.compile(
    rf"(?P<count>\d{{1,3}}|[{NUMERALS}]{{1,4}})\s*(?:个)?\s*(?P<unit>工作日|自然日|日历日|日|天|自然月|月|小时)(?P<within>之?内|以内)?"
    r"(?!\s*(?:均|平均|收入|工资|标准|补贴))"
)
_FROM = re.compile(
    r"自?(?P<event>[^，。；;:,()]{2,30}?)(?:之日|之时|后)起?\s*(?:的)?\s*(?:第)?$|(?P<before>[^，。；;:,()]{2,20})(?:前)$"
)
_ACTS = {
    "publicise": ("公示", "公告期", "公布"),
    "pay": ("拨付", "支付", "发放", "兑付", "到账", "划拨"),
    "accept": ("受理", "形式审查", "初审", "形式审核"),
    "review": (
        "审查",
        "审核",
        "核查",
        "审批",
        "审定",
        "评审",
        "复核",
        "审议",
        "认定",
        "核实",
        "办结",
        "确认",
        "核定",
        "决定",
    ),
    "notify": ("告知", "通知", "反馈", "送达", "出具"),
    "apply": ("申请", "申报", "提交", "提出", "报送", "登记", "备案", "补正"),
}
_TIMED = re.compile(r"内|期|时限|期限|个工作日|之日起|办结|延长|提前|不得超过|不超过")


@dataclass(frozen=True)
class Clock:
    """A term of so many `unit`: working_days, days, months, hours. `act` is publicise, pay, accept, review, notify,
    apply or other; `since` is the event that it is counted from, in the text's words."""

    count: int
    unit: str
    act: str
    since: str
    start: int
    end: int


def clocks_in(text: str) -> list[Clock]:
    """Every term for an act in a text of plain characters, in order; a mere duration is none."""
    found = []
    for match in _TERM.finditer(text):
        count = number(match.group("count"))
        unit = {"工作日": "working_days", "自然月": "months", "月": "months", "小时": "hours"}.get(
            match.group("unit"), "days"
        )
        before, after = _part_before(text, match.start()), _part_after(text, match.end())
        is_date = _is_calendar(text, match)
        if count is None or is_date:
            continue
        act = _act(_FROM.sub("", before), after)
        is_timed = bool(match.group("within")) or unit == "working_days" or bool(_TIMED.search(before + after[:4]))
        if unit == "working_days" or (is_timed and act != "other"):
            found.append(Clock(int(count), unit, act, _event(before), match.start(), match.end()))
    return found


def _is_calendar(text: str, match: re.Match[str]) -> bool:
    """8月 and 8月9日 are dates; 8个月 and 9日内 are terms."""
    if match.group("unit") == "月":
        return "个" not in match.group(0)
    return match.group("unit") == "日" and bool(re.search(r"月\s*$", text[max(0, match.start() - 2) : match.start()]))


def _part_before(text: str, start: int) -> str:
    begin = max(text.rfind(sign, 0, start) for sign in "。；;\n(")
    return text[max(begin + 1, start - 50) : start]


def _part_after(text: str, end: int) -> str:
    stops = [place for place in (text.find(sign, end) for sign in "。；;\n)") if place >= 0]
    return text[end : min([*stops, end + 30])]


def _act(before: str, after: str) -> str:
    """The nearest verb behind the term, else the nearest before it."""
    for part, is_after in ((re.split(r"[，,]", before)[-1], False), (after, True), (before, False)):
        places = [
            (part.find(word) if is_after else -part.rfind(word), name)
            for name, words in _ACTS.items()
            for word in words
            if word in part
        ]
        if places:
            return min(places)[1]
    return "other"


def _event(before: str) -> str:
    found = _FROM.search(before)
    return (found.group("event") or found.group("before")).strip() if found else ""
