"""The head of a document: title, number, issuers, date of issue, and where its own words begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from zhida.domain.packs.proposals import SourceSpan
from zhida.services.structuring.characters import plain
from zhida.services.structuring.days import dates_in
from zhida.services.structuring.document import Document, Paragraph
from zhida.services.structuring.furniture import is_furniture
from zhida.services.structuring.markers import marker_of

_HAN = "\u4e00-\u9fff"
NUMBER = re.compile(
    rf"(?P<code>[{_HAN}]{{1,12}}[〔\[(【]\s*(?P<year>(?:19|20)\d\d)\s*[〕\])】]\s*(?:第\s*)?\d{{1,4}}\s*号)"
    rf"|(?P<order>[{_HAN}]{{2,20}}令\s*(?:第\s*)?[\d〇一二三四五六七八九十百]{{1,4}}\s*号|^第\s*\d{{1,4}}\s*号$)"
)
_TITLE_ENDS = (
    "办法|细则|通知|意见|方案|规定|条例|指南|措施|规则|公告|决定|政策|标准|指引|规程|通告|规划|计划|条款"
    "|若干措施|十条|举措|批复|函"
)
_TITLE = re.compile(rf"(?:{_TITLE_ENDS})(?:\((?:试行|暂行|修订|修正|征求意见稿|\d{{4}}年?修订)[^)]*\))?(?:的通知)?$")
_SHORT_LINE = 20
_BEGINS_TITLE = re.compile("关于|促进|加快|推进|推动|支持|深化|培育|加强|鼓励|扶持|落实|实施|经济|产业|发展$|的$")
_NO_TITLE = re.compile(r"^第[一二三四五六七八九十百]+[章条]|[。：:；;]$")
_ISSUER_END = (
    "人民政府办公厅|人民政府办公室|人民政府|管理委员会办公室|管理委员会|管委会|委员会办公室|委员会|办公厅|办公室"
    "|工作部|统战部|组织部|宣传部"
    "|领导小组|指挥部|联合会|管理局|监督局|保障局|中心|总局|税务局|厅|局|署|部|院|委|银行"
)
_ISSUER = re.compile(
    rf"[{_HAN}()]{{2,28}}?(?:{_ISSUER_END})(?:\([{_HAN}]{{2,16}}\))?(?=$|[\s、,，]|[{_HAN}]{{0,2}}关于)"
)
_ABOUT = re.compile(r"^(?P<who>\S[^《]*?)\s*关于(?:印发|发布|公布|转发|进一步|修订|调整|实施|做好|开展|加强|提高)?")
_ISSUES = re.compile(r"关于印发《?(?P<title>[^》]{5,80}?)》?的通知$")
_LINKED = re.compile(r"《(?P<title>[^》]*关于[^》]{4,80})》(?:政策)?(?:的)?解读")
_ADDRESSEES = re.compile(r"^[^。；]{2,120}[:]$")
_PROMULGATED = re.compile(r"(?P<on>\d{4}年\d{1,2}月\d{1,2}日)\s*印发$")


def is_no_title(words: str) -> bool:
    """Whether these are a clause or a sentence: what a draft bears as its title where the document told none."""
    return _NO_TITLE.search(words) is not None


@dataclass(frozen=True)
class Read:
    """One thing read: its words, its place, how sure in hundredths, and a code of why (see reasons)."""

    text: str
    span: SourceSpan
    confidence: int
    why: str


@dataclass(frozen=True)
class Header:
    """What the head says; None or empty where it does not. `printed_on` is the day of 印发, from which 自印发之日起
    counts. `length` is how many paragraphs stand before the words, `closing` the numbers of those that sign them."""

    title: Read | None
    number: Read | None
    issuers: tuple[Read, ...]
    issued_on: tuple[date, Read] | None
    printed_on: date | None
    length: int
    closing: frozenset[int]


def header_of(document: Document) -> Header:
    """The head of a document, read from what stands before its first number and from its signature."""
    own = [each for each in document.paragraphs if not is_furniture(plain(each.text))]
    first = next((place for place, each in enumerate(own) if _begins(each)), len(own))
    before = own[:first]
    behind = own[first:]
    title = _title(before) or _named_title(document.paragraphs) or _title([each for each in behind if _issues(each)])
    return Header(
        title=title,
        number=_number(own, first),
        issuers=_issuers(before, own, title),
        issued_on=_issued_on(own, first),
        printed_on=_printed_on(own),
        length=_length(before, title),
        closing=frozenset(_closing(behind)),
    )


def _issues(paragraph: Paragraph) -> bool:
    return "关于印发" in paragraph.text


def _begins(paragraph: Paragraph) -> bool:
    marker = marker_of(plain(paragraph.text))
    return marker is not None and marker.kind not in ("attachment", "ordinal")


def _whole(paragraph: Paragraph, confidence: int, why: str) -> Read:
    return Read(paragraph.text.strip(), paragraph.span(0, len(paragraph.text)), confidence, why)


def _title(before: list[Paragraph]) -> Read | None:
    """The last line before the words that ends as titles do; what a notice issues is the document itself."""
    lines = [each for each in before if _is_title(plain(each.text))]
    if not lines:
        return None
    issued = _ISSUES.search(lines[-1].text)
    if len(lines) == 1 and issued:
        start, end = issued.span("title")
        return Read(issued.group("title"), lines[0].span(start, end), 90, "title_line")
    measures = [each for each in lines if not plain(each.text).endswith("通知") and "关于印发" not in each.text]
    best = measures[-1] if measures else max(lines, key=lambda each: len(each.text))
    named = [each for each in before if f"《{best.text.strip()}》" in each.text]
    read = _whole(best, 97 if named or len(lines) == 1 else 90, "title_line")
    above = _first_line(before[: before.index(best)])
    return replace(read, text=above + read.text, confidence=90) if above and not named else read


def _first_line(above: list[Paragraph]) -> str:
    """The line before a title's last one where that title is broken in two, else ""."""
    words = plain(above[-1].text).strip() if above else ""
    is_broken = len(words) <= 24 and bool(_BEGINS_TITLE.search(words)) and not re.search(r"[。；;:，,、\d]", words)
    return words if is_broken and not _is_title(words) and not _is_signature(words) else ""


