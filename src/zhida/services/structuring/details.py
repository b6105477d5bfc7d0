"""Further things that clauses say: validity, basis, exclusions, stacking, duties afterwards, contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhida.services.structuring.characters import FIGURE, number
from zhida.services.structuring.header import NUMBER

_BASIS = re.compile(
    r"《(?P<title>[^》]{4,80})》(?:\s*\((?P<number>[^()]{4,40})\))?(?P<clause>第[一二三四五六七八九十百零]+条)?"
)
_EXCLUDES = re.compile(r"不予|不得|不适用|不包括|不纳入|不享受|不再享受|不支付|除外|不属于")
_STOPS = re.compile(r"[，。；;:]")
_AROUND = 40
_STACKING = re.compile(
    r"就高不重复|择高(?:不重复)?|不重复(?:享受|支持|奖励|补助|资助|领取)|不再[^，。；;]{0,12}重复享受|不(?:得|可)(?:重复|同时|叠加)(?:享受|申报|申领|领取)?"
    r"|同一级别只[^，。；;]{0,10}一次|不同级别叠加|叠加(?:享受|配套|奖励)?|仅对最高级别|只(?:能)?享受(?:一次|其中一项)|每人仅可申请一次"
)
_RULES = {
    "highest_only": r"就高|择高|最高级别",
    "stackable": r"(?<!不得)(?<!不可)(?<!不)叠加",
    "first_only": r"不重复|重复享受|不得重复|不可同时|仅可申请一次|一次",
}
_DUTY = re.compile(
    rf"(?P<years>{FIGURE}|[一二三四五六七八九十]{{1,2}})\s*年内[^，。；;]{{0,14}}(?P<duty>不迁[出离][^，。；;]{{0,30}}|不(?:减少|改变|转让|退出)[^，。；;]{{0,30}})"
)
_PHONE = re.compile(
    r"(?<!\d)(?:\(?0\d{2,3}\)?[- ]?)?[2-9]\d{6,7}(?:[-转]\d{1,5})?(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)12345(?!\d)"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"https?://[\w./?=&%#:~-]+|(?<![\w@])www\.[\w./?=&%#:~-]+")
_ADDRESS = re.compile(r"(?:地\s*址)\s*[:]\s*(?P<place>[^，。；;)\n]{4,60})")
_IN_FORCE = re.compile(
    r"(?:自|从)\s*(?P<day>\d{4}年\d{1,2}月\d{1,2}日)\s*起[^，。；;]{0,12}?(?:施行|实施|执行|生效)"
    r"|自(?P<printed>印发|发布|公布|颁布)之日起(?:(?P<after>\d{1,3})日后)?(?:施行|实施|执行|生效)?"
)
_LASTS = re.compile(
    r"(?:(?:有效期|试行期|实施期|执行期|施行期|暂行期)限?\s*(?:暂定)?(?:为|限为)?|(?:有效|试行|施行|执行|实施)?暂定(?:为)?|试行)"
    rf"\s*(?P<years>{FIGURE}|[一二两三四五六七八九十]{{1,2}})\s*(?P<unit>年|个月)(?!内|以内|度)"
)
_DATE = r"(?P<day>\d{4}年\d{1,2}月\d{1,2}日)"
_UNTIL = re.compile(
    rf"(?:(?:有效|执行|实施|施行|试行)期?限?(?:截?至|截?止|到|截止到)|截止(?:至|到)?|截至)\s*{_DATE}"
    rf"|(?:自|从)[^。；;]{{4,24}}起[^。；;]{{0,16}}?(?:至|到)\s*{_DATE.replace('day', 'last')}"
    r"\s*(?:止|有效|终止|失效|废止|[。；;]|$)"
)
_REPEALS = re.compile(r"(?P<what>《[^》]{4,90}》(?:\s*\([^()]{4,40}\))?)[^。]{0,40}同时废止")


@dataclass(frozen=True)
class Detail:
    """One thing said: its kind, what was read of it, and where its words stand, [start, end)."""

    kind: str
    value: dict[str, str | int]
    start: int
    end: int


def details_in(text: str) -> list[Detail]:
    """Exclusions, stacking, duties, contacts and basis in a text of plain characters, in order."""
    found = [*_basis(text), *_restraints(text), *_contacts(text), *_duties(text)]
    return sorted(found, key=lambda each: (each.start, each.kind))


def validity_in(text: str) -> list[Detail]:
    """What a text says of being in force: from when, how long, until when, what it repeals."""
    found = []
    for match in _IN_FORCE.finditer(text):
        value: dict[str, str | int] = {"from": match.group("day") or "", "event": match.group("printed") or ""}
        found.append(
            Detail("in_force", value | {"days_after": int(match.group("after") or 0)}, match.start(), match.end())
        )
    for match in _LASTS.finditer(text):
        count = number(match.group("years"))
        months = int(count * (12 if match.group("unit") == "年" else 1)) if count is not None else 0
        found.append(Detail("lasts", {"months": months}, match.start(), match.end()))
    for match in _UNTIL.finditer(text):
        which = "day" if match.group("day") else "last"
        found.append(Detail("until", {"to": match.group(which)}, match.start(which), match.end(which)))
    for match in _REPEALS.finditer(text):
        found.append(Detail("repeals", {"what": match.group("what")}, match.start("what"), match.end("what")))
    return found


def _basis(text: str) -> list[Detail]:
    found = []
    for match in _BASIS.finditer(text):
        code = match.group("number") or ""
        value: dict[str, str | int] = {"title": match.group("title"), "number": code if NUMBER.search(code) else ""}
        is_based = bool(
            re.search(r"(?:根据|依据|按照|贯彻|落实|依照|、|和|及)\s*$", text[: match.start()][-4:])
        ) or bool(value["number"])
        if is_based:
            found.append(Detail("basis", value | {"clause": match.group("clause") or ""}, match.start(), match.end()))
    return found


def _restraints(text: str) -> list[Detail]:
    found: list[Detail] = []
    for match in _EXCLUDES.finditer(text):
        if not found or match.start() >= found[-1].end:
            start, end = _part_around(text, match.start(), match.end())
            found.append(Detail("exclusion", {"words": text[start:end]}, start, end))
    stacking = []
    for match in _STACKING.finditer(text):
        rule = next((name for name, pattern in _RULES.items() if re.search(pattern, match.group(0))), "first_only")
        stacking.append(Detail("stacking", {"rule": rule}, match.start(), match.end()))
    taken = [(each.start, each.end) for each in stacking]
    found = [each for each in found if not any(start < each.end and each.start < end for start, end in taken)]
    return found + stacking


def _part_around(text: str, start: int, end: int) -> tuple[int, int]:
    """From the stop before a place to the stop behind it, at most 40 characters either way."""
    before = [match.end() for match in _STOPS.finditer(text, max(0, start - _AROUND), start)]
    behind = _STOPS.search(text, end, end + _AROUND)
    begin = before[-1] if before else max(0, start - _AROUND)
    return begin, behind.start() if behind else min(len(text), end + _AROUND)


def _contacts(text: str) -> list[Detail]:
    found = [
        Detail("contact", {"email": match.group(0)}, match.start(), match.end()) for match in _EMAIL.finditer(text)
    ]
    found += [Detail("contact", {"link": match.group(0)}, match.start(), match.end()) for match in _LINK.finditer(text)]
    if re.search(r"电\s*话|热线|咨询|联系|传真|手机", text):
        phones = [
            Detail("contact", {"phone": match.group(0)}, match.start(), match.end()) for match in _PHONE.finditer(text)
        ]
        found += [each for each in phones if not any(one.start <= each.start < one.end for one in found)]
    for match in _ADDRESS.finditer(text):
        found.append(Detail("contact", {"address": match.group("place")}, match.start("place"), match.end("place")))
    return found


def _duties(text: str) -> list[Detail]:
    found = []
    for match in _DUTY.finditer(text):
        years = number(match.group("years"))
        found.append(
            Detail("obligation", {"years": int(years or 0), "duty": match.group("duty")}, match.start(), match.end())
        )
    return found
