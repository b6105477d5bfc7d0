"""How a template writes words, money, dates, marks, clauses and codes, so that each looks the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zhida.domain.values import CHINA, capital_words, yuan
from zhida.surfaces.look import codes
from zhida.surfaces.look.language import Text, say, say_html, spoken
from zhida.surfaces.look.parts import Clause
from zhida.surfaces.look.telling import cases as case_words

register = template.Library()
ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
LONG_SUM = 12
MARK_WORDS = {"yes": "符合", "near": "还不知道", "no": "不符合", "stop": "请看"}

register.simple_tag(say_html, name="say")


@register.filter
def own(words: Text | str) -> str | SafeString:
    """Words, marked with their language where it is not the page's; markup stays what it is."""
    if isinstance(words, SafeString):
        return words
    if not isinstance(words, Text) or words.lang == spoken():
        return str(words)
    return format_html('<span lang="{}">{}</span>', "zh-CN" if words.lang == "zh" else words.lang, words.text)


@register.simple_tag
def money(fen: int | None) -> SafeString:
    """An amount in yuan with its unit behind it: `56,887.50 元`."""
    if fen is None:
        return format_html('<span class="quiet">{}</span>', say("金额待算"))
    return format_html('<span class="money">{}<small> {}</small></span>', yuan(fen), say("元"))


@register.simple_tag(name="sum")
def sum_of(fen: int) -> SafeString:
    """The one great amount of a page, large and light."""
    digits = yuan(fen)
    long = " sum--long" if len(digits) > LONG_SUM else ""
    return format_html('<span class="sum{}">{}<small>{}</small></span>', long, digits, say("元"))


@register.filter(name="yuan")
def yuan_of(fen: int) -> str:
    """Digits of an amount, for a table whose head names the unit."""
    return yuan(fen)


@register.filter
def capitals(fen: int) -> str:
    """An amount in capital characters, as on a cheque."""
    return capital_words(fen)


@register.filter
def short(identifier: str) -> str:
    """The end of an id, by which people tell it from others."""
    return case_words.short(identifier)


@register.filter
def thousands(number: int | None) -> str:
    """A count with its thousands apart."""
    return "" if number is None else f"{number:,}"


@register.simple_tag
def figure(number: Any, who: Text | str) -> str | SafeString:
    """A count with the way to what it counts, whose and of what said to those who listen; nothing for none."""
    if not number.href:
        return f"{number.count:,}" if number.count else ""
    told = (number.href, f"{number.count:,}", say("："), own(who), say("，"), number.name)
    return format_html('<a class="tap" href="{}">{}<span class="vh">{}{}{}{}</span></a>', *told)


@register.simple_tag
def mark(kind: str, words: str = "", *, hide: bool = False) -> SafeString:
    """● ◐ ○ ◇ with its word; `hide` leaves the word to those who listen."""
    text = words or say(MARK_WORDS[kind])
    shown = format_html('<span class="vh">{}{}</span>', text, say("：")) if hide else text
    return format_html('<span class="mark mark--{}">{}</span>', kind, shown)


@register.simple_tag
def clause(cited: Clause) -> SafeString:
    """A clause in 〔〕, as a link where the text can be read here. Chinese, on an English page too."""
    lang = mark_safe(' lang="zh-CN"') if spoken() == "en" else ""
    if cited.href:
        return format_html('<a class="clause" href="{}"{}>{}</a>', cited.href, lang, cited.number)
    return format_html('<span class="clause"{}>{}</span>', lang, cited.number)


@register.simple_tag
def doc_no(number: str) -> SafeString:
    """A document's number, in the law's voice."""
    lang = mark_safe(' lang="zh-CN"') if spoken() == "en" else ""
    return format_html('<span class="doc-no"{}>{}</span>', lang, number) if number else mark_safe("")


def _local(moment: datetime | date) -> datetime | date:
    return moment.astimezone(CHINA) if isinstance(moment, datetime) else moment


def _long(day: date) -> str:
    if spoken() == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


@register.simple_tag
def when(moment: datetime | date | None) -> SafeString:
    """A date in prose: 2026年11月20日."""
    if moment is None:
        return mark_safe("")
    local = _local(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat()[:10], _long(local))


@register.filter
def short_date(moment: date) -> str:
    """A date within this year: 11月23日."""
    return f"{moment.day} {ENGLISH_MONTHS[moment.month - 1]}" if spoken() == "en" else f"{moment.month}月{moment.day}日"


@register.filter
def year_month(moment: date) -> str:
    """A month: 2026年11月."""
    if spoken() == "en":
        return f"{ENGLISH_MONTHS[moment.month - 1]} {moment.year}"
    return f"{moment.year}年{moment.month}月"


@register.simple_tag
def day(moment: datetime | date | None) -> SafeString:
    """A date as data: 2026-11-20."""
    if moment is None:
        return mark_safe("")
    return format_html('<time datetime="{0}">{0}</time>', _local(moment).isoformat()[:10])


@register.simple_tag
def stamp(moment: datetime | date | None) -> SafeString:
    """A moment as data: 2026-11-20 14:20, in Asia/Shanghai; a bare date stays one."""
    if moment is None:
        return mark_safe("")
    local = _local(moment)
    if not isinstance(local, datetime):
        return day(local)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), f"{local:%Y-%m-%d %H:%M}")


@register.simple_tag
def clock(moment: datetime) -> SafeString:
    """The time of day: 10:42."""
    local = moment.astimezone(CHINA)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), f"{local:%H:%M}")


@register.simple_tag
def weekday(moment: date) -> str:
    """The day of the week."""
    return say(WEEKDAYS[moment.weekday()])


@register.simple_tag
def qr(text: str, label: str) -> SafeString:
    """A QR code as inline SVG."""
    return codes.qr_svg(text, label)


@register.filter
def iso(moment: datetime | date) -> str:
    """A moment as HTML's datetime attribute wants it."""
    local = _local(moment)
    return local.isoformat(timespec="minutes") if isinstance(local, datetime) else local.isoformat()


@register.simple_tag
def bare(field: BoundField) -> SafeString:
    """A Django form's field without placeholder: its label stands above it, always visible."""
    attributes = {name: value for name, value in field.field.widget.attrs.items() if name != "placeholder"}
    field.field.widget.attrs = attributes
    return field.as_widget(attrs={"class": "" if field.widget_type == "checkbox" else "w-full"})


@register.filter
def at(mapping: Any, key: Any) -> Any:
    """What a mapping holds under a key."""
    return mapping.get(key)


class Part(NamedTuple):
    """Some rows of a long table; those after the first part are folded away."""

    rows: Sequence[Any]
    is_rest: bool


@register.filter
def parted(rows: Sequence[Any], first: int) -> tuple[Part, ...]:
    """A long table as its first rows and the rest; a rest of one is not worth folding."""
    if len(rows) <= first + 1:
        return (Part(rows, is_rest=False),)
    return (Part(rows[:first], is_rest=False), Part(rows[first:], is_rest=True))