def _named_title(paragraphs: tuple[Paragraph, ...]) -> Read | None:
    """The title between the marks of a link to a reading of this very document, where a page has lost its own."""
    for paragraph in paragraphs[:12]:
        found = _LINKED.search(paragraph.text) if is_furniture(plain(paragraph.text)) else None
        if found:
            return Read(found.group("title"), paragraph.span(*found.span("title")), 60, "linked_title")
    return None


def _is_title(text: str) -> bool:
    text = text.strip()
    is_sentence = bool(re.search(r"[。；;，]", text)) or text.endswith(("：", ":"))
    return 5 <= len(text) <= 90 and not is_sentence and bool(_TITLE.search(text)) and not text.startswith("《")


def _number(own: list[Paragraph], first: int) -> Read | None:
    """A number on a line of its own, or in the head; one behind a title in brackets is another document's."""
    for place, paragraph in enumerate(own):
        text = plain(paragraph.text)
        found = NUMBER.search(text)
        if found is None or found.group(0).startswith(("年", "月")):
            continue
        is_alone = len(text.strip()) <= len(found.group(0).strip()) + 2
        is_quoted = text[: found.start()].endswith(("》(", "》")) or "《" in text[: found.start()]
        if is_alone or (place < first and not is_quoted and len(text) < 60):
            start = found.start() + len(found.group(0)) - len(found.group(0).lstrip())
            return Read(
                text[start : found.end()], paragraph.span(start, found.end()), 97 if is_alone else 80, "own_line"
            )
    return None


def _issuers(before: list[Paragraph], own: list[Paragraph], title: Read | None) -> tuple[Read, ...]:
    """Whoever signs: lines of nothing but names of offices; else the names before 关于 in the title."""
    signed = [each for each in own if _is_signature(plain(each.text))]
    found = _names(signed, 95, "signature")
    if found:
        return found
    headed = [each for each in [*before, *own] if "关于" in each.text and _is_title(plain(each.text))]
    texts = [(plain(each.text), each, 0) for each in headed]
    if title is not None and title.why == "linked_title":
        texts.append((plain(title.text), Paragraph(title.span.paragraph, "", title.span.page), title.span.start))
    for text, each, offset in texts:
        about = _ABOUT.match(text)
        names = [name for name in _ISSUER.finditer(text) if about and name.end() <= about.end("who") + 2]
        if names:
            return tuple(
                Read(name.group(0), each.span(offset + name.start(), offset + name.end()), 90, "before_about")
                for name in names
            )
    return ()


def _is_signature(text: str) -> bool:
    text = _PROMULGATED.sub("", text.strip()).strip()
    if not 3 <= len(text) <= 80 or re.search(r"[。；;:：,，<>《]", text):
        return False
    names = "".join(match.group(0) for match in _ISSUER.finditer(text))
    return bool(names) and len(re.sub(r"[\s、]", "", text)) <= len(re.sub(r"\s", "", names))


def _names(lines: list[Paragraph], confidence: int, why: str) -> tuple[Read, ...]:
    found: dict[str, Read] = {}
    for line in lines:
        for name in _ISSUER.finditer(plain(line.text)):
            found.setdefault(name.group(0), Read(name.group(0), line.span(name.start(), name.end()), confidence, why))
    whole = [*found]
    return tuple(read for name, read in found.items() if not _is_office_of(name, whole))


def _is_office_of(name: str, names: list[str]) -> bool:
    """A printing office's name is its issuer's with 办公室 or 秘书处 behind it."""
    return any(name != other and name.startswith(other) and name.endswith(("办公室", "秘书处")) for other in names)


def _issued_on(own: list[Paragraph], first: int) -> tuple[date, Read] | None:
    """The date below a signature; else a line that is a date alone; else the day of printing."""
    dated = [(place, each) for place, each in enumerate(own) if _is_date(each)]
    signed = [each for place, each in dated if place and _is_signature(plain(own[place - 1].text))]
    if signed:
        return dates_in(plain(signed[-1].text))[0].day, _whole(signed[-1], 95, "below_signature")
    if dated:
        each = dated[-1][1] if dated[-1][0] > first else dated[0][1]
        return dates_in(plain(each.text))[0].day, _whole(each, 75, "date_alone")
    for each in own:
        printed = _PROMULGATED.search(plain(each.text).strip())
        if printed:
            words = printed.group("on")
            start = plain(each.text).index(words)
            return dates_in(words)[0].day, Read(words, each.span(start, start + len(words)), 60, "printed_on")
    return None


def _printed_on(own: list[Paragraph]) -> date | None:
    found = [_PROMULGATED.search(plain(each.text).strip()) for each in own]
    days = [dates_in(match.group("on"))[0].day for match in found if match and dates_in(match.group("on"))]
    return days[-1] if days else None


def _is_date(paragraph: Paragraph) -> bool:
    text = plain(paragraph.text).strip().strip("()")
    found = dates_in(text) if len(text) <= 16 else []
    return len(found) == 1 and len(found[0].words) >= len(text) - 1


def _closing(behind: list[Paragraph]) -> list[int]:
    """Dates alone, lines of printing, the signatures above them, and what a page adds below: the notice's own title."""
    found: list[int] = []
    is_below = True
    for each in reversed(behind):
        text = plain(each.text).strip()
        is_dated = _is_date(each) or (len(text) < 60 and bool(_PROMULGATED.search(text)))
        if is_dated or (is_below and (_is_signature(text) or (_issues(each) and _is_title(text)))):
            found.append(each.number)
            is_below = True
        else:
            is_below = False
    return found


def _length(before: list[Paragraph], title: Read | None) -> int:
    """How many paragraphs of the document are its head: down to the title, the number and the addressees, and a
    notice's letter where the measure's own title follows it."""
    last, is_open = 0, True
    for each in before:
        text = plain(each.text).strip()
        is_head = _is_title(text) or _is_signature(text) or bool(_ADDRESSEES.match(text) or NUMBER.fullmatch(text))
        is_open = is_head or (is_open and len(text) <= _SHORT_LINE)
        last = each.number if is_open else last
    if title is not None and before and title.span.paragraph <= before[-1].number:
        last = max(last, title.span.paragraph)
    return last
